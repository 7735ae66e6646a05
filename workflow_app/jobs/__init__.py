"""Background work: takes due jobs from the outbox and does them.

``runner`` is the function, ``handlers`` says what each kind of job means, and two drivers call it: ``embedded`` (a
thread in the web process) and ``tasks`` (Celery). The job table is the truth; a lost or doubled message is harmless.
May use the services and selectors of any room below; never a table. Start reading in ``runner``.
"""

from __future__ import annotations
