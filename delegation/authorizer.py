"""May this person do this act in this case now? Deny by default; bars trump grants.

The answer is allowed when some grant in force reaches the act and no duty is unmet. Grants only ever add ways to
be allowed; duties only ever take ways away. A duty that can't be evaluated is a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from delegation.duties import (
    disqualification,
    jurist,
    licensing,
    preparation,
    records,
    resolution,
    rotation,
    separation,
)
from delegation.duties.question import Question, ask
from delegation.errors import ConflictingRows, NoRow, Unevaluable
from delegation.order import DelegationOrder
from delegation.roles import DEPUTY, DIRECTOR
from delegation.types import Act, Bar, DecisionRequest, Duty, Grant, GrantKind, Permit, Requirements, Verdict

#: Duties that hold whoever asks, and duties that also depend on the role that the person acts in.
Shared = Callable[[Question], Iterator[Duty]]
ByRole = Callable[[Question, str], Iterator[Duty]]

_SHARED: Final[dict[Act, tuple[Shared, ...]]] = {
    Act.REVIEW: (separation.reviewing,),
    Act.ANSWER: (separation.answering, preparation.answering),
    Act.PRESENT: (separation.presenting,),
    # Only of a place in a joint preparation that is closed as unheard; other handling has no such duties.
    Act.HANDLE: (separation.closing, preparation.closing),
    Act.DECIDE: (
        separation.deciding,
        preparation.deciding,
        jurist.deciding,
        rotation.deciding,
        records.deciding,
        records.hearing,
        records.verifying,
        licensing.deciding,
    ),
}
_BY_ROLE: Final[dict[Act, tuple[ByRole, ...]]] = {
    Act.CONSULT: (jurist.consulting,),
    Act.DECIDE: (preparation.presentation, rotation.decider, records.repeating),
}
#: Acts that can't be judged without the row that covers the decision.
_NEED_ROW: Final = frozenset({Act.DECIDE, Act.CONSULT, Act.ANSWER})
#: Duties that another person might meet where this one doesn't; the other duties concern the case.
_PERSONAL: Final = frozenset(
    {
        "NOT_DISQUALIFIED",
        "NOT_OWN_CHALLENGE",
        "DECLARED",
        "DECIDER_IS_NOT_PREPARER",
        "DECIDER_IS_NOT_RAPPORTEUR",
        "DECIDER_IS_NOT_REVIEWER",
        "REVIEWER_IS_NOT_PREPARER",
        "REVIEWER_IS_NOT_RAPPORTEUR",
        "REVIEWER_IS_NOT_DECIDER",
        "RAPPORTEUR_IS_NOT_DECIDER",
        "PARTICIPANT_IS_NOT_PROPOSER",
        "OPINION_LEVEL",
        "RESOLVER_IS_NOT_PARTY",
        "RESOLVER_IS_NOT_PREPARER",
        "RESOLVER_STANDS_ABOVE",
        "DECIDER_ROTATES",
        "FOURTH_DEMAND",
    }
)
_YEAR_DAYS: Final = 366
_FORUM: Final = "OLG"
_FORUM_ROLE: Final = "EC_N"
_BEST_FIRST: Final = {GrantKind.APPOINTMENT: 0, GrantKind.SUB_DELEGATION: 1, GrantKind.SUBSTITUTION: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A grant that reaches the act, and the role that it lets the person act in."""

    grant: Grant
    role: str
    level: int


def is_authorized(request: DecisionRequest, order: DelegationOrder) -> Verdict:
    """Return the order's answer to a request, with its reasons (R-08, G-5)."""
    bars: list[Bar] = []
    if not order.in_force(request.at):
        bars.append(Bar(code="ORDER_NOT_IN_FORCE", rule_id="R-29", params=(("order", order.number),)))
    requirements = _requirements(request, order, bars)
    question = ask(request, order, requirements)
    candidates, reasons = _candidates(request, order, requirements)
    bars.extend(reasons if not candidates else ())
    duties: list[Duty] = []
    _collect(duties, disqualification.every_act(question))
    _collect(duties, resolution.every_act(question))
    if requirements is not None or request.act is not Act.DECIDE:
        for shared in _SHARED.get(request.act, ()):
            _collect(duties, shared(question))
    chosen, by_role = _choose(candidates, question)
    duties.extend(by_role)
    bars.extend(
        Bar(code=duty.code, rule_id=duty.rule_id, params=duty.params, personal=duty.code in _PERSONAL)
        for duty in duties
        if not duty.met
    )
    permit = None
    if chosen is not None and not bars:
        permit = Permit(
            case=request.case,
            act=request.act,
            person=request.actor.person,
            grant=chosen.grant.id,
            role=chosen.role,
            rule=requirements.rule if requirements else None,
            row=requirements.row if requirements else None,
            order_number=order.number,
            order_sha256=order.sha256,
            decision_type=request.decision_type,
            proposal=request.proposal,
            at=request.at,
        )
    return Verdict(
        allowed=permit is not None,
        order_number=order.number,
        order_sha256=order.sha256,
        requirements=requirements,
        bars=tuple(bars),
        duties=tuple(duties),
        lowest_role=_lowest_role(request, requirements),
        permit=permit,
    )


def out_of_reach(request: DecisionRequest, order: DelegationOrder) -> tuple[Bar, ...]:
    """Return why no grant of the person reaches the act, or nothing when one does (R-28).

    Duties are not asked: work that waits for somebody else's step still belongs to whoever has taken it.
    """
    reasons: list[Bar] = []
    candidates, bars = _candidates(request, order, _requirements(request, order, reasons))
    return () if candidates else tuple(bars)


def _requirements(request: DecisionRequest, order: DelegationOrder, bars: list[Bar]) -> Requirements | None:
    """Return the row, or add the bar that says why there is none."""
    if request.decision_type is None:
        if request.act in (Act.DECIDE, Act.ANSWER):
            bars.append(Bar(code="NO_DECISION_TYPE", rule_id="R-08"))
        return None
    try:
        return order.requirements(request.case_type, request.decision_type, request.facts)
    except NoRow:
        params = (("case_type", request.case_type), ("decision_type", request.decision_type))
        bars.append(Bar(code="NO_ROW", rule_id="R-08", params=params))
    except ConflictingRows as error:
        if request.act in _NEED_ROW:
            bars.append(Bar(code="CONFLICTING_ROWS", rule_id="R-08", params=(("rows", ", ".join(error.rows)),)))
    except Unevaluable as error:
        if request.act in _NEED_ROW:
            bars.append(_unevaluable(error, "R-08"))
    return None


def _unevaluable(error: Unevaluable, rule_id: str) -> Bar:
    return Bar(code="UNEVALUABLE", rule_id=rule_id, params=(("facts", ", ".join(error.facts)),))


def _collect(duties: list[Duty], family: Iterator[Duty]) -> None:
    """Add a family's duties; what can't be evaluated is a duty not met."""
    try:
        duties.extend(family)
    except Unevaluable as error:
        params = (("facts", ", ".join(error.facts)),)
        duties.append(Duty(code="UNEVALUABLE", rule_id="R-08", met=False, params=params))


def _choose(candidates: list[_Candidate], question: Question) -> tuple[_Candidate | None, list[Duty]]:
    """Return the candidate whose role meets every duty that depends on it, or else the first one's duties."""
    row = question.requirements
    of_act = () if row is None and question.request.act is Act.DECIDE else _BY_ROLE.get(question.request.act, ())
    first: list[Duty] | None = None
    for candidate in candidates:
        duties: list[Duty] = []
        for check in (disqualification.declared, resolution.resolving, *of_act):
            _collect(duties, check(question, candidate.role))
        if all(duty.met for duty in duties):
            return candidate, duties
        if first is None:
            first = duties
    if first is None:
        first = []
        if row is not None and question.request.act is Act.DECIDE:
            # Nobody to ask about, but what the case lacks is told all the same.
            for check in of_act:
                _collect(first, check(question, row.lowest_role.partition("/")[0]))
    return None, first


def _candidates(
    request: DecisionRequest, order: DelegationOrder, requirements: Requirements | None
) -> tuple[list[_Candidate], list[Bar]]:
    """Return the grants that reach the act, best first, and the bars to show when none does."""
    found: list[_Candidate] = []
    reasons: dict[tuple[str, tuple[tuple[str, str], ...]], Bar] = {}
    for grant in request.actor.grants:
        if grant.person != request.actor.person:
            continue
        answer = _reach(grant, request, order, requirements)
        if isinstance(answer, Bar):
            reasons[answer.code, answer.params] = answer
        else:
            found.append(_Candidate(grant=grant, role=answer, level=order.roles[answer].level))
    if len(found) > 1:
        found.sort(key=lambda one: (one.level, _BEST_FIRST[one.grant.kind], one.grant.id))
    # That a person lacks an appointment here says less than why an appointment here does not reach.
    telling = [bar for bar in reasons.values() if bar.code != "NO_GRANT"]
    told = sorted(telling, key=lambda bar: (bar.code, bar.params))
    return found, told or [
        Bar(personal=True, code="NO_GRANT", rule_id="R-08", params=(("case_type", request.case_type),))
    ]


def _reach(
    grant: Grant, request: DecisionRequest, order: DelegationOrder, requirements: Requirements | None
) -> str | Bar:
    """Return the role in which a grant reaches the act, or the bar that says why it doesn't."""
    roles = order.roles
    if grant.role not in roles:
        return Bar(personal=True, code="UNKNOWN_ROLE", rule_id="R-08", params=(("role", grant.role),))
    if not _appointed(grant, request, order):
        return Bar(personal=True, code="NO_GRANT", rule_id="R-08", params=(("case_type", request.case_type),))
    if not (grant.valid_from <= request.at and (grant.valid_to is None or request.at < grant.valid_to)):
        return Bar(personal=True, code="GRANT_NOT_IN_FORCE", rule_id="R-59", params=(("role", grant.role),))
    rule = requirements.rule if requirements else None
    if grant.rules is not None and not (
        requirements is not None and (rule in grant.rules or requirements.via in grant.rules)
    ):
        return Bar(personal=True, code="GRANT_FOR_OTHER_ROWS", rule_id="R-08", params=(("role", grant.role),))
    role = _acting_role(grant, requirements)
    if role is None:
        return Bar(personal=True, code="NOT_SERVING", rule_id="R-08", params=(("role", grant.role),))
    if request.act is Act.DECIDE:
        if requirements is None:
            return role
        refusal = _reach_row(grant, role, order, requirements)
        if refusal is not None:
            return refusal
    elif grant.kind is GrantKind.SUB_DELEGATION:
        return Bar(personal=True, code="SUB_DELEGATION_DECIDES_ONLY", rule_id="R-60", params=(("role", grant.role),))
    if request.act not in roles[role].acts:
        return Bar(
            personal=True, code="ACT_NOT_IN_ROLE", rule_id="R-09", params=(("role", role), ("act", request.act.value))
        )
    if request.act is Act.ANSWER:
        return role
    asked = (request.step_role or "").replace("/", " ").split()
    # A sub-delegated right is narrower than any step; the row itself says who may hold it.
    narrowed = asked and "ORDER" not in asked and grant.kind is not GrantKind.SUB_DELEGATION
    if narrowed and not any(roles.reaches(role, one) for one in asked):
        return Bar(
            personal=True, code="STEP_ROLE", rule_id="R-09", params=(("role", role), ("step_role", " ".join(asked)))
        )
    return role


def _appointed(grant: Grant, request: DecisionRequest, order: DelegationOrder) -> bool:
    """Tell whether a grant is an appointment for what is asked: the case's type, or the participant's."""
    roles, case_type = order.roles, request.case_type
    if request.act is not Act.ANSWER:
        return roles.appointed(grant.role, grant.case_types, case_type)
    role, _, qualifier = (request.participant or "").partition(":")
    if not roles.reaches(grant.role, _FORUM_ROLE if role == _FORUM else role):
        return False
    if qualifier == "OTHER":
        return grant.case_types is not None and any(
            roles.appointed(grant.role, grant.case_types, other) for other in grant.case_types - {case_type}
        )
    if qualifier == "ANY":
        return grant.case_types is None or any(
            roles.appointed(grant.role, grant.case_types, other) for other in grant.case_types
        )
    return roles.appointed(grant.role, grant.case_types, qualifier or case_type)


def _acting_role(grant: Grant, requirements: Requirements | None) -> str | None:
    """Return the role that a grant lets a person act in.

    The deputy acts as director-general while serving, which a substitution says; otherwise only where a row
    names the deputy (MF 24 §).
    """
    if grant.role != DEPUTY:
        return grant.role
    if requirements is not None and requirements.lowest_role == DEPUTY:
        return DEPUTY
    return DIRECTOR if grant.kind is GrantKind.SUBSTITUTION else None


def _reach_row(grant: Grant, role: str, order: DelegationOrder, row: Requirements) -> Bar | None:
    """Return the bar that keeps a grant from deciding a row, if any (R-08, R-09, R-59, R-60)."""
    params = (("role", role), ("lowest_role", row.lowest_role), ("rule", row.rule))
    if grant.kind is not GrantKind.SUB_DELEGATION:
        if order.roles.reaches(role, row.lowest_role):
            return None
        code, rule_id = ("PRINCIPLE", "R-11") if row.rule == "DO-002" else ("LEVEL_TOO_LOW", "R-09")
        return Bar(personal=True, code=code, rule_id=rule_id, params=params)
    if grant.rules is None or row.sub_delegable_to != grant.role:
        return Bar(personal=True, code="NOT_SUB_DELEGABLE", rule_id="R-60", params=params)
    if grant.valid_to is None or (grant.valid_to - grant.valid_from).days > _YEAR_DAYS:
        return Bar(personal=True, code="SUB_DELEGATION_TOO_LONG", rule_id="R-59", params=params)
    if grant.on_behalf_of is None or not order.roles.reaches(grant.on_behalf_of, row.lowest_role):
        return Bar(personal=True, code="NOT_SUB_DELEGABLE", rule_id="R-60", params=params)
    return None


def _lowest_role(request: DecisionRequest, requirements: Requirements | None) -> str | None:
    """Return the lowest role that may do the act."""
    if request.act is Act.DECIDE:
        return requirements.lowest_role if requirements else None
    if request.act is Act.CONSULT and requirements is not None and requirements.jurist_role is not None:
        return requirements.jurist_role
    if request.act is Act.ANSWER:
        return request.participant
    asked = (request.step_role or "").split()
    return asked[0] if asked and "ORDER" not in asked else None
