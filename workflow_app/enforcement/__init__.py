"""The policy enforcement point: one question to ``delegation`` under the order in force, answered or refused.

Imports ``orders``, ``organisation`` and ``delegation``. Start in ``services``; ``explanation`` puts a verdict in words;
``catalogue`` says of every rule (``rules.toml``) where it is enforced and what tries to get round it.
"""

from __future__ import annotations
