"""Rows turned into what the net and ``delegation`` may read. Nothing here decides anything.

``Case.facts`` and ``Case.standing`` are views kept beside the rows they come from, so that a command reads them
with the case it locks. A department, county or office is never among them (R-10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from delegation.order import DelegationOrder
from delegation.types import Act, Actor, Answer, DecisionRequest, PriorAct, Requirements
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case, CaseAct, WorkItem

#: What acts before a light handling decision bind to: it has no proposal to hash.
LIGHT = "LIGHT"
#: What is forgotten when a new version of a proposal is written: it concerned the version before.
OF_ONE_PROPOSAL = (
    "returned",
    "disagreement",
    "escalated",
    "review_outcome",
    "opinion_outcome",
    "presentation_outcome",
    "decision_outcome",
    "escalation_step",
    "escalation_ends",
    "resolver_role",
    "resolver_due",
)


#: Holds what has been proposed to fill in a step's form with, by field.
PROPOSED = "proposed_answers"
#: What one record has said, and no later one unsays: a child who spoke of harm was heard (JB-6).
LASTING = ("child_harm",)
#: Names the facts that the house has found to be true, so that no form can deny them (JB-4, JB-10).
FOUND = "found_by_the_house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How persons stand to a case. Person ids."""

    #: Have declared that they know of no circumstance (R-01).
    cleared: frozenset[str] = frozenset()
    #: Have declared a circumstance that is not ruled on, or are ruled in conflict (R-02, R-03).
    disqualified: frozenset[str] = frozenset()
    #: Those of the disqualified who are ruled in conflict: out of the case for good (R-03).
    ruled_out: frozenset[str] = frozenset()
    #: What a disqualified person may do all the same, ``token:person``, while the step waits (R-05).
    necessary: frozenset[str] = frozenset()
    #: Wrote, edited or inspected for the proposal in force (R-19).
    prepared_by: frozenset[str] = frozenset()
    #: Inspected, heard or examined in the case: what they found stands behind each of its proposals (R-19).
    inspected_by: frozenset[str] = frozenset()
    #: Disagree about the proposal in force.
    disagreeing: frozenset[str] = frozenset()
    rapporteur: str | None = None
    #: Wrote the latest version; a return goes back to this person (R-27).
    writer: str | None = None
    #: Content hash of the proposal's version before the one in force; its acts are void (R-22).
    version_before: str | None = None
    #: Which of the case's decisions is being prepared: 1, 2, …
    matter: int = 1
    #: How many decisions the case has.
    decisions: int = 0
    #: True from the decision in the current matter until the next one is prepared.
    decided: bool = False

    @property
    def unruled(self) -> frozenset[str]:
        """Those who have declared a circumstance that nobody has ruled on."""
        return self.disqualified - self.ruled_out

    def needed(self, token: int) -> frozenset[str]:
        """Return who may do a step in spite of a conflict of interest (R-05)."""
        here = f"{token}:"
        return frozenset(one.removeprefix(here) for one in self.necessary if one.startswith(here))

    def is_needed(self, person: str) -> bool:
        """Tell whether a disqualified person is called on for a step that waits (R-05)."""
        return any(one.partition(":")[2] == person for one in self.necessary)

    def dumps(self) -> str:
        """Write as canonical JSON."""
        plain = {item.name: getattr(self, item.name) for item in fields(self)}
        return typed_json.dumps(
            {name: sorted(value) if isinstance(value, frozenset) else value for name, value in plain.items()}
        )

    @classmethod
    def loads(cls, text: str) -> Standing:
        """Read what ``dumps`` wrote."""
        values = typed_json.loads(text)
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = frozenset(value)
            elif isinstance(value, Decimal):
                values[name] = int(value)
        return cls(**values)

    def next_matter(self) -> Standing:
        """Return the standing when preparation for the case's next decision begins: only what was found remains."""
        return replace(
            self,
            prepared_by=self.inspected_by,
            disagreeing=frozenset(),
            rapporteur=None,
            writer=None,
            matter=self.matter + 1,
            decided=False,
        )


@dataclass(slots=True, kw_only=True)
class CaseFacts:
    """The view the net and the forms read. Changed only by the command runner."""

    values: dict[str, Any] = field(default_factory=dict)
    #: True once anything has been taken or found: a claim changes nothing, and need not write them again.
    touched: bool = False

    def take(self, form: Mapping[str, Any]) -> None:
        """Let the latest entry of each form field be the fact of that name, unless the house has found otherwise."""
        lasting = [name for name in LASTING if self.values.get(name) is True]
        self.touched = True
        self.values.update(form)
        for name in (*lasting, *(self.values.get(FOUND) or ())):
            self.values[name] = True

    def find(self, facts: Mapping[str, bool]) -> bool:
        """Let what the house has found be true, whatever a form says of it; tell whether anything changed.

        What is found no longer is true no longer; what only a person has said stays as said.
        """
        self.touched = True
        before = frozenset(self.values.get(FOUND) or ())
        now = before.difference(facts).union(name for name, true in facts.items() if true)
        for name, true in facts.items():
            if true or name in before or self.values.get(name) is None:
                self.values[name] = true
        self.values[FOUND] = sorted(now)
        return now != before

    def start_proposal(self) -> None:
        """Forget what concerned an earlier version of the proposal."""
        self.touched = True
        for name in OF_ONE_PROPOSAL:
            self.values[name] = None
        self.values["returned"] = False
        self.values["disagreement"] = False


def of_requirements(asked: Requirements, *, decided: bool) -> dict[str, Any]:
    """Return the facts that a lookup in the order gives the net (a business rule task with ``ref="ORDER"``).

    Once the matter is decided, what is still required is what the row lets follow the decision (R-51).
    """
    participants = [
        {"code": joint.code, "role": role}
        for joint in asked.joint_preparations
        if joint.after is decided
        for role in joint.participants
    ]
    return {
        "rule": asked.rule,
        "lowest_role": asked.lowest_role,
        "rapporteur_required": asked.rapporteur,
        "four_eyes_required": asked.four_eyes and asked.controls_after is decided,
        "controls_after": asked.controls_after,
        "jurist_required": asked.jurist_role is not None,
        "jurist_role": asked.jurist_role,
        "medical_required": asked.medical,
        "joint_preparation_required": bool(participants),
        "joint_participants": participants,
        "appealable": asked.appealable,
    }


def prior_act(row: CaseAct, light: str | None) -> PriorAct:
    """Return the value of a recorded act; before a light decision, as one that binds to it."""
    return PriorAct(
        act=Act(row.act),
        person=str(row.person_id),
        role=row.role,
        at=row.at,
        proposal=light or row.proposal_hash or None,
        answer=Answer(row.answer) if row.answer else None,
        joint_code=row.joint_code or None,
        participant=row.participant or None,
        oral=row.oral,
        resolves=row.resolves,
    )


def request(
    *,
    case: Case,
    facts: Mapping[str, Any],
    standing: Standing,
    prior_acts: Iterable[CaseAct],
    actor: Actor,
    act: Act,
    at: datetime,
    item: WorkItem | None,
    role: str | None,
    proposal_hash: str | None,
    decision_type: str | None,
    disagreeing: frozenset[str],
    nobody_else: bool = False,
) -> DecisionRequest:
    """Return the question to ``delegation``: may ``actor`` do ``act`` in this case at ``at``?"""
    return DecisionRequest(
        case=str(case.pk),
        case_type=case.case_type,
        act=act,
        actor=actor,
        at=at,
        decision_type=decision_type,
        step_role=role,
        facts=facts,
        prior_acts=tuple(prior_act(row, proposal_hash if proposal_hash == LIGHT else None) for row in prior_acts),
        proposal=proposal_hash,
        prepared_by=standing.prepared_by,
        rapporteur=standing.rapporteur,
        cleared=standing.cleared,
        disqualified=standing.disqualified,
        necessary=standing.needed(item.token) if item else frozenset(),
        nobody_else=nobody_else,
        joint_code=(item.joint_code or None) if item else None,
        participant=(item.participant or None) if item else None,
        disagreeing=disagreeing,
    )


def requirements(order: DelegationOrder, case: Case, facts: Mapping[str, Any], decision_type: str) -> Requirements:
    """Return the row of the order that governs a proposal with these facts."""
    return order.requirements(case.case_type, decision_type, facts)
