"""Read what can be done in a case beside the model's steps: a declared circumstance, the proposal, a task passed on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delegation.conflict_signs import Sign
from delegation.duties import disqualification
from delegation.duties.rotation import ASSIGNING
from delegation.types import Act, Verdict
from workflow_app.cases import conflict_reasons, conflict_signs, selectors, typed_json
from workflow_app.cases.conflict_reasons import Sealed
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, CaseAct, Proposal, WorkItem
from workflow_app.cases.selectors import ItemPage
from workflow_app.cases.services import conflicts, proposing, teams, work
from workflow_app.cases.turn import Turn
from workflow_app.engine.nodes import Node
from workflow_app.organisation import selectors as organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The order's answer to a person, and who may when that person may not."""

    act: Act
    verdict: Verdict
    who_may: tuple[str, ...]


# Conflict of interest


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Whose circumstances are known in a case. Never what they are."""

    waiting: tuple[str, ...]
    ruled_out: tuple[str, ...]
    #: The open step of the process in which the ruling is made, when there is one.
    step: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    """Everything the page about a declared circumstance shows."""

    case: Case
    declared: Declared
    #: Each opinion on what waits, without its words: anybody in the case may know that there is one.
    opinions: tuple[CaseAct, ...]
    #: What was said and why, for those who must assess it; ``None`` for everybody else (R-07).
    sealed: tuple[Sealed, ...] | None
    #: What the registers say of those who wait, by name; nothing for those who may not assess it.
    signs: tuple[tuple[str, tuple[Sign, ...]], ...]
    #: Free steps that somebody in conflict may be called on for (R-05), for a head of unit.
    necessary: tuple[WorkItem, ...]
    advice: Answered
    ruling: Answered


def declared(case: Case) -> Declared | None:
    """Return whose circumstances are known in a case; ``None`` when nobody has declared any."""
    standing = Standing.loads(case.standing)
    if not standing.disqualified:
        return None
    names = organisation.names(standing.disqualified)
    items = WorkItem.objects.filter(case=case, state__in=selectors.OPEN, decision_type=conflicts.RULING)
    return Declared(
        waiting=tuple(sorted(names[person] for person in standing.unruled)),
        ruled_out=tuple(sorted(names[person] for person in standing.ruled_out)),
        step=items.values_list("id", flat=True).first(),
    )


def has_declared(case: Case, person: uuid.UUID) -> bool:
    """Tell whether a person has said that no circumstance is known (R-01)."""
    return str(person) in Standing.loads(case.standing).cleared


def conflict_page(case_id: uuid.UUID, person: uuid.UUID, at: datetime) -> ConflictPage:
    """Return the page about the circumstances declared in a case. Raises ``UnknownCase``."""
    case = selectors.readable_case(case_id, person, at)
    turn = selectors.display(case, person, at)
    turn.beside = conflicts.NODE
    advice = _answered(turn, Act.CONSULT, decision_type=conflicts.RULING)
    ruling = _answered(turn, Act.DECIDE, decision_type=conflicts.RULING)
    sealed = conflict_reasons.read(case, person, at)
    standing = turn.standing
    names = organisation.names(standing.disqualified)
    signs = ((names[one], conflict_signs.signs(case, uuid.UUID(one), at)) for one in sorted(standing.unruled))
    given = [act for act in turn.prior_acts if act.act == Act.CONSULT.value]
    return ConflictPage(
        case=case,
        declared=declared(case) or Declared(waiting=(), ruled_out=(), step=None),
        opinions=tuple(given),
        sealed=sealed,
        signs=tuple((name, found) for name, found in signs if found) if sealed is not None else (),
        necessary=_necessary(turn) if standing.disqualified else (),
        advice=advice,
        ruling=ruling,
    )


def _necessary(turn: Turn) -> tuple[WorkItem, ...]:
    """Return the free steps that a head of unit may call on somebody in conflict for (R-05)."""
    if not conflicts.may_call_necessary(turn):
        return ()
    acts = [act.value for act in disqualification.NECESSARY]
    return tuple(WorkItem.objects.filter(case=turn.case, state=WorkItem.State.OFFERED, act__in=acts).order_by("token"))


def in_conflict(case: Case) -> list[tuple[str, str]]:
    """Return id and name of those in conflict of interest in a case, ruled or not."""
    names = organisation.names(Standing.loads(case.standing).disqualified)
    return sorted(names.items(), key=lambda one: one[1])


def signs(page: ItemPage, person: uuid.UUID, at: datetime) -> tuple[Sign, ...]:
    """Return what a person is warned of before taking a step (R-06)."""
    return conflict_signs.signs(page.case, person, at) if page.item.state in selectors.OPEN else ()


def before_taking(page: ItemPage, person: uuid.UUID, at: datetime) -> dict[str, Any]:
    """Return what the page of a step that is not the person's tells: a warning, and whether it can be taken over."""
    if page.mine:
        return {}
    return {"signs": signs(page, person, at), "stands_in": stands_in(page, person, at)}


def _answered(turn: Turn, act: Act, *, decision_type: str = "", node: Node | None = None) -> Answered:
    verdict, request = turn.verdict(act, decision_type=decision_type, node=node)
    return Answered(act=act, verdict=verdict, who_may=selectors.who_may(request, verdict, order=turn.order))


# The proposal in force


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPage:
    """Everything the page on which a proposal is edited shows."""

    case: Case
    proposal: Proposal
    proposal_fields: Mapping[str, Any]
    #: form-js schema of the step that the proposal was written in.
    form: str
    facts: Mapping[str, Any]
    answered: Answered
    #: What is done on this version, and is void once another is written (R-22).
    voided: tuple[CaseAct, ...]


def amending(case: Case, person: uuid.UUID, at: datetime) -> Answered | None:
    """Return whether a person may edit the proposal; ``None`` when there is no undecided one."""
    standing = Standing.loads(case.standing)
    if case.proposal is None or standing.decided or case.state != Case.State.OPEN:
        return None
    turn = selectors.display(case, person, at)
    verdict, _ = turn.verdict(Act.PREPARE, node=proposing.written_in(turn)[0])
    return Answered(act=Act.PREPARE, verdict=verdict, who_may=())


def amend_page(case_id: uuid.UUID, person: uuid.UUID, at: datetime) -> AmendPage:
    """Return the page on which the proposal is edited. Raises ``UnknownCase`` and ``NothingToAmend``."""
    case = selectors.readable_case(case_id, person, at)
    turn = selectors.display(case, person, at)
    proposal = proposing.undecided(turn)
    node, form = proposing.written_in(turn)
    voided = [act for act in turn.acts_on_proposal if act.act != Act.PREPARE.value]
    return AmendPage(
        case=case,
        proposal=proposal,
        proposal_fields=typed_json.loads(proposal.content)["fields"],
        form=form,
        facts=turn.facts.values,
        answered=_answered(turn, Act.PREPARE, node=node),
        voided=tuple(voided),
    )


# A task passed on, or taken over


def stands_in(page: ItemPage, person: uuid.UUID, at: datetime) -> bool:
    """Tell whether a person is substitute for whoever has taken a step, and may ask to take it over (R-56)."""
    if page.item.state != WorkItem.State.CLAIMED or page.mine:
        return False
    return work.take_over_bar(selectors.display(page.case, person, at, item=page.item)) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """Whom a claimed task can be handed over to."""

    #: Person id and name of those who may, and have declared in the case.
    ready: tuple[tuple[str, str], ...]
    #: Names of those who may once they have declared, at most twelve.
    undeclared: tuple[str, ...]
    #: How many more may once they have declared.
    more: int


def receivers(page: ItemPage, person: uuid.UUID, at: datetime) -> Receivers:
    """Return those whom the order lets do a step, other than the person who has taken it (G-4, R-63)."""
    turn = selectors.display(page.case, person, at, item=page.item)
    _, request = turn.verdict(Act(page.item.act))
    pool = None if page.item.case_type == WorkItem.ANY_CASE_TYPE else page.item.case_type
    found = selectors.able(request, page.item.roles.split(), pool, order=turn.order)
    others = [(str(one.pk), one.display_name) for one in found if one.pk != person]
    ready = tuple(one for one in others if one[0] in turn.standing.cleared)
    undeclared = [name for one, name in others if one not in turn.standing.cleared]
    return Receivers(
        ready=ready,
        undeclared=tuple(undeclared[: selectors.MOST_NAMES]),
        more=max(0, len(undeclared) - selectors.MOST_NAMES),
    )


def may_propose_teams(case: Case, person: uuid.UUID, at: datetime) -> bool:
    """Tell whether a person may lay inspectors before the homes, but for a declaration that is not made yet (R-01)."""
    turn = selectors.display(case, person, at)
    turn.beside = teams.NODE
    answer, _request = turn.verdict(Act.HANDLE, decision_type=ASSIGNING, role=teams.ROLES)
    return all(bar.code == "DECLARED" for bar in answer.bars)
