"""Declare a circumstance that may be a conflict of interest, and rule on it (FL 16–18 §§, R-01..R-04)."""

from __future__ import annotations

import uuid
from datetime import datetime

from delegation.types import Act, Answer
from workflow_app.cases import acts, commands, forms, reading
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import FormRefused, NothingToRuleOn, TooLate, UnknownCase
from workflow_app.cases.models import WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind

RULING = acts.RULING
#: Where acts about a declared circumstance are recorded: beside the model's steps.
NODE = "conflict_of_interest"


def declare(*, case: uuid.UUID, by: uuid.UUID, circumstance: bool, key: str, at: datetime) -> Outcome:
    """Take a person's own word. A circumstance suspends the person at once: claimed work goes back (R-02).

    Raises ``TooLate`` for one already declared and ``UnknownCase`` for a case the person may not know of.
    """

    def verb(turn: Turn) -> None:
        if turn.person in turn.standing.disqualified:
            raise TooLate("you have already declared a circumstance; it is to be ruled on")
        if turn.actor is None or not reading.may_know(turn.actor, turn.case, at):
            raise UnknownCase("there is no such case, or you have no part in it to declare about")
        acts.declare(turn, circumstance=circumstance)
        if circumstance:
            turn.batch.update(
                WorkItem,
                {"case_id": turn.case.pk, "state": WorkItem.State.CLAIMED, "claimed_by_id": by},
                {"state": WorkItem.State.OFFERED, "claimed_by_id": None, "claimed_at": None},
            )
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
        turn.record(permit, fields={"opinion": _text("opinion", opinion)}, answer=Answer.AGREE.value)
        turn.name(EventKind.OPINION_GIVEN, node=NODE, answer=Answer.AGREE.value, decision_type=acts.RULING)

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


def rule(*, case: uuid.UUID, conflict: bool, reasons: str, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Rule on the declared circumstances of a case (DO-004). Nobody rules on their own (R-04).

    Raises ``NothingToRuleOn``, ``FormRefused`` and ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        _pending(turn)
        permit = turn.require(Act.DECIDE, decision_type=acts.RULING)
        values = {"conflict_ruling": "CONFLICT" if conflict else "NO_CONFLICT", "reasons": _text("reasons", reasons)}
        acts.decide(turn, permit, values, light=True)

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


def _text(field: str, text: str) -> str:
    problem = forms.text_problem(text) if text.strip() else "must be filled in"
    if problem:
        raise FormRefused({field: problem})
    return text
