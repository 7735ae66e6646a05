"""The verbs of a case: ``opening``, ``work`` (claim, release, hand over, complete), ``proposing``, ``dissenting``,
``conflicts``, ``timers`` and ``notifying``. Each is one command through ``cases.commands``.
"""

from __future__ import annotations
