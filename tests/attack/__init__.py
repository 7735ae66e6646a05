"""Attempts to get round the rules. Each test is one door that somebody might try, and what stands behind it."""

from __future__ import annotations
