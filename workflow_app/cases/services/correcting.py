"""Correct a clerical error in a decision (FL 36 §, DO-012): a new version beside the old, and both are kept (R-65).

Whoever takes part in the case proposes the new wording, another person looks at it (four eyes), and whoever the order
lets correct decides. Nothing of the decided version is changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from delegation.types import Act, Answer, Permit
from workflow_app.cases import acts, commands, forms, outgoing, typed_json
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import FormRefused, NothingToCorrect, StaleEdit
from workflow_app.cases.models import CaseAct, Decision
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind

#: What the order calls it (DO-012).
CORRECTION = "CORRECTION"
#: Where it is recorded: beside the model's steps, followed by the number of the decision.
NODE = "correction:"
#: What may hold a clerical error: the wording. Amounts, outcomes and deadlines take a new decision (FL 37 §).
WORDING = ("operative_text", "reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A correction that waits: what it says, who wrote it, and who has agreed."""

    by: uuid.UUID
    at: datetime
    fields: Mapping[str, Any]
    agreed_by: uuid.UUID | None


def node(decision: Decision) -> str:
    """Return where acts on the correction of a decision are recorded: beside the model's steps."""
    return f"{NODE}{decision.number}"


def proposed(decision: Decision) -> Proposed | None:
    """Return the correction of a decision that waits, or ``None``."""
    found: Proposed | None = None
    for act in CaseAct.objects.filter(case=decision.case_id, node=node(decision)).order_by("at", "id"):
        if act.act == Act.PREPARE.value:
            found = Proposed(by=act.person_id, at=act.at, fields=typed_json.loads(act.fields), agreed_by=None)
        elif found is not None and act.answer == Answer.AGREE.value:
            found = replace(found, agreed_by=act.person_id)
        else:
            found = None
    return found


def propose(
    *, decision: uuid.UUID, wording: Mapping[str, str], error: str, by: uuid.UUID, key: str, at: datetime
) -> Outcome:
    """Propose a new wording. Raises ``NothingToCorrect``, ``FormRefused`` and ``NotAuthorised`` (recorded)."""
    row = _decision(decision)

    def verb(turn: Turn) -> None:
        if _correctable(turn, row) is not None:
            raise NothingToCorrect("a correction of the decision waits already; it is to be reviewed or decided first")
        before = typed_json.loads(row.content)["fields"]
        told = {name: text for name, text in wording.items() if name in WORDING and text != before.get(name)}
        problems = {name: _problem(text) for name, text in {**told, "error": error}.items()}
        if not told:
            problems["reasons"] = "says the same as the decision; write what it should have said"
        if any(problems.values()):
            raise FormRefused({name: problem for name, problem in problems.items() if problem})
        permit = _permit(turn, Act.PREPARE, None)
        turn.record(permit, fields={**told, "error": error})
        turn.name(EventKind.STEP_COMPLETED, node=turn.beside, act=Act.PREPARE.value, decision=str(row.pk))

    return commands.run(Command(key=key, person=by, at=at, case=row.case_id, also_closed=True), verb)


def review(*, decision: uuid.UUID, agrees: bool, comment: str, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Look at a proposed correction with the second pair of eyes; a disagreement puts it away.

    Raises ``NothingToCorrect``, ``FormRefused`` and ``NotAuthorised`` (recorded), also for whoever proposed it.
    """
    row = _decision(decision)

    def verb(turn: Turn) -> None:
        waiting = _correctable(turn, row)
        if waiting is None or waiting.agreed_by is not None:
            raise NothingToCorrect("no correction of the decision waits for review")
        if problem := forms.text_problem(comment):
            raise FormRefused({"comment": problem})
        permit = _permit(turn, Act.REVIEW, waiting)
        answer = Answer.AGREE if agrees else Answer.DISAGREE
        turn.record(permit, fields={"comment": comment}, answer=answer.value)
        turn.name(EventKind.PROPOSAL_REVIEWED, node=turn.beside, answer=answer.value, decision=str(row.pk))

    return commands.run(Command(key=key, person=by, at=at, case=row.case_id, also_closed=True), verb)


def correct(*, decision: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """Decide a proposed correction: a new version linked to the old one, which stays as it is (R-65).

    Raises ``NothingToCorrect`` and ``NotAuthorised`` (recorded).
    """
    row = _decision(decision)

    def verb(turn: Turn) -> None:
        waiting = _correctable(turn, row)
        if waiting is None:
            raise NothingToCorrect("no correction of the decision waits")
        permit = _permit(turn, Act.DECIDE, waiting)
        wording = {name: waiting.fields[name] for name in WORDING if name in waiting.fields}
        values = {"reasons": row.reasons, **typed_json.loads(row.content)["fields"], **wording}
        reviewer = next(act for act in reversed(turn.prior_acts) if act.act == Act.REVIEW.value)
        taken = [{"person": str(reviewer.person_id), "role": reviewer.role, "act": reviewer.act}]
        version = acts.decide(
            turn, permit, values, light=True, corrects=row, participants=typed_json.dumps({"participants": taken}),
            amount=row.amount,
        )  # fmt: skip
        outgoing.tell_correction(turn, turn.beside, version)
        turn.name(
            EventKind.DECISION_CORRECTED,
            decision=str(version.pk),
            corrects=str(row.pk),
            rule=version.rule,
            row=version.row,
            order=version.order_number,
            grant=permit.grant,
            content=version.content_hash,
        )

    return commands.run(Command(key=key, person=by, at=at, case=row.case_id, also_closed=True), verb)


def _decision(decision: uuid.UUID) -> Decision:
    row = Decision.objects.filter(pk=decision).first()
    if row is None:
        raise NothingToCorrect("there is no such decision")
    return row


def _correctable(turn: Turn, row: Decision) -> Proposed | None:
    """Return the correction that waits. Raises for a version that is no longer, or not yet, the one to correct."""
    if Decision.objects.filter(corrects=row).exists():
        raise StaleEdit("the decision has been corrected already; correct the newer version")
    if row.corrects_id is None and not hasattr(row, "dispatch"):
        raise NothingToCorrect("the decision has not left the authority; return it instead of correcting it")
    turn.beside = node(row)
    return proposed(row)


def _permit(turn: Turn, act: Act, waiting: Proposed | None) -> Permit:
    """Return the permit for an act on the correction, whose preparer is whoever proposed it, not the decision's."""
    standing = turn.standing
    preparers = frozenset({str(waiting.by)}) if waiting else frozenset()
    turn.stand(prepared_by=preparers, rapporteur=None)
    permit = turn.require(act, decision_type=CORRECTION)
    turn.standing = standing
    return permit


def _problem(text: str) -> str:
    return forms.text_problem(text) if text.strip() else "must be filled in"
