"""Bring what a new case says of a unit to the open plans about it. Run by jobs; nothing is decided (S-73)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from workflow_app.cases import commands, plans
from workflow_app.cases.commands import Command
from workflow_app.cases.errors import Closed, NotOpen
from workflow_app.cases.models import Case, CaseLink, LinkKind
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind


def bring(*, case: uuid.UUID, at: datetime) -> int:
    """Have each open plan about the unit of a case reassessed, once; return how many were told of it."""
    source = Case.objects.get(pk=case)
    if source.unit_id is None:
        return 0
    told = 0
    for plan in plans.open_about(source):
        try:
            told += _tell(source, plan, at)
        except (NotOpen, Closed):
            # No plan is followed up there: not yet, or no more.
            continue
    return told


@transaction.atomic
def _tell(source: Case, plan: Case, at: datetime) -> bool:
    def inform(turn: Turn) -> None:
        found = next(plans.awaiting(turn.case), None)
        if found is None:
            raise NotOpen("the case follows up no plan")
        turn.batch.insert(CaseLink(from_case=source, to_case=plan, kind=LinkKind.INFORMATION, at=at))
        turn.interrupt(*found)
        turn.name(EventKind.CASE_LINKED, link=LinkKind.INFORMATION.value, source=str(source.pk))

    def note(turn: Turn) -> None:
        turn.name(EventKind.CASE_LINKED, link=LinkKind.INFORMATION.value, to=str(plan.pk))

    informed = Command(key=f"informed:{source.pk}:{plan.pk}", person=None, at=at, case=plan.pk)
    noted = Command(key=f"informs:{source.pk}:{plan.pk}", person=None, at=at, case=source.pk, also_closed=True)
    replayed = commands.run(informed, inform).replayed
    return not (replayed | commands.run(noted, note).replayed)
