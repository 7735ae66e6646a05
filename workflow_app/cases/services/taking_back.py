"""Take work back from whoever can no longer do it: a right has ended, or the person is away (R-28, R-56).

Run by jobs. Nobody decides anything here and no permit is asked: what is taken is offered again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from delegation import authorizer
from workflow_app.cases import commands, rerouting
from workflow_app.cases.commands import Command
from workflow_app.cases.errors import Closed, NotOpen, OrderUnclear
from workflow_app.cases.models import Case, WorkItem
from workflow_app.cases.services.notifying import ABSENCE, GRANT_ENDED
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation


def after_grant(*, grant: uuid.UUID, key: str, at: datetime) -> int:
    """Take back what the holder of an ended grant has taken and no other grant reaches; return in how many cases.

    A grant that is in force changes nothing, and neither does a job that is done twice (R-28).
    """
    row = organisation.grant(grant)
    if row is None or row.valid_to is None or row.valid_to > at:
        return 0

    def out_of_reach(turn: Turn, item: WorkItem) -> bool:
        asked = rerouting.question(turn, item, organisation.actor_at(row.person_id, at))
        return bool(authorizer.out_of_reach(asked, turn.order))

    return _take_back(row.person_id, out_of_reach, reason=GRANT_ENDED, about=str(grant), key=key, at=at)


def when_absent(*, absence: int, key: str, at: datetime) -> int:
    """Give the work of an absent person without a substitute to others; return in how many cases (R-56).

    With a substitute everything stays where it is: the substitute sees it and takes over what must not wait.
    """
    row = organisation.absence(absence)
    if row is None or not row.valid_from <= at < row.valid_to or organisation.substitutes_of(row.person_id, at):
        return 0
    return _take_back(row.person_id, lambda _turn, _item: True, reason=ABSENCE, about=str(absence), key=key, at=at)


def _take_back(
    person: uuid.UUID,
    lost: Callable[[Turn, WorkItem], bool],
    *,
    reason: str,
    about: str,
    key: str,
    at: datetime,
) -> int:
    held = WorkItem.objects.filter(
        state=WorkItem.State.CLAIMED, claimed_by=person, case__state=Case.State.OPEN
    ).order_by("case_id")

    def verb(turn: Turn) -> None:
        taken = [item for item in rerouting.held_by(turn, person) if lost(turn, item)]
        if not taken:
            raise NotOpen("the person holds nothing in the case that is to be taken back")
        roles = {role for item in taken for role in rerouting.offer_again(turn, item, but={str(person)})}
        turn.name(
            EventKind.WORK_TAKEN_BACK,
            holder=str(person),
            items=[str(item.pk) for item in taken],
            reason=reason,
            about=about,
            roles=sorted(roles),
        )

    cases, unclear = 0, None
    for case in list(dict.fromkeys(held.values_list("case_id", flat=True))):
        try:
            commands.run(Command(key=f"{key}:{case}", person=None, at=at, case=case), verb)
        except (NotOpen, Closed):
            # Done or given back meanwhile, or another grant reaches it: that is the answer.
            continue
        except OrderUnclear as error:
            # The others need not wait for a case whose row cannot be told; the job is tried again for it.
            unclear = error
            continue
        cases += 1
    if unclear is not None:
        raise unclear
    return cases
