"""Quarters of the year, in Swedish time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflow_app.calendar.working_days import STOCKHOLM


def begins(at: datetime) -> datetime:
    """Return when the quarter that ``at`` lies in began."""
    here = at.astimezone(STOCKHOLM)
    return datetime(here.year, 3 * ((here.month - 1) // 3) + 1, 1, tzinfo=STOCKHOLM)


def follows(at: datetime) -> datetime:
    """Return when the quarter after the one that ``at`` lies in begins."""
    first = begins(at)
    return first.replace(month=first.month + 3) if first.month < 10 else first.replace(year=first.year + 1, month=1)


def ends(since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the moments in ``(since, until]`` at which a quarter ends, and ``until`` itself last."""
    moment = follows(since)
    while moment < until:
        yield moment
        moment = follows(moment)
    yield until
