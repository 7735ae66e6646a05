"""What a duty looks at: the request, the row that covers it, and the acts that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from delegation.errors import Unevaluable
from delegation.order import DelegationOrder
from delegation.types import Act, Answer, DecisionRequest, Duty, PriorAct, Requirements

AGREEMENT: Final = frozenset({Answer.AGREE, Answer.AGREE_WITH_REMARK})
_YES_NO: Final = {"YES": True, "NO": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request with what every duty needs worked out once."""

    request: DecisionRequest
    order: DelegationOrder
    #: ``None`` for an act that needs no row.
    requirements: Requirements | None
    #: Everyone who wrote the proposal in force, inspected for it or edited it (R-19).
    preparers: frozenset[str]
    #: The acts bound to the proposal in force, oldest first, without those of disqualified persons.
    acts: tuple[PriorAct, ...]

    @property
    def row(self) -> Requirements:
        """Return the row; raises ``Unevaluable`` when the act was asked about without one."""
        if self.requirements is None:
            raise Unevaluable(("decision_type",))
        return self.requirements

    def of(self, act: Act) -> Iterator[PriorAct]:
        """Yield the acts of one kind, oldest first."""
        return (prior for prior in self.acts if prior.act is act)

    def earlier(self, act: Act) -> bool:
        """Tell whether such an act was done on another version of the proposal."""
        proposal = self.request.proposal
        return any(prior.act is act and prior.proposal not in (None, proposal) for prior in self.request.prior_acts)


def ask(request: DecisionRequest, order: DelegationOrder, requirements: Requirements | None) -> Question:
    """Return the question with its counting acts; raises nothing."""
    proposal = request.proposal
    acts: tuple[PriorAct, ...] = ()
    preparers = request.prepared_by
    if proposal is not None and request.prior_acts:
        bound = [
            prior
            for prior in request.prior_acts
            if prior.proposal == proposal and prior.person not in request.disqualified
        ]
        bound.sort(key=lambda prior: prior.at)
        acts = tuple(bound)
        wrote = {
            prior.person for prior in request.prior_acts if prior.act is Act.PREPARE and prior.proposal == proposal
        }
        if not wrote <= preparers:
            preparers = preparers | wrote
    return Question(request=request, order=order, requirements=requirements, preparers=preparers, acts=acts)


def latest(acts: Iterable[PriorAct]) -> dict[tuple[str, Act, str | None, str | None], PriorAct]:
    """Return the last act of each person in each part they took; a later answer replaces an earlier one."""
    return {(prior.person, prior.act, prior.joint_code, prior.participant): prior for prior in acts}


@cache
def duty(code: str, rule_id: str, met: bool) -> Duty:
    """Return a duty without parameters; there are few, so each is made once."""
    return Duty(code=code, rule_id=rule_id, met=met)


def flag(facts: Any, name: str) -> bool | None:
    """Return a yes-or-no fact, ``None`` when not stated; raises ``Unevaluable`` for anything else.

    A form that asks yes or no, with no answer as a third state, says ``YES`` and ``NO``.
    """
    value = facts.get(name)
    if value is None or isinstance(value, bool):
        return value
    if value in _YES_NO:
        return _YES_NO[value]
    raise Unevaluable((name,))


def number(facts: Any, name: str) -> Decimal | None:
    """Return a number, ``None`` when not stated; raises ``Unevaluable`` for anything else."""
    value = facts.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unevaluable((name,))
    found = Decimal(value)
    if not found.is_finite():
        raise Unevaluable((name,))
    return found
