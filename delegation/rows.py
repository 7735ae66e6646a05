"""The rows of an order and when they match: three-valued, so that a missing fact never passes for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from delegation import vocabulary
from delegation.dmn.table import Cell
from delegation.errors import Unevaluable
from delegation.feel.errors import FeelError
from delegation.feel.values import adopt

#: Every row answers to this flag, so the index does.
PRINCIPLE: Final = "principle"

Facts = Mapping[str, Any]
Condition = tuple[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule of ``rules.dmn``: a row of the order, or one band of it."""

    #: ``DO-046-1``.
    id: str
    #: ``DO-046``.
    rule_id: str
    case_types: Cell
    decision_types: Cell
    #: Conditions beside case type and decision type; a dash is no condition.
    conditions: tuple[Condition, ...]
    #: Output values that need no facts, by column.
    constants: Mapping[str, Any]
    #: Output cells that read facts.
    computed: Mapping[str, Any]
    annotation: str
    sub_delegation: str

    @property
    def is_override(self) -> bool:
        """Tell whether the row takes over from every other row (DO-002)."""
        return self.case_types.is_any and self.decision_types.is_any

    def output(self, column: str, facts: Facts) -> Any:
        """Return an output value; raises ``Unevaluable`` when its expression can't be computed."""
        if column in self.constants:
            return self.constants[column]
        expression = self.computed[column]
        names = expression.names
        scope = {name: fact_value(name, facts) for name in names}
        try:
            value = expression.evaluate(scope)
        except FeelError as error:
            raise Unevaluable(sorted(names)) from error
        if value is None:
            raise Unevaluable(sorted(name for name in names if scope[name] is None) or sorted(names))
        return value


def fact_value(name: str, facts: Facts) -> Any:
    """Return a fact as a FEEL value, or its declared default; raises ``Unevaluable`` for no FEEL value at all."""
    value = facts.get(name)
    if value is None:
        declared = vocabulary.FACTS.get(name)
        return declared.default if declared else None
    try:
        return adopt(value)
    except (TypeError, ValueError) as error:
        raise Unevaluable((name,)) from error


def matches(conditions: Iterable[Condition], facts: Facts, unknown: set[str]) -> bool | None:
    """Tell whether every condition holds; ``None`` when that can't be told, with the facts at fault in ``unknown``."""
    doubtful = []
    for name, cell in conditions:
        value = fact_value(name, facts)
        answer = None if value is None else cell.test(value, facts)
        if answer is False:
            return False
        if answer is None:
            doubtful.append(name)
    if not doubtful:
        return True
    unknown.update(doubtful)
    return None
