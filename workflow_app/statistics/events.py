"""What the measures are computed from: presentations, returns and reviews, as they were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from workflow_app.statistics.errors import EmptyPeriod

#: The authority's days, also for a meeting that ends after midnight UTC.
ZONE = ZoneInfo("Europe/Stockholm")


class Level(StrEnum):
    """Where a proposal can be returned for preparation (domain 6.3)."""

    FOUR_EYES = "FOUR_EYES"
    AJ = "AJ"
    BCJ = "BCJ"
    CJ = "CJ"
    TL = "TL"
    OLG = "OLG"
    OPS = "OPS"
    DECISION = "DECISION"


class Outcome(StrEnum):
    """What a presentation ended with (domain 6.1)."""

    INFORMED = "INFORMED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    NOT_REACHED = "NOT_REACHED"
    DECIDED = "DECIDED"


#: An item that was withdrawn or not reached was not presented (domain 6.2).
NOT_PRESENTED = frozenset({Outcome.WITHDRAWN, Outcome.NOT_REACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days in the authority's time zone, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise EmptyPeriod(f"the period {self.first} to {self.last} has no days: give an earlier first day")
        if self.first.year == date.min.year or self.last.year == date.max.year:
            # The time zone and the day after need room on either side.
            raise EmptyPeriod(f"the period {self.first} to {self.last} reaches out of the calendar: give nearer days")

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, datetime.min.time(), ZONE)

    @property
    def until(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(self.last + timedelta(days=1), datetime.min.time(), ZONE)

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """A case was taken up at a meeting."""

    case: str
    at: datetime
    outcome: Outcome
    case_type: str
    step: str
    department: str = ""
    presenter: str = ""
    #: The case this one was merged into, if it was.
    merged_into: str = ""

    @property
    def counts_as(self) -> str:
        return self.merged_into or self.case

    @property
    def day(self) -> date:
        return self.at.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A proposal was reviewed, presented or decided at a level; perhaps it was returned for preparation there."""

    case: str
    at: datetime
    level: Level
    case_type: str
    step: str
    returned: bool = False
    reason_primary: str = ""

    @property
    def month(self) -> str:
        return f"{self.at.astimezone(ZONE):%Y-%m}"
