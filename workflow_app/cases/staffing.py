"""Can this case still be decided? Rows turned into the plan that ``delegation.staffing`` answers.

What is left to do is what the order still misses, each asked of the order person by person; nothing here knows a rule
of its own beyond which steps the duties keep apart.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import QuerySet, UUIDField

from delegation import offers, staffing
from delegation.order import DelegationOrder
from delegation.roles import DEPUTY, Chain
from delegation.staffing import Answer, Plan, Separation, Shortage, Step
from delegation.types import Act, Actor, DecisionRequest, Requirements, Verdict
from workflow_app.cases import facts as case_facts
from workflow_app.cases import offering, operations, reading
from workflow_app.cases.kept_query import KeptQuery
from workflow_app.cases.models import Case, WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.enforcement import services as enforcement
from workflow_app.engine.ahead import ahead
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

#: How many may be away when the nights' report is made.
AWAY: Final = 2
#: How many holders of a role are read at first: seldom are more needed to find enough who may.
SOME: Final = 12
#: Nobody: the order is asked what the case lacks, whoever asks.
NOBODY: Final = Actor(person="")
#: The role whose opinion a row that asks for a physician asks for.
PHYSICIAN: Final = "TL"
#: The proposal that will be written: no act binds to it yet.
TO_BE_WRITTEN: Final = "TO_BE_WRITTEN"

_REVIEW = frozenset({"FOUR_EYES", "REVIEW_OF_THIS_VERSION"})
_JURIST = frozenset({"JURIST_HEARD", "JURIST_LEVEL", "JURIST_ON_THIS_VERSION"})
_PHYSICIAN = frozenset({"PHYSICIAN_HEARD", "PHYSICIAN_LEVEL", "PHYSICIAN_ON_THIS_VERSION"})
_JOINT = frozenset({"JOINT_PREPARATION", "JOINT_PREPARATION_HEARD"})
_PRESENT = frozenset({"RAPPORTEUR_NAMED", "PRESENTED"})

#: Which acts of one proposal the duties give to different persons, and by which rule.
_APART: Final = (
    (Act.PREPARE, Act.REVIEW, "R-19"),
    (Act.PREPARE, Act.CONSULT, "R-25"),
    (Act.PREPARE, Act.ANSWER, "R-31"),
    (Act.PREPARE, Act.DECIDE, "R-64"),
    (Act.PREPARE, Act.HANDLE, "R-61"),
    (Act.REVIEW, Act.PRESENT, "R-64"),
    (Act.REVIEW, Act.DECIDE, "R-20"),
    (Act.CONSULT, Act.DECIDE, "R-25"),
    (Act.PRESENT, Act.DECIDE, "R-14"),
    (Act.PRESENT, Act.HANDLE, "R-61"),
)
_ACTS_APART: Final = frozenset(frozenset(acts) for *acts, _ in _APART)
_KEPT_APART: Final = frozenset[Act]().union(*_ACTS_APART)


def _open_items(*, case: uuid.UUID) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(case=case, state__in=reading.OPEN, decision_type="")


_OPEN_ITEMS = KeptQuery(_open_items, {"case": (UUIDField(), uuid.UUID(int=1))})


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something left to do: an act in a role, in the pool of a case type."""

    act: Act
    #: The role that is asked for, and a joint preparation's code; empty where any role that may do the act will do.
    role: str = ""
    joint_code: str = ""
    participants: tuple[str, ...] = ()
    asked: str | None = None

    @property
    def id(self) -> str:
        """``CONSULT:BCJ``: what the step is called in a plan."""
        return ":".join(part for part in (self.act.value, self.joint_code or self.role) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Whether a case can be decided by those who are here, and by how little."""

    case: Case
    plan: Plan
    answer: Answer
    #: Persons who are missed when they are away, alone or two together; not told when nobody is left as it is.
    missed: tuple[frozenset[str], ...]

    @property
    def shortage(self) -> Shortage | None:
        """Why nobody is left, when nobody is."""
        return self.answer.reasons


class Office:
    """Who is here at a moment, under the order in force. What is read for one case serves the next."""

    def __init__(self, at: datetime, order: DelegationOrder | None = None) -> None:
        self.at = at
        self.order = order or orders.order_in_force(at)
        away = organisation.absences(at).filter(valid_from__lte=at)
        self._absent = frozenset(str(person) for person in away.values_list("person_id", flat=True))
        self._actors: dict[tuple[frozenset[str], str | None, int | None], dict[uuid.UUID, Actor]] = {}

    def actors(self, roles: frozenset[str], case_type: str | None) -> Iterator[Actor]:
        """Yield those who hold any of some roles for a case type and are not away.

        A role may have hundreds of holders, of whom a plan needs a handful: the rest are read when they are asked for.
        """
        read: dict[uuid.UUID, Actor] = {}
        for first in (SOME, None):
            found = self._holders(roles, case_type, first)
            new = (actor for person, actor in found.items() if person not in read)
            yield from (actor for actor in new if actor.person not in self._absent)
            if len(found) < SOME:
                return
            read = found

    def _holders(self, roles: frozenset[str], case_type: str | None, first: int | None) -> dict[uuid.UUID, Actor]:
        key = roles, case_type, first
        if key not in self._actors:
            self._actors[key] = organisation.holders(sorted(roles), case_type, self.at, first=first)
        return self._actors[key]

    def people(self, left: Left, request: DecisionRequest, most: int) -> frozenset[str]:
        """Return those in whom nothing stands against an act; no more of them than a plan can need."""
        able = (
            actor.person
            for participant, asked in _questions(left, request)
            for actor in self.actors(_roles(left, participant, self.order), _pool(participant, asked))
            if self.may(actor, asked)
        )
        found: set[str] = set()
        while len(found) < most and (person := next(able, None)) is not None:
            found.add(person)
        return frozenset(found)

    def could(self, actor: Actor, left: Left, request: DecisionRequest) -> bool:
        """Tell whether nothing in a person stands against what is left to do."""
        return any(self.may(actor, asked) for _, asked in _questions(left, request))

    def may(self, actor: Actor, request: DecisionRequest) -> bool:
        """Tell whether nothing in a person stands against an act, asked of as if having declared."""
        asked = replace(request, actor=actor, cleared=request.cleared | {actor.person})
        return not any(bar.personal for bar in enforcement.verdict(asked, order=self.order).bars)

    def plan(self, left: Iterable[Left], request: DecisionRequest) -> Plan:
        """Return what is left with those who could, and what must be different persons."""
        steps = list(left)
        most = len(steps) + AWAY
        return Plan(
            steps=tuple(Step(id=each.id, people=self.people(each, request, most)) for each in steps),
            constraints=tuple(
                Separation(a=one.id, b=other.id, rule_id=rule)
                for a, b, rule in _APART
                for one in steps
                for other in steps
                if one.act is a and other.act is b
            ),
        )

    def outlook(self, case: Case, *, away: int = AWAY) -> Outlook | None:
        """Return whether a case can be decided; ``None`` where nothing is proposed that could be."""
        turn = Turn(case=case, order=self.order, actor=None, at=self.at, command="", operations=operations.REGISTRY)
        found = left_in(turn)
        if found is None:
            return None
        left, request = found
        plan = self.plan(left, request)
        answer = staffing.satisfiable(plan)
        missed = staffing.critical_persons(plan, away=away) if answer.witness is not None and away else ()
        return Outlook(case=case, plan=plan, answer=answer, missed=missed)


def _questions(left: Left, request: DecisionRequest) -> Iterator[tuple[str | None, DecisionRequest]]:
    """Yield the question to the order about an act, for each participant whose part could be taken."""
    for participant in left.participants or (None,):
        yield (
            participant,
            replace(
                request,
                act=left.act,
                step_role=left.asked,
                joint_code=left.joint_code or None,
                participant=participant,
                disagreeing=request.disagreeing if left.act is Act.HANDLE else frozenset(),
            ),
        )


def _pool(participant: str | None, request: DecisionRequest) -> str | None:
    return offers.participant_case_type(participant, request.case_type) if participant else request.case_type


def _roles(left: Left, participant: str | None, order: DelegationOrder) -> frozenset[str]:
    """Return the roles among whose holders those are looked for who may do an act; the order has the last word."""
    if participant is not None:
        targets = offers.participant_roles(participant)
    elif left.asked is not None:
        targets = tuple(left.asked.split())
    elif left.role:
        targets = (left.role,)
    else:
        return frozenset(role.code for role in order.roles if left.act in role.acts)
    reaching = {code for target in targets for code in offers.sufficient_roles(order, target)}
    return frozenset(reaching | {DEPUTY} if left.act is Act.DECIDE else reaching)


def left_in(turn: Turn) -> tuple[list[Left], DecisionRequest] | None:
    """Return what is left to do about the proposal in force, and the question it is asked with.

    ``None`` where there is no such proposal, or the order has no row for it.
    """
    proposal, standing = turn.proposal, turn.standing
    if proposal is None or proposal.matter != standing.matter:
        return None
    open_items: list[WorkItem] = _OPEN_ITEMS.fetch(case=turn.case.pk)
    rewriting = [item for item in open_items if (step := turn.net.node(item.node).step) and step.proposal]
    request = case_facts.request(
        case=turn.case,
        facts=turn.facts.values,
        standing=standing,
        prior_acts=turn.prior_acts,
        actor=NOBODY,
        act=Act.DECIDE,
        at=turn.at,
        item=None,
        role=None,
        proposal_hash=TO_BE_WRITTEN if rewriting and not standing.decided else proposal.content_hash,
        decision_type=proposal.decision_type,
        disagreeing=standing.disagreeing,
    )
    verdict = enforcement.verdict(request, order=turn.order)
    row = verdict.requirements
    if row is None:
        return None
    asked = _asked(turn)
    if standing.decided:
        # What the row lets follow the decision stands open as work.
        return list(dict.fromkeys(_after(open_items, asked))), request
    left = list(before(verdict, row, asked=asked, resolver=turn.facts.values.get("resolver_role")))
    if rewriting:
        left.insert(0, Left(act=Act.PREPARE, asked=asked.get(Act.PREPARE)))
    return left, request


def _after(items: Iterable[WorkItem], asked: Mapping[Act, str | None]) -> Iterator[Left]:
    for item in items:
        if item.act == Act.REVIEW.value:
            yield Left(act=Act.REVIEW, asked=asked.get(Act.REVIEW))
        elif item.act == Act.ANSWER.value:
            yield Left(act=Act.ANSWER, joint_code=item.joint_code, participants=(item.participant,))


def before(
    verdict: Verdict, row: Requirements, *, asked: Mapping[Act, str | None], resolver: str | None = None
) -> Iterator[Left]:
    """Yield what the order still misses before a decision, and the decision."""
    codes = {duty.code for duty in verdict.duties if not duty.met}
    if codes & _REVIEW:
        yield Left(act=Act.REVIEW, asked=asked.get(Act.REVIEW))
    if codes & _JURIST:
        yield Left(act=Act.CONSULT, role=row.jurist_role or "")
    if codes & _PHYSICIAN:
        yield Left(act=Act.CONSULT, role=PHYSICIAN)
    for duty in verdict.duties:
        if duty.code in _JOINT and not duty.met:
            code = dict(duty.params)["joint_code"]
            participants = next(each.participants for each in row.joint_preparations if each.code == code)
            yield Left(act=Act.ANSWER, joint_code=code, participants=tuple(dict.fromkeys(participants)))
    if "DISAGREEMENT_SETTLED" in codes and resolver:
        yield Left(act=Act.HANDLE, role=resolver)
    if codes & _PRESENT:
        yield Left(act=Act.PRESENT, asked=asked.get(Act.PRESENT))
    yield Left(act=Act.DECIDE, role=row.lowest_role)


def _asked(turn: Turn) -> dict[Act, str | None]:
    """Return, by act, the roles that the steps ahead ask for; a diagram can only narrow."""
    found: dict[Act, set[str]] = {}
    for node in ahead(turn.net, turn.marking) if turn.marking else ():
        step = node.step
        if step is None or step.decision_type or (step.act == "present" and step.forum != "DECISION"):
            continue
        found.setdefault(Act(step.act.upper()), set()).update((offering.asked_roles(node) or offering.BY_ORDER).split())
    return {act: None if offering.BY_ORDER in roles else " ".join(sorted(roles)) for act, roles in found.items()}


# A step that is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What it means to what is left that a person takes a step."""

    #: Why nobody is left afterwards, where somebody is before.
    shortage: Shortage | None
    #: Steps that one other person alone is left for, because of it: step and person.
    only: tuple[tuple[str, str], ...] = ()


def taking(turn: Turn, item: WorkItem, person: str) -> Taking | None:
    """Return what is left when a person takes a work item; ``None`` where that takes nobody from another step.

    Whoever can do nothing else in the case is asked about without a look at anybody else.
    """
    act = Act(item.act)
    # Most steps are none that a duty holds apart from another: nothing is looked up for them.
    apart = act in _KEPT_APART and (act is not Act.HANDLE or bool(turn.facts.values.get("resolver_role")))
    found = left_in(turn) if apart and not item.decision_type and not turn.resolves else None
    if found is None:
        return None
    left, request = found
    own = _own(item, left, turn)
    if own is None:
        return None
    others = [each for each in left if frozenset({own.act, each.act}) in _ACTS_APART]
    if not others:
        return None
    office = Office(turn.at, turn.order)
    actor = organisation.actor_at(person, turn.at)
    if not any(office.could(actor, each, request) for each in others):
        return None
    plan = office.plan(left if own in left else [own, *left], request)
    if staffing.satisfiable(plan).witness is None:
        return None
    shortage = staffing.satisfiable(plan.taken(own.id, person)).reasons
    return Taking(shortage=shortage, only=() if shortage else tuple(_only(plan, others, person)))


def _own(item: WorkItem, left: Iterable[Left], turn: Turn) -> Left | None:
    """Return what is left that a work item is; ``None`` where it is something that no duty holds apart."""
    act = Act(item.act)
    if act is Act.PREPARE:
        # Whoever inspects for a proposal has prepared it too.
        return next((each for each in left if each.act is act), Left(act=act))
    alike = [each for each in left if each.act is act and each.joint_code == item.joint_code]
    if act is Act.CONSULT:
        medical = any(turn.order.roles[role].chain is Chain.MEDICAL for role in item.roles.split())
        alike = [each for each in alike if (turn.order.roles[each.role].chain is Chain.MEDICAL) is medical]
    return next(iter(alike), None)


def _only(plan: Plan, others: Iterable[Left], person: str) -> Iterator[tuple[str, str]]:
    people = {step.id: step.people for step in plan.steps}
    for each in others:
        rest = people[each.id] - {person}
        if person in people[each.id] and len(rest) == 1:
            yield each.id, min(rest)
