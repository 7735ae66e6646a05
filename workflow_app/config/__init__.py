"""Settings, addresses and process entry points: the only room that may know every other."""

from __future__ import annotations
