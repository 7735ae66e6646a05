"""Who is who: persons, line posts, appointments, substitutes and absences, all in half-open periods.

Two structures that never mix: the *line* (department, unit, post) gives employment and absence; the
*appointment* per case type gives decision rights (domain 2.1). Imports ``delegation`` only. Start in ``models``.
"""

from __future__ import annotations
