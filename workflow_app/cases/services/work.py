"""Take work, give it back, pass it on, and do it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from delegation import standing_in
from delegation.types import Act, Bar
from workflow_app.cases import acts, commands, conflict_signs, filling, forms, sealing, staffing
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import (
    AlreadyClaimed,
    DeclarationMissing,
    LeavesNobody,
    NotAuthorised,
    NotClaimed,
    NotOpen,
    StaleEdit,
)
from workflow_app.cases.models import ConflictDeclaration, WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.engine import selectors as engine
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation

OPEN = (WorkItem.State.OFFERED, WorkItem.State.CLAIMED)


def revision(item: WorkItem) -> str:
    """Return what a page must send back to prove that it shows the item and the proposal as they are."""
    proposal = item.case.proposal
    return f"{item.revision}:{proposal.content_hash[:16] if proposal else '-'}"


def _open_item(turn: Turn) -> WorkItem:
    item = turn.item
    if item is None or item.state not in OPEN:
        raise NotOpen("the work item is no longer open; go back to the worklist")
    return item


def _require_person(turn: Turn, act: Act) -> None:
    """Refuse when the reason lies with the person; a case that is not ready yet may still be claimed."""
    answer, request = turn.verdict(act)
    if any(bar.personal for bar in answer.bars):
        raise NotAuthorised(answer, request)


def _require_declared(turn: Turn, act: Act, *, declares: bool) -> None:
    """Take the declaration that comes with the first step in a case, and refuse whoever has made none (R-01)."""
    if declares and turn.person not in turn.standing.cleared | turn.standing.disqualified:
        person = uuid.UUID(turn.person)
        turn.batch.insert(
            ConflictDeclaration(
                case=turn.case,
                person_id=person,
                kind=ConflictDeclaration.Kind.NO_CIRCUMSTANCE,
                by_id=person,
                at=turn.at,
                role=turn.highest_role or "",
            )
        )
        turn.stand(cleared=turn.standing.cleared | {turn.person})
    _require_person(turn, act)
    here = turn.item.token if turn.item else -1
    if turn.person not in turn.standing.cleared | turn.standing.needed(here):
        raise DeclarationMissing(
            "declare first that you know of no circumstance that makes you disqualified in this case (R-01)"
        )


def _signs_shown(turn: Turn) -> dict[str, list[str]]:
    """Return for the ledger what the person was warned of when taking a step: codes only (R-06)."""
    found = conflict_signs.signs(turn.case, uuid.UUID(turn.person), turn.at)
    return {"signs": sorted({sign.code for sign in found})} if found else {}


def claim(*, item: uuid.UUID, by: uuid.UUID, key: str, at: datetime, declares_no_circumstance: bool = False) -> Outcome:
    """Take an offered work item.

    The first claim in a case carries the person's declaration about conflict of interest (R-01). Raises
    ``AlreadyClaimed``, ``NotOpen``, ``DeclarationMissing``, ``NotAuthorised`` (recorded) and ``LeavesNobody`` when
    the person is needed for a later step that the duties keep apart from this one.
    """

    def verb(turn: Turn) -> None:
        row = _open_item(turn)
        if row.state == WorkItem.State.CLAIMED:
            if str(row.claimed_by_id) == turn.person:
                raise AlreadyClaimed("you have already claimed this work item")
            raise AlreadyClaimed("another person has claimed the work item; choose another one")
        _require_declared(turn, Act(row.act), declares=declares_no_circumstance)
        taken = staffing.taking(turn, row, turn.person)
        if taken is not None and taken.shortage is not None:
            raise LeavesNobody(taken.shortage)
        turn.batch.update(
            WorkItem,
            {"pk": row.pk},
            {
                "state": WorkItem.State.CLAIMED,
                "claimed_by_id": by,
                "claimed_at": at,
                "revision": row.revision + 1,
            },
        )
        turn.name(EventKind.WORK_CLAIMED, item=str(row.pk), node=row.node, act=row.act, **_signs_shown(turn))

    return commands.run(Command(key=key, person=by, at=at, item=item), verb)


def _own(turn: Turn) -> WorkItem:
    row = _open_item(turn)
    if row.state != WorkItem.State.CLAIMED or str(row.claimed_by_id) != turn.person:
        raise NotClaimed("you have not claimed this work item; claim it in the worklist first")
    return row


def release(*, item: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Give a claimed work item back to its pool. Raises ``NotClaimed`` and ``NotOpen``."""

    def verb(turn: Turn) -> None:
        row = _own(turn)
        turn.batch.update(
            WorkItem,
            {"pk": row.pk},
            {
                "state": WorkItem.State.OFFERED,
                "claimed_by_id": None,
                "claimed_at": None,
                "revision": row.revision + 1,
            },
        )
        turn.name(EventKind.WORK_RELEASED, item=str(row.pk), node=row.node)

    return commands.run(Command(key=key, person=by, at=at, item=item), verb)


def hand_over(*, item: uuid.UUID, by: uuid.UUID, to: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Pass a claimed work item to another person, who must be allowed to do it (G-4, R-63).

    Raises ``NotClaimed``, ``DeclarationMissing`` when the receiver has not declared, and ``NotAuthorised``.
    """

    def verb(turn: Turn) -> None:
        row = _own(turn)
        giver, turn.actor = turn.actor, organisation.actor_locked(to, at)
        _require_person(turn, Act(row.act))
        if str(to) not in turn.standing.cleared:
            raise DeclarationMissing("the receiver has not declared about conflict of interest in this case (R-01)")
        turn.actor = giver
        turn.batch.update(
            WorkItem, {"pk": row.pk}, {"claimed_by_id": to, "claimed_at": at, "revision": row.revision + 1}
        )
        turn.name(EventKind.WORK_HANDED_OVER, item=str(row.pk), node=row.node, to=str(to))

    return commands.run(Command(key=key, person=by, at=at, item=item), verb)


def take_over_bar(turn: Turn) -> Bar | None:
    """Return why the turn's person may not take the step over from whoever has it (R-56, R-57)."""
    row = _open_item(turn)
    if row.state != WorkItem.State.CLAIMED or row.claimed_by_id is None:
        return Bar(code="HOLDER_NOT_AWAY", rule_id="R-56", personal=True)
    return standing_in.take_over_bar(
        taker=turn.person,
        holder_is_away=organisation.is_absent(row.claimed_by_id, turn.at),
        substitutes=organisation.substitutes_of(row.claimed_by_id, turn.at),
        act=Act(row.act),
        prepared_by=turn.standing.prepared_by,
    )


def take_over(
    *, item: uuid.UUID, by: uuid.UUID, key: str, at: datetime, declares_no_circumstance: bool = False
) -> Outcome:
    """Take over what an absent person has taken, as the substitute named for the period (R-56, R-57).

    Standing in gives no right: the substitute's own grants must reach the act. Raises ``NotOpen``,
    ``DeclarationMissing`` and ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        row = _open_item(turn)
        answer, request = turn.verdict(Act(row.act))
        bar = take_over_bar(turn)
        if bar is not None:
            raise NotAuthorised(replace(answer, allowed=False, permit=None, bars=(bar,)), request)
        _require_declared(turn, Act(row.act), declares=declares_no_circumstance)
        turn.batch.update(
            WorkItem, {"pk": row.pk}, {"claimed_by_id": by, "claimed_at": at, "revision": row.revision + 1}
        )
        turn.name(EventKind.WORK_TAKEN_OVER, item=str(row.pk), node=row.node, holder=str(row.claimed_by_id), to=str(by))

    return commands.run(Command(key=key, person=by, at=at, item=item), verb)


def complete(
    *,
    item: uuid.UUID,
    by: uuid.UUID,
    fields: Mapping[str, Any],
    key: str,
    at: datetime,
    seen: str | None = None,
) -> Outcome:
    """Do a claimed work item: fill in its form, and with it do the act that the step is.

    ``seen`` is ``revision(item)`` of the page the form was shown on. Raises ``StaleEdit`` when the case has moved
    on since, ``FormRefused``, ``NotClaimed``, ``NotOpen`` and ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        row = _open_item(turn)
        if seen is not None and seen != revision(row):
            raise StaleEdit("the case has changed since the page was shown; read the new version before you go on")
        node = turn.net.node(row.node)
        schema = engine.form(turn.case.definition_id, node.step.form) if node.step and node.step.form else forms.NONE
        values = filling.clean(schema, fields, turn.facts.values, at=turn.at)
        permit = acts.permit(turn, Act(row.act), values)
        _own(turn)
        values = sealing.seal(turn, schema, values)
        acts.perform(turn, node, permit, values)
        turn.finish_item()
        if not row.is_added:
            turn.complete(row.token)

    return commands.run(Command(key=key, person=by, at=at, item=item), verb)
