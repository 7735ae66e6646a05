"""The shape of the house, held by tests."""

from __future__ import annotations
