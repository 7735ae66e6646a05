"""Tell a provider's other cases what a permit case or a supervision case means to them. Run by jobs (JB-4)."""

from __future__ import annotations

import uuid
from datetime import datetime

from workflow_app.cases import commands, cross_checks
from workflow_app.cases.commands import Command
from workflow_app.cases.errors import Closed, NotOpen
from workflow_app.cases.models import Case
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind


def spread(*, case: uuid.UUID, key: str, at: datetime) -> int:
    """Check every other open case of the provider anew; return how many learned something."""
    about = Case.objects.only("case_type", "provider_id").get(pk=case)
    if about.case_type not in cross_checks.CONCERNED or about.provider_id is None:
        return 0
    others = Case.objects.filter(
        provider_id=about.provider_id, state=Case.State.OPEN, case_type__in=cross_checks.CONCERNED
    ).exclude(pk=case)
    told = 0

    def verb(turn: Turn) -> None:
        if not cross_checks.check(turn):
            raise NotOpen("the case knows it already")
        turn.name(
            EventKind.CROSS_CHECKED,
            open_permit_case=bool(turn.facts.values["open_permit_case"]),
            open_serious_supervision=bool(turn.facts.values["open_serious_supervision"]),
        )

    for other in others.order_by("case_number").values_list("pk", flat=True):
        try:
            told += not commands.run(Command(key=f"{key}:{other}", person=None, at=at, case=other), verb).replayed
        except (NotOpen, Closed):
            continue
    return told
