"""What leaves the authority on paper: letters set from templates of the case's own process version, kept and sent.

``cases`` asks for a letter and freezes its facts; ``data`` turns them into words, ``rendering`` into a PDF, and
``services`` keeps and sends it. May import cases and the rooms below. Start in ``services``.
"""

from __future__ import annotations
