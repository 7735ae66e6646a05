"""What doing a step records and which facts it gives, one function per act.

Whether the act may be done is asked of the order (``permit``); nothing here adds to the answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from delegation.types import Act, Answer, JuristMode, Permit, Requirements
from workflow_app.calendar import working_days
from workflow_app.cases import (
    conflict_reasons,
    deadlines,
    forms,
    freshness,
    outgoing,
    plans,
    rerouting,
    rotation,
    typed_json,
    under_way,
)
from workflow_app.cases import facts as case_facts
from workflow_app.cases.errors import FormRefused, TooLate
from workflow_app.cases.models import (
    CaseAct,
    ConflictDeclaration,
    Decision,
    Dispatch,
    PresentationOutcome,
    Proposal,
    ReturnReason,
)
from workflow_app.cases.turn import Turn
from workflow_app.engine.nodes import Node
from workflow_app.ledger.events import EventKind

Values = Mapping[str, Any]

#: How the questions of a reviewer's checklist begin.
CHECKLIST = "checklist_"

#: The decision type of a ruling on a declared circumstance (DO-004).
RULING = "CONFLICT_RULING"
#: A decider who sends the matter back or upward does not decide; the order then asks only who may handle it (G-4).
NOT_DECIDING = frozenset({"RETURN", "HAND_UP"})


def permit(turn: Turn, act: Act, values: Values) -> Permit:
    """Ask the order for the act that the filled-in form is."""
    if act is Act.DECIDE and values.get("outcome") in NOT_DECIDING:
        return turn.require(Act.HANDLE)
    return turn.require(act)


def perform(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    """Record the act of a step and let its form become facts; words about a circumstance are sealed."""
    assessing = bool(turn.item and turn.item.decision_type == RULING)
    if assessing or "conflict_declared" in values:
        values = conflict_reasons.seal(turn, values, assessing=assessing)
    turn.facts.take(values)
    plans.count(turn, values)
    act = Act(turn.item.act) if turn.item else permit.act
    _PERFORM[act](turn, node, permit, values)


def _return(values: Values) -> dict[str, Any]:
    """Return the columns of a return for preparation: exactly one primary reason (R-26)."""
    primary = values.get("reason_primary")
    if primary not in ReturnReason.values:
        raise FormRefused({"reason_primary": "a return needs exactly one primary reason (R-26)"})
    return {
        "returned": True,
        "reason_primary": primary,
        "reason_secondary": " ".join(values.get("reason_secondary") or ()),
    }


def _handle(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    columns: dict[str, Any] = {}
    kind = EventKind.STEP_COMPLETED
    data: dict[str, Any] = {}
    if forms.RESOLUTION in values:
        kind = EventKind.DISAGREEMENT_RESOLVED
        columns = _resolve(turn, values)
        data["resolution"] = str(values[forms.RESOLUTION])
    if "conflict_declared" in values:
        kind = EventKind.CONFLICT_DECLARED
        data["circumstance"] = bool(values["conflict_declared"])
        declare(turn, circumstance=bool(values["conflict_declared"]))
    turn.record(permit, fields=values, **columns)
    turn.name(kind, node=node.id, act=permit.act.value, **data)


def _resolve(turn: Turn, values: Values) -> dict[str, Any]:
    """Settle a disagreement about the proposal in force, or raise it (domain 3.5)."""
    resolution = values[forms.RESOLUTION]
    if resolution == "RAISE":
        turn.facts.take({"escalated": True})
        return {"proposal_hash": turn.proposal_hash or ""}
    # Another disagreement about the same proposal begins at the first level again.
    turn.facts.take({"disagreement": False, "escalation_step": None, "escalation_ends": None})
    turn.stand(disagreeing=frozenset())
    if resolution == "CHANGE_PROPOSAL":
        turn.facts.take({"returned": True})
        return {"proposal_hash": turn.proposal_hash or ""}
    return {"proposal_hash": turn.proposal_hash or "", "resolves": True, "answer": Answer.AGREE.value}


def declare(turn: Turn, *, circumstance: bool) -> None:
    """Take a declaration about conflict of interest (FL 18 §, R-01).

    A circumstance suspends the person at once: what the person has taken goes to others (R-02).
    """
    person = turn.person
    kind = ConflictDeclaration.Kind
    turn.batch.insert(
        ConflictDeclaration(
            case=turn.case,
            person_id=uuid.UUID(person),
            kind=kind.CIRCUMSTANCE if circumstance else kind.NO_CIRCUMSTANCE,
            by_id=uuid.UUID(person),
            at=turn.at,
            role=turn.highest_role or "",
        )
    )
    if circumstance or turn.standing.unruled:
        turn.facts.take({"challenged_role": _challenged_role(turn, own=circumstance)})
    if circumstance:
        turn.stand(disqualified=turn.standing.disqualified | {person}, cleared=turn.standing.cleared - {person})
        for item in rerouting.held_by(turn, uuid.UUID(person)):
            if turn.item is None or item.pk != turn.item.pk:
                rerouting.offer_again(turn, item, but={person})
    else:
        turn.stand(cleared=turn.standing.cleared | {person})


def _challenged_role(turn: Turn, *, own: bool) -> str | None:
    """Return whose circumstance says who rules (DO-004): the one that takes the highest ruler of those that wait.

    Read from grants and from what is on record, never from what the person at hand has filled in.
    """

    def ruler(role: str | None) -> tuple[int, int]:
        facts = {**turn.facts.values, "challenged_role": role}
        asked = case_facts.requirements(turn.order, turn.case, facts, RULING)
        return turn.order.roles[asked.lowest_role].level, turn.order.roles[role].level if role else 0

    recorded = [typed_json.loads(turn.case.facts).get("challenged_role")] if turn.standing.unruled else []
    return max([*recorded, *([turn.highest_role] if own else [])], key=ruler)


def _prepare(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    if node.step is not None and node.step.proposal:
        under_way.require_none(turn)
    if turn.standing.decided:
        turn.standing = turn.standing.next_matter()
    turn.stand(prepared_by=turn.standing.prepared_by | {turn.person})
    if node.step is None or not node.step.proposal:
        turn.stand(inspected_by=turn.standing.inspected_by | {turn.person})
        turn.record(permit, fields=values, proposal_hash="")
        turn.name(EventKind.STEP_COMPLETED, node=node.id, act=permit.act.value)
        return
    proposal = write_proposal(turn, values)
    turn.record(permit, fields=values, proposal_hash=proposal.content_hash)
    turn.name(
        EventKind.PROPOSAL_WRITTEN,
        matter=proposal.matter,
        version=proposal.version,
        decision_type=proposal.decision_type,
        proposal=proposal.content_hash,
    )


def write_proposal(turn: Turn, values: Values) -> Proposal:
    """Let what was written be the proposal in force; its hash is what later acts bind to (R-22)."""
    before = turn.proposal if turn.proposal and turn.proposal.matter == turn.standing.matter else None
    version = before.version + 1 if before else 1
    content = typed_json.dumps(
        {"case": str(turn.case.pk), "matter": turn.standing.matter, "version": version, "fields": dict(values)}
    )
    proposal = Proposal(
        case=turn.case,
        matter=turn.standing.matter,
        version=version,
        decision_type=str(values["decision_type"]),
        amount=values.get("amount"),
        content=content,
        content_hash=typed_json.content_hash(content),
        written_by_id=uuid.UUID(turn.person),
        written_at=turn.at,
    )
    turn.put_proposal(proposal)
    if version == 1:
        deadlines.at_first_draft(turn)
    turn.stand(writer=turn.person, rapporteur=None, disagreeing=frozenset())
    return proposal


def _answer_columns(turn: Turn, values: Values) -> dict[str, Any]:
    """Return the columns of an answer to the proposal, and note a return or a disagreement as facts."""
    outcome = str(values["outcome"])
    answer = Answer.AGREE_WITH_REMARK if outcome == "RAISE" else Answer(outcome)
    columns: dict[str, Any] = {"answer": answer.value}
    if answer is Answer.RETURN:
        columns |= _return(values)
        turn.facts.take({"returned": True})
    if answer is Answer.DISAGREE:
        turn.facts.take({"disagreement": True})
        turn.stand(disagreeing=turn.standing.disagreeing | {turn.person, turn.standing.writer or turn.person})
    return columns


def _review(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    """Record a review: it answers a checklist, whatever form it came on (R-23)."""
    if not any(name.startswith(CHECKLIST) and answer is not None for name, answer in values.items()):
        raise FormRefused({"outcome": "a review answers its checklist (R-23)"})
    columns = _answer_columns(turn, values)
    turn.facts.take({"review_outcome": values["outcome"]})
    turn.record(permit, fields=values, **columns)
    _name_answer(turn, EventKind.PROPOSAL_REVIEWED, node, columns)


def _consult(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    columns = _answer_columns(turn, values)
    turn.facts.take({"opinion_outcome": values["outcome"]})
    turn.record(permit, fields=values, **columns)
    _name_answer(turn, EventKind.OPINION_GIVEN, node, columns)


def _answer(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    columns = _answer_columns(turn, values)
    if turn.item:
        columns |= {"joint_code": turn.item.joint_code, "participant": turn.item.participant}
    turn.record(permit, fields=values, **columns)
    _name_answer(turn, EventKind.JOINT_PREPARATION_ANSWERED, node, columns)


def _name_answer(turn: Turn, kind: EventKind, node: Node, columns: Mapping[str, Any]) -> None:
    returned = bool(columns.get("returned"))
    turn.name(
        EventKind.RETURNED_FOR_PREPARATION if returned else kind,
        node=node.id,
        answer=columns["answer"],
        reason=columns.get("reason_primary"),
        proposal=turn.proposal_hash,
    )


def _present(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    """Record a presentation. What a forum of cooperation came to decides nothing, whatever it was (R-33)."""
    forum = (node.step.forum if node.step else None) or "DECISION"
    if forum == "DECISION":
        freshness.require_stated(turn, values)
        turn.stand(rapporteur=turn.person)
        columns: dict[str, Any] = {"outcome": PresentationOutcome.DECIDED.value}
    else:
        columns = {"outcome": str(values["outcome"])}
        turn.facts.take({"presentation_outcome": values["outcome"]})
    if columns["outcome"] == PresentationOutcome.RETURNED.value:
        columns |= _return(values)
        turn.facts.take({"returned": True})
    turn.record(permit, fields=values, forum=forum, oral=bool(values.get("oral")), **columns)
    turn.name(
        EventKind.RETURNED_FOR_PREPARATION if columns.get("returned") else EventKind.CASE_PRESENTED,
        forum=forum,
        outcome=columns["outcome"],
        reason=columns.get("reason_primary"),
        proposal=turn.proposal_hash,
    )


def _decide(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    outcome = str(values.get("outcome") or "AS_PROPOSED")
    light = bool(turn.item and turn.item.decision_type)
    if not light:
        turn.facts.take({"decision_outcome": outcome})
    if outcome in NOT_DECIDING:
        columns = _return(values) if outcome == "RETURN" else {}
        if outcome == "RETURN":
            turn.facts.take({"returned": True})
        turn.record(permit, fields=values, act=Act.DECIDE, forum="DECISION" if columns else "", **columns)
        turn.name(
            EventKind.RETURNED_FOR_PREPARATION if columns else EventKind.STEP_COMPLETED,
            node=node.id,
            outcome=outcome,
            reason=columns.get("reason_primary"),
            proposal=turn.proposal_hash,
        )
        return
    if outcome == "OTHERWISE" and values.get("more_intrusive"):
        # More intrusive than proposed needs new controls: the decider's line goes back as a new preparation.
        turn.record(permit, fields=values)
        turn.name(EventKind.STEP_COMPLETED, node=node.id, outcome=outcome, proposal=turn.proposal_hash)
        return
    decide(turn, permit, values, light=light)


def decide(turn: Turn, permit: Permit, values: Values, *, light: bool, **columns: Any) -> Decision:
    """Record a decision. A light one (a handling decision) stands on its own form, outside any proposal.

    ``columns`` are what its record says otherwise, such as which version it corrects.
    """
    row = turn.record(permit, fields=values)
    asked = case_facts.requirements(turn.order, turn.case, turn.facts.values, permit.decision_type or "")
    decision = turn.decision = _decision(turn, permit, asked, row, values, light=light)
    for name, value in columns.items():
        setattr(decision, name, value)
    turn.batch.insert(decision)
    if light:
        turn.stand(decisions=turn.standing.decisions + 1)
    else:
        turn.stand(decisions=turn.standing.decisions + 1, decided=True)
        turn.facts.take({"decided_type": decision.decision_type, "appealable": decision.appealable})
        deadlines.at_decision(turn, decision.decision_type, values)
        deadlines.after_care(turn, asked)
    if decision.decision_type == rotation.EXEMPTION:
        # Whatever the model does of it: no exemption goes by unseen.
        rotation.inform_audit(turn)
    if "conflict_ruling" in values:
        decision.reasons = conflict_reasons.SEALED
        ground = str(values.get("conflict_ground") or "")
        _rule(turn, decision, conflict=values["conflict_ruling"] == "CONFLICT", ground=ground)
    turn.name(
        EventKind.CASE_DECIDED,
        decision=str(decision.pk),
        decision_type=decision.decision_type,
        rule=decision.rule,
        row=decision.row,
        via=asked.via,
        order=decision.order_number,
        order_sha256=decision.order_sha256,
        grant=permit.grant,
        rapporteur=str(decision.rapporteur_id) if decision.rapporteur_id else None,
        participants=[part["person"] for part in typed_json.loads(decision.participants)["participants"]],
        content=decision.content_hash,
        proposal=turn.proposal_hash if not light else None,
    )
    return decision


def _decision(
    turn: Turn, permit: Permit, asked: Requirements, row: CaseAct, values: Values, *, light: bool
) -> Decision:
    """Return the record of a decision with the five items of FL 31 § and its reasons (FL 32 §, R-65, R-68)."""
    if light or turn.proposal is None:
        content = typed_json.dumps({"fields": dict(values)})
        reasons = str(values.get("reasons") or "")
        amount = None
    else:
        proposed = typed_json.loads(turn.proposal.content)["fields"]
        changed = {key: value for key, value in values.items() if value is not None and key in proposed}
        final = proposed | changed
        if values.get("otherwise_text"):
            final["operative_text"] = values["otherwise_text"]
        content = typed_json.dumps({"proposal": turn.proposal.content_hash, "fields": final})
        reasons = str(final.get("reasons") or "")
        amount = turn.proposal.amount
        if not reasons.strip():
            raise FormRefused({"reasons": "a decision states its reasons (FL 32 §, R-68)"})
    took_part = [] if light else _participants(turn, asked.jurist_mode)
    return Decision(
        case=turn.case,
        act_record=row,
        number=turn.standing.decisions + 1,
        decided_at=turn.at,
        content=content,
        content_hash=typed_json.content_hash(content),
        decider_id=uuid.UUID(permit.person),
        rapporteur_id=uuid.UUID(turn.standing.rapporteur) if turn.standing.rapporteur and not light else None,
        participants=typed_json.dumps({"participants": took_part}),
        decision_type=permit.decision_type or "",
        amount=amount,
        reasons=reasons,
        rule=permit.rule or "",
        row=permit.row or "",
        legal_basis="; ".join(_references(turn, asked.legal_basis)),
        appealable=asked.appealable,
        order_number=permit.order_number,
        order_sha256=permit.order_sha256,
    )


def _references(turn: Turn, keys: tuple[str, ...]) -> list[str]:
    """Return the legal bases as they read on the day of the decision (domain 3.2)."""
    day = turn.at.astimezone(working_days.STOCKHOLM).date()
    return [turn.order.legal_basis.reference(key, day).text for key in keys]


def _participants(turn: Turn, jurist_mode: JuristMode | None) -> list[dict[str, str]]:
    """Return who took part in the final handling without deciding (FL 31 § 5): reviewer, and a jurist in mode M."""
    taking_part = {Act.REVIEW.value}
    if jurist_mode is JuristMode.TAKES_PART:
        taking_part.add(Act.CONSULT.value)
    found = {
        str(act.person_id): {"person": str(act.person_id), "role": act.role, "act": act.act}
        for act in turn.acts_on_proposal
        if act.act in taking_part and str(act.person_id) != turn.standing.rapporteur
    }
    return [found[person] for person in sorted(found)]


def _rule(turn: Turn, decision: Decision, *, conflict: bool, ground: str) -> None:
    """Carry out a ruling on the declared circumstances (DO-004): removed from the case, or cleared (R-03).

    Nobody rules on their own, unless nobody else can (R-04).
    """
    kind = ConflictDeclaration.Kind
    pending = turn.standing.unruled - (frozenset() if turn.nobody_else else {turn.person})
    declared = ConflictDeclaration.objects.filter(case=turn.case, kind=kind.CIRCUMSTANCE).order_by("at")
    roles = {str(person): role for person, role in declared.values_list("person_id", "role")}
    turn.batch.insert(
        *(
            ConflictDeclaration(
                case=turn.case,
                person_id=uuid.UUID(person),
                kind=kind.RULED_CONFLICT if conflict else kind.RULED_CLEAR,
                by_id=uuid.UUID(turn.person),
                at=turn.at,
                role=roles.get(person, ""),
                ground=ground,
                decision=decision,
                nobody_else=person == turn.person,
            )
            for person in sorted(pending)
        )
    )
    if conflict:
        turn.stand(ruled_out=turn.standing.ruled_out | pending)
    else:
        turn.stand(cleared=turn.standing.cleared | pending, disqualified=turn.standing.disqualified - pending)


def _dispatch(turn: Turn, node: Node, permit: Permit, values: Values) -> None:
    decision = outgoing.undispatched(turn.case, turn.standing.matter)
    if decision is None:
        raise TooLate("there is no decision left to dispatch in this matter")
    turn.record(permit, fields=values)
    turn.batch.insert(
        Dispatch(
            decision=decision,
            person_id=uuid.UUID(turn.person),
            channel=str(values.get("channel") or ""),
            at=turn.at,
        )
    )
    outgoing.tell(turn, node.id, decision, also=values.get(outgoing.COPIES) or ())
    turn.name(
        EventKind.DECISION_DISPATCHED,
        decision=str(decision.pk),
        decision_type=decision.decision_type,
        channel=str(values.get("channel") or ""),
    )


_PERFORM: dict[Act, Callable[[Turn, Node, Permit, Values], None]] = {
    Act.HANDLE: _handle,
    Act.PREPARE: _prepare,
    Act.REVIEW: _review,
    Act.CONSULT: _consult,
    Act.ANSWER: _answer,
    Act.PRESENT: _present,
    Act.DECIDE: _decide,
    Act.DISPATCH: _dispatch,
}
