"""The policy enforcement point: one question to ``delegation`` under the order in force, answered or refused.

Imports ``orders``, ``organisation`` and ``delegation``. Start in ``services``; ``explanation`` puts a verdict in words.
"""

from __future__ import annotations
