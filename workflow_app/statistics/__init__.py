"""What the ledger's acts add up to: how often cases are returned for more preparation, where and why.

``measures`` computes (pure functions over events), ``definitions`` says in words what each figure means, ``selectors``
reads the acts and puts both together. Reads only; may use ``cases`` and the rooms below. Start in ``measures``.
"""

from __future__ import annotations
