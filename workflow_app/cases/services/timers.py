"""Let the moment come: fire timers that are due. A timer decides nothing and needs no permit."""

from __future__ import annotations

import uuid
from datetime import datetime

from workflow_app.cases import commands
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import NotOpen
from workflow_app.cases.models import Case, Timer
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind


def fire(*, timer: uuid.UUID, at: datetime) -> Outcome:
    """Fire one timer that is due. Raises ``NotOpen`` when it has fired, was cancelled or is not due yet."""
    row = Timer.objects.get(pk=timer)

    def verb(turn: Turn) -> None:
        locked = Timer.objects.get(pk=timer)
        if locked.fired_at or locked.cancelled_at or locked.due_at > at:
            raise NotOpen("the timer has fired, was cancelled or is not due")
        turn.fire(locked)
        turn.name(EventKind.TIMER_FIRED, token=locked.token, boundary=locked.boundary, due_at=locked.due_at.isoformat())

    return commands.run(Command(key=f"timer:{timer}", person=None, at=at, case=row.case_id), verb)


def due(at: datetime, *, case: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Return the timers that are due in open cases, or in one of them, oldest first."""
    rows = Timer.objects.filter(
        due_at__lte=at, fired_at__isnull=True, cancelled_at__isnull=True, case__state=Case.State.OPEN
    )
    if case is not None:
        rows = rows.filter(case=case)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True))


def fire_due(*, at: datetime, case: uuid.UUID | None = None) -> int:
    """Fire every timer that is due, or those of one case, and return how many fired."""
    fired = 0
    for timer in due(at, case=case):
        try:
            fire(timer=timer, at=at)
        except NotOpen:
            # Firing an earlier one in the same case cancelled this one; that is its answer.
            continue
        fired += 1
    return fired
