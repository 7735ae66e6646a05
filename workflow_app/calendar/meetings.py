"""When operative cooperation (OPS) meets: one fixed weekday, with an agenda that closes the working day before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from workflow_app.calendar.working_days import CLOSING_TIME, STOCKHOLM, add_working_days, is_working_day

#: Tuesday, so that what OPS has seen can reach the director-general's Wednesday.
OPS_WEEKDAY = 1
OPENING_TIME = time(8, 0)
#: A case of special weight is shared this many working days before it is presented (R-34).
NOTICE_DAYS = 2


def agenda_closes(meeting: date) -> datetime:
    """Return when the agenda of a meeting closes: at closing time on the working day before."""
    day = meeting - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, CLOSING_TIME, tzinfo=STOCKHOLM)


def next_ops(at: datetime, *, shared_on: date | None = None) -> datetime:
    """Return when the first meeting opens whose agenda still takes a case at ``at``.

    A week whose Tuesday is a day off has no meeting. ``shared_on`` is the day the basis of a case of special weight
    was shared.
    """
    earliest = add_working_days(shared_on, NOTICE_DAYS) if shared_on else at.astimezone(STOCKHOLM).date()
    day = at.astimezone(STOCKHOLM).date()
    while day.weekday() != OPS_WEEKDAY or not is_working_day(day) or day < earliest or agenda_closes(day) <= at:
        day += timedelta(days=1)
    return datetime.combine(day, OPENING_TIME, tzinfo=STOCKHOLM)
