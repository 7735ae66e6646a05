"""One module per kind of page. A view reads a request, makes one call into a room below, and draws the answer."""

from __future__ import annotations
