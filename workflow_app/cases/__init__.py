"""Cases and the one way to change them.

``commands`` is the runner every change passes; ``services`` holds the verbs; ``facts`` turns rows into what the
net and ``delegation`` may read; ``selectors`` read for the interfaces. May import enforcement, engine, orders and
the rooms below. Start in ``commands``.
"""

from __future__ import annotations
