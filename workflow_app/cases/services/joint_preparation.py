"""Close a place in a joint preparation that nobody has answered in time: found unheard, never taken for agreement."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from delegation.types import Act, Answer, DecisionRequest, Verdict
from workflow_app.cases import commands, reading
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import NotAuthorised, NotOpen, TooEarly
from workflow_app.cases.models import WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.enforcement import services as enforcement
from workflow_app.ledger.events import EventKind

#: Who finds that a participant has not been heard: a head of the case type, never the one whose proposal it is.
HEADS: Final = "EC_N AC_N"


def verdict(turn: Turn) -> tuple[Verdict, DecisionRequest]:
    """Return the order's answer to the turn's person closing the place that the work item is (R-31)."""
    request = turn.request(Act.HANDLE, role=HEADS)
    return enforcement.verdict(request, order=turn.order), request


def is_overdue(item: WorkItem, at: datetime) -> bool:
    """Tell whether a participant's time to answer has passed."""
    return item.act == Act.ANSWER.value and item.due_at is not None and item.due_at <= at


def note_unheard(*, item: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Record that a participant was not heard in time; it is no agreement, and somebody must have been (R-32).

    Raises ``NotOpen``, ``TooEarly`` before the time to answer has passed, and ``NotAuthorised`` (recorded) for the
    proposer (R-31) and for whoever heads nobody.
    """

    def verb(turn: Turn) -> None:
        row = turn.item
        if row is None or row.state not in reading.OPEN or row.act != Act.ANSWER.value:
            raise NotOpen("there is no open answer in a joint preparation to close")
        if not is_overdue(row, turn.at):
            raise TooEarly("the participant still has time to answer")
        answer, request = verdict(turn)
        if answer.permit is None:
            raise NotAuthorised(answer, request)
        turn.record(
            answer.permit,
            act=Act.ANSWER,
            proposal_hash=turn.proposal_hash or "",
            answer=Answer.NOT_HEARD.value,
            joint_code=row.joint_code,
            participant=row.participant,
        )
        turn.batch.update(WorkItem, {"pk": row.pk}, {"state": WorkItem.State.WITHDRAWN, "revision": row.revision + 1})
        turn.name(
            EventKind.JOINT_PREPARATION_ANSWERED,
            node=row.node,
            answer=Answer.NOT_HEARD.value,
            joint_code=row.joint_code,
            participant=row.participant,
            proposal=turn.proposal_hash,
        )
        if not row.is_added:
            turn.complete(row.token)

    return commands.run(Command(key=key, person=by, at=at, item=item), verb)
