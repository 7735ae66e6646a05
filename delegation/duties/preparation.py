"""Presentation, four eyes, joint preparation and disagreement before a decision (R-13, R-22, R-25, R-31, R-32)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from delegation import escalation
from delegation.duties.question import AGREEMENT, Question, duty, flag, latest
from delegation.errors import NoResolver, UnknownRole
from delegation.roles import DEPUTY, DIRECTOR
from delegation.types import Act, Answer, Duty, JointPreparation, PriorAct

_OBJECTIONS: Final = frozenset({Answer.DISAGREE, Answer.RETURN})


def deciding(question: Question) -> Iterator[Duty]:
    """Yield the preparation that the row requires and whether it is complete."""
    row, request = question.row, question.request
    if row.four_eyes or row.rapporteur:
        yield duty("PROPOSAL_STANDS", "R-22", request.proposal is not None)
    if row.four_eyes:
        yield _four_eyes(question)
    for joint in row.joint_preparations:
        yield _joint(question, joint)
    if question.acts:
        yield from _disagreements(question)


def answering(question: Question) -> Iterator[Duty]:
    """Yield that the row asks this participant in this joint preparation."""
    request = question.request
    if question.requirements is None:
        return
    asked = any(
        joint.code == request.joint_code and request.participant in joint.participants
        for joint in question.requirements.joint_preparations
    )
    params = (("joint_code", request.joint_code or "–"), ("participant", request.participant or "–"))
    yield Duty(code="PARTICIPANT_ASKED", rule_id="R-31", met=asked, params=params)


def closing(question: Question) -> Iterator[Duty]:
    """Yield that a place in a joint preparation which somebody closes as unheard is one that the row asks (R-31)."""
    if question.request.joint_code is not None:
        yield from answering(question)


def presentation(question: Question, role: str) -> Iterator[Duty]:
    """Yield that the rapporteur has presented; the director-general may decide what can't wait (R-13)."""
    row, request = question.row, question.request
    if not row.rapporteur:
        return
    if role == DIRECTOR and flag(request.facts, "could_not_wait"):
        yield duty("COULD_NOT_WAIT", "R-13", True)
        return
    if request.rapporteur is None:
        yield duty("RAPPORTEUR_NAMED", "R-13", False)
        return
    presented = any(
        prior.person == request.rapporteur and (row.oral or not prior.oral) for prior in question.of(Act.PRESENT)
    )
    yield duty("PRESENTED", "R-13", presented)


def _four_eyes(question: Question) -> Duty:
    row, request = question.row, question.request
    if row.controls_after:
        return duty("FOUR_EYES_AFTER", "R-51", True)
    outside = question.preparers | {request.rapporteur, request.actor.person}
    reviews = [prior for prior in question.of(Act.REVIEW) if prior.person not in outside]
    for prior in latest(reviews).values():
        # A review that disagreed was still made; whoever stands above it has then agreed in its place.
        settled = prior.answer is Answer.DISAGREE and any(
            _settles(question, act, prior, (prior.role,)) for act in question.acts
        )
        if prior.answer in AGREEMENT or settled:
            return duty("FOUR_EYES", "R-25", True)
    if not any(question.of(Act.REVIEW)) and question.earlier(Act.REVIEW):
        return duty("REVIEW_OF_THIS_VERSION", "R-22", False)
    return duty("FOUR_EYES", "R-25", False)


def _joint(question: Question, joint: JointPreparation) -> Duty:
    """Tell whether every participant has answered or was found unheard by others than the proposer (R-31, R-32).

    At least one was heard: silence alone closes nothing.
    """
    params = [("joint_code", joint.code)]
    if joint.after:
        return Duty(code="JOINT_PREPARATION_AFTER", rule_id="R-51", met=True, params=tuple(params))
    answers = [
        prior
        for prior in latest(question.of(Act.ANSWER)).values()
        if prior.joint_code == joint.code
        and prior.answer is not None
        and prior.person not in question.preparers
        and not (prior.answer is Answer.NOT_HEARD and prior.person == question.request.rapporteur)
    ]
    given = Counter(prior.participant for prior in answers)
    missing = Counter(joint.participants) - Counter({name: given[name] for name in joint.participants})
    if missing:
        params.append(("missing", ", ".join(sorted(missing.elements()))))
        return Duty(code="JOINT_PREPARATION", rule_id="R-25", met=False, params=tuple(params))
    if all(prior.answer is Answer.NOT_HEARD for prior in answers):
        return Duty(code="JOINT_PREPARATION_HEARD", rule_id="R-32", met=False, params=tuple(params))
    return Duty(code="JOINT_PREPARATION", rule_id="R-25", met=True, params=tuple(params))


def _disagreements(question: Question) -> Iterator[Duty]:
    if not any(prior.answer in _OBJECTIONS for prior in question.acts):
        return
    given = [prior for prior in latest(question.acts).values() if prior.act in (Act.REVIEW, Act.CONSULT, Act.ANSWER)]
    dissents = [prior for prior in given if prior.answer is Answer.DISAGREE]
    everyone = tuple(prior.role for prior in dissents)
    for prior in given:
        if prior.answer is Answer.RETURN:
            yield Duty(code="RETURN_SETTLED", rule_id="R-25", met=False, params=(("role", prior.role),))
    for dissent in dissents:
        settled = any(_settles(question, act, dissent, everyone) for act in question.acts)
        yield Duty(code="DISAGREEMENT_SETTLED", rule_id="R-61", met=settled, params=(("role", dissent.role),))


def _settles(question: Question, act: PriorAct, dissent: PriorAct, everyone: tuple[str, ...]) -> bool:
    """Tell whether an act is the settlement by someone above the disagreement who was no part of it."""
    if not act.resolves or act.at < dissent.at or act.person == dissent.person:
        return False
    if act.person in question.preparers or act.person == question.request.rapporteur:
        return False
    own = opponent(question)
    # Several disagreements about one proposal go to one resolver, who stands above all of them.
    return reaches_resolver(question, act.role, (dissent.role, own)) or reaches_resolver(
        question, act.role, (*everyone, own)
    )


def opponent(question: Question) -> str:
    """Return the role of the proposal's side; the rapporteur's, or an inspector's when no act shows it."""
    for prior in reversed(question.request.prior_acts):
        if prior.person == question.request.rapporteur or prior.person in question.preparers:
            return prior.role
    return "INSP"


def reaches_resolver(question: Question, role: str, parties: tuple[str, ...]) -> bool:
    """Tell whether a role is the resolver of a disagreement between two roles, or stands above that step."""
    roles = question.order.roles
    role = DIRECTOR if role == DEPUTY else role
    try:
        return any(roles.reaches(role, step.role) for step in escalation.steps(parties, question.order))
    except (NoResolver, UnknownRole):
        return False
