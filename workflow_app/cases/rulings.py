"""Rulings on conflict of interest, to be searched so that like cases are ruled alike (R-07).

A ruling is found by what it was about, never by whom: the person is a role here. Why it was ruled so is shown to those
who must assess such circumstances themselves, and each such reading is in the ledger.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from delegation import access
from delegation.access import View
from workflow_app.cases import conflict_reasons, reading
from workflow_app.cases.models import ConflictDeclaration, SealedReasons
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

#: The newest are shown; more are found by asking for less.
MOST = 100
RULED = (ConflictDeclaration.Kind.RULED_CONFLICT, ConflictDeclaration.Kind.RULED_CLEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A ruling without names, and its reasons for those who may read them."""

    at: datetime
    case_type: str
    #: The role of the person it concerned, and of the one who ruled.
    role: str
    ruler_role: str
    kind: str
    ground: str
    #: True when the person alone could rule (FL 18 § third paragraph).
    nobody_else: bool
    reasons: str | None
    #: Number and id of the case, where the reader may know of it.
    case_number: str | None
    case_id: uuid.UUID | None


def may_search(person: uuid.UUID, at: datetime) -> bool:
    """Tell whether a person assesses circumstances in any case type, and so may search rulings (R-07)."""
    return access.may_search_rulings(organisation.actor_at(person, at), orders.order_in_force(at))


def search(
    person: uuid.UUID,
    at: datetime,
    *,
    case_type: str = "",
    ground: str = "",
    kind: str = "",
    role: str = "",
    words: str = "",
) -> list[Ruling]:
    """Return the newest rulings; ``words`` are sought in the reasons that the person may read, and nowhere else."""
    actor = organisation.actor_at(person, at)
    rows = ConflictDeclaration.objects.filter(kind__in=RULED).select_related("case", "decision__act_record")
    for name, value in (("case__case_type", case_type), ("ground", ground), ("kind", kind), ("role", role)):
        if value:
            rows = rows.filter(**{name: value})
    shown = list(rows.order_by("-at", "id")[: MOST if not words else None])
    cases = {row.case_id: row.case for row in shown}
    open_to = {case_id for case_id, case in cases.items() if conflict_reasons.may_read(actor, case, at)}
    texts = _texts(open_to)
    if words:
        sought = words.casefold().split()
        said = {row.pk: texts.get((row.case_id, row.at), "").casefold() for row in shown}
        shown = [row for row in shown if all(word in said[row.pk] for word in sought)][:MOST]
    read = {row.case_id for row in shown if (row.case_id, row.at) in texts}
    if read:
        conflict_reasons.remember(sorted(read), person, at)
    views = reading.Reader(person, at, actor=actor).views(list(dict.fromkeys(row.case for row in shown)))
    known = {case_id for case_id, view in views.items() if view is not View.NOTHING}
    return [
        Ruling(
            at=row.at,
            case_type=row.case.case_type,
            role=row.role,
            ruler_role=row.decision.act_record.role if row.decision else "",
            kind=row.kind,
            ground=row.ground,
            nobody_else=row.nobody_else,
            reasons=texts.get((row.case_id, row.at)),
            case_number=row.case.case_number if row.case_id in known else None,
            case_id=row.case_id if row.case_id in known else None,
        )
        for row in shown
    ]


def _texts(cases: set[uuid.UUID]) -> dict[tuple[uuid.UUID, datetime], str]:
    """Return the reasons of rulings by case and moment."""
    rows = SealedReasons.objects.filter(case__in=cases, kind=SealedReasons.Kind.RULING)
    return {(row.case_id, row.at): row.text for row in rows}
