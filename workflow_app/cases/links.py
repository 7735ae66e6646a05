"""Read how cases belong together: of a case that a person may not read, its number; of a walled one, nothing (R-75)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from delegation.access import View
from workflow_app.cases import reading
from workflow_app.cases.models import Case, CaseLink, HandOver


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One link of a case, as seen by a person."""

    kind: str
    #: True when the case that is shown is the origin of the other.
    outward: bool
    case_number: str
    at: datetime
    #: The other case, when the person may know of it.
    case: Case | None
    #: Empty unless its content is open to the person (R-73).
    title: str

    @property
    def code(self) -> str:
        """The link as seen from the case that is shown."""
        return f"{self.kind}_{'OUT' if self.outward else 'IN'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The cases that belong to a case."""

    rows: tuple[LinkRow, ...]
    #: How many cases have been asked for and are not open yet.
    awaited: int
    #: The case that opened this one, by number; ``None`` when a person or the calendar did.
    source: str | None


def links(case: Case, person: uuid.UUID, at: datetime) -> Links:
    """Return the cases that belong to a case, oldest first."""
    found = CaseLink.objects.filter(Q(from_case=case) | Q(to_case=case)).select_related(
        "from_case__proposal", "to_case__proposal"
    )
    found = found.filter(reading.outside_walls(person, "from_case__"), reading.outside_walls(person, "to_case__"))
    shown = list(found.order_by("at", "to_case__case_number"))
    others = {link.pk: link.to_case if link.from_case_id == case.pk else link.from_case for link in shown}
    views = reading.Reader(person, at).views(others.values())
    rows = []
    source = None
    for link in shown:
        outward = link.from_case_id == case.pk
        other = others[link.pk]
        if link.hand_over_id and not outward:
            source = other.case_number
        rows.append(
            LinkRow(
                kind=link.kind,
                outward=outward,
                case_number=other.case_number,
                at=link.at,
                case=other if views[other.pk] is not View.NOTHING else None,
                title=other.title if views[other.pk] is View.CONTENT else "",
            )
        )
    awaited = HandOver.objects.filter(from_case=case, link__isnull=True).count()
    return Links(rows=tuple(rows), awaited=awaited, source=source)
