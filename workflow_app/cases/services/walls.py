"""Wall a case, say who needs to know of it, and take the wall down (JB-7, R-75)."""

from __future__ import annotations

import uuid
from datetime import datetime

from delegation import access
from delegation.access import View
from workflow_app.cases import commands, reading, walls
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import WallRefused
from workflow_app.cases.models import NeedToKnow, WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind


def put_up(*, case: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Wall a case: any reader of its content may, since it only takes sight away. Raises ``WallRefused``."""

    def verb(turn: Turn) -> None:
        if turn.case.walled_at is not None:
            raise WallRefused("the case is walled already")
        if turn.actor is None or reading.view(turn.actor, turn.case, at) is not View.CONTENT:
            raise WallRefused("only those to whom the content of a case is open may wall it")
        # The fact raises the wall, here as in a form: see ``walls.raise_if_flagged``.
        turn.facts.take({walls.FLAG: True})
        turn.name(EventKind.CASE_WALLED)

    return _run(Command(key=key, person=by, at=at, case=case, also_closed=True), verb)


def let_know(*, case: uuid.UUID, person: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Put a person on the need-to-know list. Raises ``WallRefused`` for anybody but a keeper who is on it."""

    def verb(turn: Turn) -> None:
        _require_keeper(turn)
        if walls.needs_to_know(turn.case, person):
            raise WallRefused("the person is on the need-to-know list already")
        turn.batch.insert(NeedToKnow(case=turn.case, person_id=person, at=at))
        turn.name(EventKind.WALL_CHANGED, added=str(person))

    return _run(Command(key=key, person=by, at=at, case=case, also_closed=True), verb)


def keep_out(*, case: uuid.UUID, person: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Take a person off the need-to-know list; work the person has taken goes back. Raises ``WallRefused``."""

    def verb(turn: Turn) -> None:
        _require_keeper(turn)
        if person == by:
            raise WallRefused("a keeper of the list cannot leave it by themselves; ask another keeper")
        if not walls.needs_to_know(turn.case, person):
            raise WallRefused("the person is not on the need-to-know list")
        listed = {"case_id": turn.case.pk, "person_id": person, "ended_at__isnull": True}
        turn.batch.update(NeedToKnow, listed, {"ended_at": at})
        turn.batch.update(
            WorkItem,
            {"case_id": turn.case.pk, "state": WorkItem.State.CLAIMED, "claimed_by_id": person},
            {"state": WorkItem.State.OFFERED, "claimed_by_id": None, "claimed_at": None},
        )
        turn.name(EventKind.WALL_CHANGED, removed=str(person))

    return _run(Command(key=key, person=by, at=at, case=case, also_closed=True), verb)


def take_down(*, case: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Take the wall down; the case no longer says that an actor is flagged. Raises ``WallRefused``."""

    def verb(turn: Turn) -> None:
        _require_keeper(turn)
        turn.facts.take({walls.FLAG: False})
        turn.change(walled_at=None)
        turn.batch.update(NeedToKnow, {"case_id": turn.case.pk, "ended_at__isnull": True}, {"ended_at": at})
        turn.name(EventKind.WALL_LIFTED)

    return _run(Command(key=key, person=by, at=at, case=case, also_closed=True), verb)


def _require_keeper(turn: Turn) -> None:
    if turn.case.walled_at is None:
        raise WallRefused("the case is not walled")
    if turn.actor is None or not access.may_keep_wall(turn.actor, reading.stand(turn.actor, turn.case, turn.at)):
        raise WallRefused("only a deputy chief jurist, the chief jurist or GD on the list keeps it")


def _run(command: Command, verb: commands.Verb) -> Outcome:
    try:
        return commands.run(command, verb)
    except WallRefused:
        reading.refused(command, what="wall")
        raise
