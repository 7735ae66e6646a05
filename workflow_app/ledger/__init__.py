"""What happened: an append-only ledger with one hash chain per case, written in each command's transaction.

The ledger is not the log: it keeps business events (who, what, when, by which row) for good. Other rooms reach
it through ``services``, ``selectors`` and ``chain``. Entries carry ids and codes, never free text or names.
"""

from __future__ import annotations
