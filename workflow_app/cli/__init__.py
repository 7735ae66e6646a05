"""Beredd's commands. Each is one call into a service or selector; output meant for scripts is JSON and stable."""

from __future__ import annotations
