"""A small authority for the tests of the order: one person per role and case type, named after the role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from delegation.bundle import FILES
from delegation.order import DelegationOrder, load_order
from delegation.types import Act, Actor, Answer, DecisionRequest, Grant, GrantKind, PriorAct, Requirements

FOLDER = Path(__file__).parents[2] / "bpmn" / "delegation_order"
ADOPTED = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PROPOSAL = "proposal-in-force"
PREPARER, RAPPORTEUR, REVIEWER, DECIDER = "preparer", "rapporteur", "reviewer", "decider"

#: Every fact that a row may need, stated so that nothing more than the row's own demands follows.
NEUTRAL: Mapping[str, Any] = {
    "amount": 50_000,
    "volume": 10,
    "affected_persons": 5,
    "several_units": False,
    "with_fine": False,
    "secrecy": False,
    "challenged_role": "INSP",
    "original_role": "EC_N",
    "court": "FR",
    "delay_months": 3,
    "coercive_care": False,
    "secrecy_doubt": False,
    "protected_matter": False,
    "renewed_fee": False,
    "sampled": False,
    "original_appealable": True,
    "main_decision_appealable": True,
    "skill_question": False,
    "death": False,
    "medical": False,
    "lead_consecutive_years": 0,
    "pair_consecutive_years": 0,
    "plan_year": 2026,
    "earlier_deciders": [],
    "user_heard": True,
    "no_child_conversation_accepted": True,
    "homes_left_out": 0,
    "communicated": True,
    "examiners": 2,
    "plan_communicated": True,
    "danger": True,
    "interim_months": 6,
    "vite_considered": False,
    "vite_reason": "Rättelse väntas utan vite.",
    "next_level_reason": "Verksamheten rättar bristerna i tid.",
    "draft_answered": True,
    "measures": "Bemanna natten.",
    "latest_date": date(2026, 6, 1),
    "earlier_fine_final": True,
    "service_limit_passed": False,
    "closing_code": "NOT_UNREASONABLE",
    "injunction_not_followed": True,
}


def bundle() -> dict[str, bytes]:
    """Return the files of the shipped order."""
    return {name: (FOLDER / name).read_bytes() for name in FILES}


@cache
def shipped() -> DelegationOrder:
    """Return the shipped order, loaded once per process."""
    return load_order(bundle(), number="TEST-1", valid_from=ADOPTED)


def grant(role: str, case_type: str | None = "ETV", *, person: str = DECIDER, **changes: Any) -> Grant:
    """Return an appointment in force; ``None`` for every case type."""
    values: dict[str, Any] = {
        "id": f"{person}-{role}-{case_type}",
        "person": person,
        "role": role,
        "case_types": None if case_type is None else frozenset({case_type}),
        "valid_from": ADOPTED,
        "granted_by": "director",
    }
    return Grant(**{**values, **changes})


def lent(role: str, rule: str, *, of: str, case_type: str = "ETV", **changes: Any) -> Grant:
    """Return a sub-delegation of one row for half a year."""
    return grant(
        role,
        case_type,
        kind=GrantKind.SUB_DELEGATION,
        rules=frozenset({rule}),
        on_behalf_of=of,
        valid_to=ADOPTED + timedelta(days=180),
        **changes,
    )


def act(kind: Act, person: str, role: str, answer: Answer | None = None, **changes: Any) -> PriorAct:
    """Return an act on the proposal in force, an hour ago."""
    values: dict[str, Any] = {"proposal": PROPOSAL, "at": NOW - timedelta(hours=1)}
    return PriorAct(act=kind, person=person, role=role, answer=answer, **{**values, **changes})


def prepared(row: Requirements) -> tuple[PriorAct, ...]:
    """Return the acts that meet everything a row asks for before the decision."""
    acts = [act(Act.PREPARE, PREPARER, "INSP"), act(Act.PRESENT, RAPPORTEUR, "INSP")]
    acts.append(act(Act.REVIEW, REVIEWER, "INSP", Answer.AGREE))
    if row.jurist_role is not None:
        acts.append(act(Act.CONSULT, "jurist", row.jurist_role, Answer.AGREE))
    if row.medical:
        acts.append(act(Act.CONSULT, "physician", "TL", Answer.AGREE))
    for joint in row.joint_preparations:
        for place, participant in enumerate(joint.participants):
            role = participant.partition(":")[0].replace("OLG", "EC_N")
            acts.append(
                act(
                    Act.ANSWER,
                    f"{joint.code}-{place}",
                    role,
                    Answer.AGREE,
                    joint_code=joint.code,
                    participant=participant,
                )
            )
    return tuple(acts)


#: How many demands a case has made when it is time for one.
STAGES: Mapping[str, int] = {f"DEMAND_REPORT_{number}": number - 1 for number in range(1, 5)}


def neutral(decision_type: str) -> dict[str, Any]:
    """Return a file in which nothing stands in the way of a decision."""
    return {**NEUTRAL, "stage_number": STAGES.get(decision_type, 0)}


def request(
    decision_type: str = "INJUNCTION_FINE",
    *grants: Grant,
    case_type: str = "ETV",
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> DecisionRequest:
    """Return a request to decide in which every duty of the row is met."""
    stated = {**neutral(decision_type), **(facts or {})}
    row = shipped().requirements(case_type, decision_type, stated)
    asked = DecisionRequest(
        case="case-1",
        case_type=case_type,
        act=Act.DECIDE,
        actor=Actor(person=DECIDER, grants=grants),
        at=NOW,
        decision_type=decision_type,
        facts=stated,
        prior_acts=prepared(row),
        proposal=PROPOSAL,
        prepared_by=frozenset({PREPARER}),
        rapporteur=RAPPORTEUR,
        cleared=frozenset({DECIDER}),
    )
    return replace(asked, **changes)


def codes(verdict: Any) -> set[str]:
    """Return the codes of a verdict's bars."""
    return {bar.code for bar in verdict.bars}


def facts_for(conditions: Any) -> dict[str, Any]:
    """Return facts that satisfy the conditions of a band, found among the values that its cells name."""
    from delegation import lint

    found: dict[str, Any] = {}
    for name, cell in conditions:
        for value in lint.values(name, [cell]):
            if cell.test(value, {}) is True:
                found[name] = int(value) if isinstance(value, Decimal) and value == int(value) else value
                break
        else:
            raise AssertionError(f"no example of {name} satisfies {cell.text}")
    return found
