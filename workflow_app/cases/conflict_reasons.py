"""What a circumstance is, what a jurist thinks of it and why it was ruled so: sealed, read by those who must assess it.

No fact, form, act or decision of the case holds these words; they stand in ``SealedReasons`` alone. Each reading is in
the ledger.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from delegation import access
from delegation.errors import DelegationError
from delegation.types import Actor
from workflow_app.cases import facts as case_facts
from workflow_app.cases import reading, typed_json
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, SealedReasons
from workflow_app.ledger import services as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: What stands in the record instead of the reasons; data in Swedish as all that stands in a case.
SEALED = "Skälen är förseglade: de läses av den som prövar jäv."
_CIRCUMSTANCE = {"conflict_circumstance": SealedReasons.Kind.CIRCUMSTANCE}
_ASSESSING = {
    "opinion": SealedReasons.Kind.OPINION,
    "comment": SealedReasons.Kind.OPINION,
    "reasons": SealedReasons.Kind.RULING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Some sealed words, for somebody who may read them."""

    kind: str
    person_name: str
    role: str
    at: datetime
    text: str


def seal(turn: Turn, values: Mapping[str, Any], *, assessing: bool) -> dict[str, Any]:
    """Return a form without the words about a circumstance; they are sealed.

    ``assessing`` says that the step advises or rules on one: then its reasons are such words too.
    """
    names = {**_CIRCUMSTANCE, **(_ASSESSING if assessing else {})}
    for name in names.keys() & values.keys():
        if str(values[name] or "").strip():
            keep(turn, names[name], str(values[name]))
    return {name: value for name, value in values.items() if name not in names}


def keep(turn: Turn, kind: str, text: str) -> SealedReasons:
    """Seal some words of the turn's person."""
    row = SealedReasons(
        case=turn.case,
        kind=kind,
        text=text,
        by_id=uuid.UUID(turn.person),
        role=turn.highest_role or "",
        at=turn.at,
    )
    turn.batch.insert(row)
    return row


def may_read(actor: Actor, case: Case, at: datetime) -> bool:
    """Tell whether a person may read why circumstances in a case were ruled on as they were (R-07)."""
    order = orders.order_in_force(at)
    try:
        row = case_facts.requirements(order, case, typed_json.loads(case.facts), reading.RULING)
    except DelegationError:
        # Without one row that covers the ruling nobody is pointed out to assess it.
        return False
    disqualified = actor.person in Standing.loads(case.standing).disqualified
    return access.may_read_reasons(actor, order, row, case_type=case.case_type, disqualified=disqualified)


def read(case: Case, person: uuid.UUID, at: datetime) -> tuple[Sealed, ...] | None:
    """Return the sealed words of a case, oldest first, once the reading is on record (R-78); ``None`` for others."""
    if not may_read(organisation.actor_at(person, at), case, at):
        return None
    rows = list(SealedReasons.objects.filter(case=case).order_by("at", "id"))
    if rows:
        remember([case.pk], person, at)
    names = organisation.names(row.by_id for row in rows)
    return tuple(
        Sealed(kind=row.kind, person_name=names[str(row.by_id)], role=row.role, at=row.at, text=row.text)
        for row in rows
    )


def remember(cases: Iterable[uuid.UUID], person: uuid.UUID, at: datetime) -> None:
    """Keep in the ledger that somebody has read sealed reasons."""
    ledger.record(
        stream=reading.STREAM,
        kind=EventKind.REASONS_READ,
        at=at,
        person=str(person),
        command=f"read:{uuid.uuid4()}",
        data={"cases": [str(case) for case in cases]},
    )
