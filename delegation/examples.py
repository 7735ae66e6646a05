"""Facts that bring a decision to a row of an order, for questions about the row itself and not about any case."""

from __future__ import annotations

from typing import Any, Final

from delegation import vocabulary
from delegation.errors import Unevaluable
from delegation.lint import values
from delegation.order import DelegationOrder
from delegation.rows import Row
from delegation.types import Requirements

#: What is said of a fact that a row reads beside its conditions: as little as can be.
_LEAST: Final[dict[str, Any]] = {"boolean": False, "number": 0}


def example(
    order: DelegationOrder, row: Row, *, case_type: str, decision_type: str
) -> tuple[dict[str, Any], Requirements]:
    """Return facts that a row covers, and what the order then demands.

    Raises ``Unevaluable`` where stating facts is not enough, and ``ConflictingRows`` where the order is at fault.
    """
    facts: dict[str, Any] = {
        name: next(value for value in values(name, [cell]) if cell.test(value, {}) is True)
        for name, cell in row.conditions
    }
    while True:
        try:
            return facts, order.requirements(case_type, decision_type, facts)
        except Unevaluable as unstated:
            missing = [name for name in unstated.facts if name in vocabulary.FACTS and name not in facts]
            if not missing:
                raise
            facts |= {name: _least(name) for name in missing}


def _least(name: str) -> Any:
    fact = vocabulary.FACTS[name]
    return fact.values[0] if fact.values else _LEAST.get(fact.type, "")
