"""Declare a circumstance that may be a conflict of interest, and rule on it (FL 16–18 §§, R-01..R-05).

What the circumstance is and why it is ruled so is sealed: see ``conflict_reasons``.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from delegation import offers
from delegation.duties import disqualification
from delegation.types import Act, Answer, DecisionRequest, Verdict
from workflow_app.cases import acts, commands, conflict_reasons, forms, reading
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import (
    FormRefused,
    NotAuthorised,
    NotDisqualified,
    NothingToRuleOn,
    NotNecessary,
    NotOpen,
    TooLate,
    UnknownCase,
)
from workflow_app.cases.models import Ground, NecessaryTask, SealedReasons, WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.enforcement import services as enforcement
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation

RULING = acts.RULING
#: Where acts about a declared circumstance are recorded: beside the model's steps.
NODE = "conflict_of_interest"
#: Who says that nobody else can do a step in time.
HEAD = "EC_N"


def declare(*, case: uuid.UUID, by: uuid.UUID, circumstance: bool, key: str, at: datetime, what: str = "") -> Outcome:
    """Take a person's own word. A circumstance suspends the person at once: claimed work goes to others (R-02).

    Raises ``TooLate`` for one already declared, ``UnknownCase`` for a case the person may not know of and
    ``FormRefused`` for a text that cannot be kept.
    """

    def verb(turn: Turn) -> None:
        if turn.person in turn.standing.disqualified:
            raise TooLate("you have already declared a circumstance; it is to be ruled on")
        if turn.actor is None or not reading.may_know(turn.actor, turn.case, at):
            raise UnknownCase("there is no such case, or you have no part in it to declare about")
        if circumstance and what.strip():
            conflict_reasons.keep(turn, SealedReasons.Kind.CIRCUMSTANCE, _text("what", what))
        acts.declare(turn, circumstance=circumstance)
        turn.name(EventKind.CONFLICT_DECLARED, circumstance=circumstance)

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


def _pending(turn: Turn) -> None:
    if not turn.standing.unruled:
        raise NothingToRuleOn("no circumstance waits for a ruling in the case")
    turn.beside = NODE


def advise(*, case: uuid.UUID, opinion: str, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Give the jurist's opinion that the order asks for before the ruling (DO-004).

    Raises ``NothingToRuleOn``, ``FormRefused`` and ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        _pending(turn)
        permit = turn.require(Act.CONSULT, decision_type=acts.RULING)
        fields = conflict_reasons.seal(turn, {"opinion": _text("opinion", opinion)}, assessing=True)
        turn.record(permit, fields=fields, answer=Answer.AGREE.value)
        turn.name(EventKind.OPINION_GIVEN, node=NODE, answer=Answer.AGREE.value, decision_type=acts.RULING)

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


def rule(
    *, case: uuid.UUID, conflict: bool, reasons: str, by: uuid.UUID, key: str, at: datetime, ground: str = ""
) -> Outcome:
    """Rule on the declared circumstances of a case (DO-004). Nobody rules on their own, but who alone can (R-04).

    Raises ``NothingToRuleOn``, ``FormRefused`` and ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        _pending(turn)
        turn.nobody_else = is_only_ruler(turn)
        permit = turn.require(Act.DECIDE, decision_type=acts.RULING)
        if ground and ground not in Ground.values:
            raise FormRefused({"ground": "is not one of the choices"})
        said = {
            "conflict_ruling": "CONFLICT" if conflict else "NO_CONFLICT",
            "conflict_ground": ground,
            "reasons": _text("reasons", reasons),
        }
        acts.decide(turn, permit, conflict_reasons.seal(turn, said, assessing=True), light=True)

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


def is_only_ruler(turn: Turn) -> bool:
    """Tell whether the turn's person is challenged and nobody else who is here can rule (FL 18 § third paragraph)."""
    if turn.person not in turn.standing.unruled:
        return False
    answer, request = turn.verdict(Act.DECIDE, decision_type=acts.RULING)
    if answer.lowest_role is None:
        return False
    roles = offers.sufficient_roles(turn.order, answer.lowest_role)
    able = {str(person.pk) for person in enforcement.able(request, roles, turn.case.case_type, order=turn.order)}
    return not able - {turn.person} - organisation.absent_among(able, turn.at)


def call_necessary(
    *, item: uuid.UUID, person: uuid.UUID, reasons: str, by: uuid.UUID, key: str, at: datetime
) -> Outcome:
    """Let somebody in conflict of interest do a step that nobody else can without considerable delay (FL 17 §, R-05).

    A head of unit says so, and why; nobody for themselves, and never of a step that judges or decides. Raises
    ``NotOpen``, ``NotDisqualified``, ``FormRefused`` and ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        row = turn.item
        if row is None or row.state != WorkItem.State.OFFERED:
            raise NotOpen("the step is not free to take; somebody has it, or it is done")
        if str(person) not in turn.standing.disqualified:
            raise NotDisqualified("the person has no conflict of interest in the case; let them take the step as usual")
        answer, request = _asked_as_head(turn)
        if answer.permit is None:
            raise NotAuthorised(answer, request)
        if Act(row.act) not in disqualification.NECESSARY:
            raise NotNecessary("nobody judges or decides in spite of a conflict of interest; let somebody else do it")
        why = conflict_reasons.keep(turn, SealedReasons.Kind.NECESSITY, _text("reasons", reasons))
        turn.batch.insert(NecessaryTask(work_item=row, person_id=person, reasons=why, by_id=by, at=at))
        turn.stand(necessary=turn.standing.necessary | {f"{row.token}:{person}"})
        turn.name(EventKind.TASK_NECESSARY, item=str(row.pk), node=row.node, to=str(person))

    return commands.run(Command(key=key, person=by, at=at, item=item), verb)


def may_call_necessary(turn: Turn) -> bool:
    """Tell whether the turn's person may call somebody's step necessary: a head of unit or above (R-05)."""
    return _asked_as_head(turn)[0].allowed


def _asked_as_head(turn: Turn) -> tuple[Verdict, DecisionRequest]:
    request = replace(turn.request(Act.HANDLE, role=HEAD), decision_type=None, necessary=frozenset())
    return enforcement.verdict(request, order=turn.order), request


def _text(field: str, text: str) -> str:
    problem = forms.text_problem(text) if text.strip() else "must be filled in"
    if problem:
        raise FormRefused({field: problem})
    return text
