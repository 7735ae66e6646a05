"""Who is to do what: proposals of inspectors for a year's homes, made by a solver and explained.

A proposal gives no right: the order is asked again when a team is assigned, as ever. ``rotation_plan`` and ``solving``
are pure; ``selectors`` turns rows into a problem. May import cases and the rooms below. Start in ``services``.
"""

from __future__ import annotations
