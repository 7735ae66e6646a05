"""The proofs. Paths mirror the code's; names are sentences; people are roles."""

from __future__ import annotations
