"""The wall around a case with an actor flag: only those who need to know learn that it exists (JB-7, R-75)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from delegation.access import WALL_KEEPERS, WALL_PARTICIPANTS
from workflow_app.cases.errors import Walled
from workflow_app.cases.models import Case, CaseAct, NeedToKnow, WorkItem
from workflow_app.organisation import selectors as organisation

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The fact that raises the wall, whoever states it and in whatever form.
FLAG = "actor_flag"


def needs_to_know(case: Case, person: uuid.UUID | str) -> bool:
    """Tell whether a person is on the need-to-know list of a case."""
    return NeedToKnow.objects.filter(case=case, person_id=person, ended_at__isnull=True).exists()


def require(case: Case, person: uuid.UUID | str) -> None:
    """Keep whoever does not need to know from every command in a walled case (R-75). Raises ``Walled``."""
    if case.walled_at is not None and not needs_to_know(case, person):
        raise Walled("there is no such case, or you hold no grant that opens it; ask the head of its case type")


def keeper_for(case: uuid.UUID, person: uuid.UUID, at: datetime) -> uuid.UUID | None:
    """Return who can let a person know of a walled case; ``None`` where no wall keeps the person out."""
    if not Case.objects.filter(pk=case, walled_at__isnull=False).exists():
        return None
    knowing = set(NeedToKnow.objects.filter(case=case, ended_at__isnull=True).values_list("person_id", flat=True))
    if person in knowing:
        return None
    keepers = (keeper.pk for keeper, _actor in organisation.actors(sorted(WALL_KEEPERS), None, at))
    return next((keeper for keeper in keepers if keeper in knowing), None)


def raise_if_flagged(turn: Turn) -> None:
    """Raise the wall once the case says that an actor is flagged; no form can take it down again (R-75)."""
    if turn.facts.values.get(FLAG) is True and turn.case.walled_at is None:
        _put_up(turn)


def _put_up(turn: Turn) -> None:
    """Wall the case. Those who take part need to know, and those who are heard when an actor is flagged (JB-7)."""
    case = turn.case
    persons = set(CaseAct.objects.filter(case=case).values_list("person_id", flat=True))
    held = WorkItem.objects.filter(case=case, state=WorkItem.State.CLAIMED, claimed_by__isnull=False)
    persons.update(person for person in held.values_list("claimed_by_id", flat=True) if person)
    persons.update({case.opened_by_id} if case.opened_by_id else ())
    persons.update({uuid.UUID(turn.person)} if turn.actor else ())
    for role in WALL_PARTICIPANTS:
        pool = "TIL" if role == "AC_T" else case.case_type
        persons.update(person.pk for person, _actor in organisation.actors([role], pool, turn.at))
    persons -= set(NeedToKnow.objects.filter(case=case, ended_at__isnull=True).values_list("person_id", flat=True))
    turn.batch.insert(*(NeedToKnow(case=case, person_id=person, at=turn.at) for person in sorted(persons)))
    turn.change(walled_at=turn.at)
