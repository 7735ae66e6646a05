"""Work that must happen after a commit or at a later moment: the ``job`` table is the truth, drivers only wake it.

A job is written in the transaction of the command that asks for it. Its handler is one idempotent transaction.
"""

from __future__ import annotations
