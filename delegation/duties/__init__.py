"""One module per duty that binds a decision."""

from __future__ import annotations
