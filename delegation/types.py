"""The words of the delegation order: what is asked, what has been done, and what is answered.

Every type is an immutable value. Periods are half-open, ``[valid_from, valid_to)``; every moment is an
aware ``datetime``. Persons are opaque ids: identity is the person, never the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What a person does in a case. Only ``DECIDE`` exercises the decision right."""

    PREPARE = "PREPARE"
    REVIEW = "REVIEW"
    CONSULT = "CONSULT"
    ANSWER = "ANSWER"
    PRESENT = "PRESENT"
    DECIDE = "DECIDE"
    DISPATCH = "DISPATCH"
    HANDLE = "HANDLE"


class GrantKind(StrEnum):
    """How a right was given (domain 3.6)."""

    APPOINTMENT = "APPOINTMENT"
    SUB_DELEGATION = "SUB_DELEGATION"
    SUBSTITUTION = "SUBSTITUTION"


class Answer(StrEnum):
    """What a reviewer, jurist, physician or joint-preparation participant answered."""

    AGREE = "AGREE"
    AGREE_WITH_REMARK = "AGREE_WITH_REMARK"
    DISAGREE = "DISAGREE"
    RETURN = "RETURN"
    NOT_HEARD = "NOT_HEARD"


class JuristMode(StrEnum):
    """How a jurist takes part: S consulted, M takes part in the final handling, B decides (domain 3.1)."""

    CONSULTED = "S"
    TAKES_PART = "M"
    DECIDES = "B"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The right of one person to act in one role (G-5). Post title alone gives nothing."""

    id: str
    person: str
    role: str
    #: Case types the grant covers; ``None`` means every case type (only GD, STF and the chief jurist's line).
    case_types: frozenset[str] | None
    #: Rows (``DO-nnn``) the grant is limited to; ``None`` means every row of the role.
    rules: frozenset[str] | None = None
    valid_from: datetime
    valid_to: datetime | None = None
    kind: GrantKind = GrantKind.APPOINTMENT
    granted_by: str
    #: For ``SUB_DELEGATION``: the role whose right is lent. For ``SUBSTITUTION``: the person stood in for.
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person with the grants read in the transaction that asks."""

    person: str
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorAct:
    """An act already recorded in the case."""

    act: Act
    person: str
    role: str
    at: datetime
    #: Content hash of the proposal the act binds to; an act on another hash does not count (R-22).
    proposal: str | None = None
    answer: Answer | None = None
    #: Joint-preparation code (``JB-n``) for ``ANSWER``.
    joint_code: str | None = None
    #: The participant role an ``ANSWER`` stands for, as named by the order (e.g. ``"AJ"``).
    participant: str | None = None
    #: True for an oral act in the fast lane, to be confirmed within one working day.
    oral: bool = False
    #: True for the resolver's act that settled the disagreement about this proposal (R-61); it lifts the bar
    #: that an earlier ``DISAGREE`` on the same proposal raises.
    resolves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRequest:
    """The question: may this person do this act in this case now?"""

    case: str
    case_type: str
    act: Act
    actor: Actor
    at: datetime
    #: Code of the decision (domain 3.7, e.g. ``INJUNCTION_FINE``); ``None`` for an act outside any proposal.
    decision_type: str | None = None
    #: Role the diagram asks for; ``None`` where the order alone says who. A diagram can only narrow.
    step_role: str | None = None
    #: Case facts by name (FEEL values). Never a department, county or office (R-10).
    facts: Mapping[str, Any] = field(default_factory=dict)
    prior_acts: tuple[PriorAct, ...] = ()
    #: Content hash of the proposal in force.
    proposal: str | None = None
    #: Everyone who wrote or edited the proposal or inspected for it (R-19).
    prepared_by: frozenset[str] = frozenset()
    rapporteur: str | None = None
    #: Persons who have declared no circumstance for the case (R-01).
    cleared: frozenset[str] = frozenset()
    #: Persons ruled in conflict of interest, or with a declared circumstance not yet ruled on (R-02, R-03).
    disqualified: frozenset[str] = frozenset()
    #: Those of the disqualified who may do the step at hand, since nobody else can without considerable delay (R-05).
    necessary: frozenset[str] = frozenset()
    #: True when nobody else can be called in to rule on a challenge (FL 18 § third paragraph, R-04). Found by the
    #: house, never stated in a form.
    nobody_else: bool = False
    #: Code (``JB-n``) and participant role an ``ANSWER`` is given for.
    joint_code: str | None = None
    participant: str | None = None
    #: Parties to the disagreement when the act resolves one (R-61).
    disagreeing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A reason to refuse. ``params`` fill the sentence that the enforcement room words for ``code``."""

    code: str
    #: Rule of the catalogue, ``R-nn``.
    rule_id: str
    params: tuple[tuple[str, str], ...] = ()
    #: True when the reason lies with this person (no grant, too low a level, prepared it, disqualified): another
    #: person may be allowed. False when the case is not ready for anyone (a review is missing).
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A control that the row asks for and whether it is met, for the explanation."""

    code: str
    rule_id: str
    met: bool
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JointPreparation:
    """One joint preparation that the row requires (domain 3.4)."""

    code: str
    #: Participants that must answer, e.g. ``("AJ", "BCJ", "AC_N")``; a role may name a case type other than
    #: the case's own, ``EC_N:FTB``, or ``OTHER`` or ``ANY``; ``OLG`` is the case type's EC_N or AC_N. A role
    #: named twice is two persons.
    participants: tuple[str, ...]
    #: True when it may follow within one working day after the decision (fast lane).
    after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What one row of the order demands for one set of facts."""

    #: ``DO-nnn``.
    rule: str
    #: The band of the row that matched, e.g. ``DO-046/2``: the ``id`` of the DMN rule.
    row: str
    title: str
    lowest_role: str
    rapporteur: bool
    four_eyes: bool
    #: True when four eyes and joint preparation may follow after the decision (R-51).
    controls_after: bool
    jurist_role: str | None
    jurist_mode: JuristMode | None
    medical: bool
    joint_preparations: tuple[JointPreparation, ...]
    #: Role that may hold a sub-delegation for this row, when its condition holds.
    sub_delegable_to: str | None
    legal_basis: tuple[str, ...]
    appealable: bool
    annotation: str
    #: The alias row that referred the decision here (``DO-066``, ``DO-078``); ``None`` when the row is the case's own.
    via: str | None = None
    #: True when the jurist may be heard after the decision, as the row says.
    jurist_after: bool = False
    #: True when the presentation may be oral (R-51).
    oral: bool = False
    title_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The right to do one act once. Made only by ``delegation.authorizer`` (an architecture test reads the AST)."""

    case: str
    act: Act
    person: str
    #: The grant relied on; the transaction that uses the permit holds a lock on it.
    grant: str
    role: str
    rule: str | None
    row: str | None
    order_number: str
    order_sha256: str
    decision_type: str | None
    proposal: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with its reasons. ``permit`` is set exactly when ``allowed``."""

    allowed: bool
    order_number: str
    order_sha256: str
    #: The one row that determines (every allow of a decision names one row).
    requirements: Requirements | None = None
    bars: tuple[Bar, ...] = ()
    duties: tuple[Duty, ...] = ()
    #: Lowest role that may do this act here; the target of escalation on a refusal.
    lowest_role: str | None = None
    permit: Permit | None = None

    @property
    def rule(self) -> str | None:
        """``DO-nnn`` of the determining row, or ``None`` when no row matched."""
        return self.requirements.rule if self.requirements else None
