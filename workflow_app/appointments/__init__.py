"""Appointing: give and revoke rights, register absences and name substitutes, each with its entry in the ledger.

Who may is asked of ``delegation`` under the order in force; ``organisation`` keeps the rows. Stands beside
``enforcement``, above ``orders``, ``organisation`` and ``ledger``. What becomes of the work is a job's. Start in
``services``.
"""

from __future__ import annotations
