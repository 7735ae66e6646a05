"""The jurist's level and part, and the physician's (domain 3.3, R-09, R-22, R-25)."""

from __future__ import annotations

from collections.abc import Iterator

from delegation.duties.question import Question
from delegation.roles import Chain
from delegation.types import Act, Answer, Duty, JuristMode, PriorAct

_OPINIONS = frozenset({Answer.AGREE, Answer.AGREE_WITH_REMARK, Answer.DISAGREE})


def deciding(question: Question) -> Iterator[Duty]:
    """Yield whether the row's jurist and physician have given their opinion on this version (R-37)."""
    row = question.row
    if row.jurist_role is not None and row.jurist_mode is not None:
        params = (("jurist_role", row.jurist_role), ("jurist_mode", row.jurist_mode.value))
        if row.jurist_mode is JuristMode.DECIDES:
            # The row's lowest role is the jurist; whoever reaches it decides.
            yield Duty(code="JURIST_DECIDES", rule_id="R-09", met=True, params=params)
        elif row.jurist_after:
            yield Duty(code="JURIST_AFTER", rule_id="R-51", met=True, params=params)
        else:
            yield _opinion(question, Chain.LEGAL, row.jurist_role, "JURIST", params)
    if row.medical:
        yield _opinion(question, Chain.MEDICAL, "TL", "PHYSICIAN", (("jurist_role", "TL"),))


def consulting(question: Question, role: str) -> Iterator[Duty]:
    """Yield whether a role is one whose opinion the row asks for; a higher level satisfies a lower."""
    found = question.order.roles[role]
    row = question.requirements
    if found.chain is Chain.LEGAL and row is not None and row.jurist_role is not None:
        params = (("jurist_role", row.jurist_role), ("role", role))
        enough = question.order.roles.reaches(role, row.jurist_role)
        yield Duty(code="OPINION_LEVEL", rule_id="R-09", met=enough, params=params)
    else:
        params = (("jurist_role", "AJ"), ("role", role))
        enough = found.chain in (Chain.LEGAL, Chain.MEDICAL) and found.level > 0
        yield Duty(code="OPINION_LEVEL", rule_id="R-09", met=enough, params=params)


def _opinion(question: Question, chain: Chain, lowest: str, code: str, params: tuple[tuple[str, str], ...]) -> Duty:
    roles = question.order.roles
    outside = question.preparers | {question.request.actor.person}
    given: list[PriorAct] = [
        prior
        for prior in question.of(Act.CONSULT)
        if prior.role in roles
        and roles[prior.role].chain is chain
        and prior.answer in _OPINIONS
        and prior.person not in outside
        and (question.row.controls_after or not prior.oral)
    ]
    if any(roles.reaches(prior.role, lowest) for prior in given):
        return Duty(code=f"{code}_HEARD", rule_id="R-25", met=True, params=params)
    if given:
        return Duty(code=f"{code}_LEVEL", rule_id="R-09", met=False, params=(*params, ("role", given[-1].role)))
    if question.earlier(Act.CONSULT):
        return Duty(code=f"{code}_ON_THIS_VERSION", rule_id="R-22", met=False, params=params)
    return Duty(code=f"{code}_HEARD", rule_id="R-25", met=False, params=params)
