"""What the ledger refuses."""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """the ledger refused"""

    code: ClassVar[str] = "LEDGER"


class AppendOnly(LedgerError):
    """the ledger is append-only"""

    code = "APPEND_ONLY"
