"""The set of values that a cell matches, when its text is simple enough to say so exactly.

A domain is what the checks calculate with and what the tables build their index from. A cell that says more
than constants, comparisons and intervals has no domain; ``domain_of`` then answers ``None``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from delegation.feel import Expression, syntax
from delegation.feel.temporal import parse_date

#: Types whose values lie on a line, so that intervals of them can be compared.
LINE_TYPES: Final = (Decimal, dt.date)
POINT_TYPES: Final = (*LINE_TYPES, str, bool, type(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of a line; an absent end is unbounded."""

    low: Any = None
    high: Any = None
    low_included: bool = False
    high_included: bool = False

    def holds(self, value: Any) -> bool:
        """Tell whether a value of the same type lies in the interval."""
        if self.low is not None and (value < self.low or (value == self.low and not self.low_included)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_included)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A union of points and intervals, or everything except it."""

    points: frozenset[Any] = frozenset()
    intervals: tuple[Interval, ...] = ()
    #: The interval's and number points' type; ``None`` when there are only other points.
    line: type | None = None
    complement: bool = False

    @property
    def is_everything(self) -> bool:
        """Tell whether every value, also null, belongs to the domain."""
        return self.complement and not self.points and not self.intervals

    def holds(self, value: Any) -> bool:
        """Tell whether a value belongs to the domain."""
        inside = (type(value), value) in self.points or (
            type(value) is self.line and any(interval.holds(value) for interval in self.intervals)
        )
        return inside is not self.complement

    def literals(self) -> frozenset[Any] | None:
        """Return the values when the domain is a plain enumeration without null."""
        if self.complement or self.intervals or not self.points:
            return None
        if any(kind is type(None) for kind, _ in self.points):
            return None
        return frozenset(value for _, value in self.points)


EVERYTHING: Final = Domain(complement=True)


def domain_of(tests: Expression) -> Domain | None:
    """Return the domain of a cell's unary tests, or ``None`` when they say more than a domain can."""
    tree = tests.tree
    if not isinstance(tree, syntax.UnaryTests):
        return None
    if not tree.tests:
        return EVERYTHING
    inner = _union(tree.tests, tests)
    if inner is None or not tree.negated:
        return inner
    if inner.intervals:
        # A comparison with null or another type is null, and so is its negation: no plain complement.
        return _negated_line(inner)
    return Domain(points=inner.points, complement=True)


def _negated_line(inner: Domain) -> Domain | None:
    """Return the rest of the line; null and other types satisfy neither a comparison nor its negation."""
    if inner.line is None or any(kind is not inner.line for kind, _ in inner.points):
        return None
    intervals = [*inner.intervals]
    intervals += [Interval(low=value, high=value, low_included=True, high_included=True) for _, value in inner.points]
    rest = [Interval()]
    for cut in intervals:
        rest = [piece for kept in rest for piece in _without(kept, cut)]
    return Domain(intervals=tuple(rest), line=inner.line)


def _without(kept: Interval, cut: Interval) -> Iterator[Interval]:
    if cut.low is not None:
        left = _meet(kept, Interval(high=cut.low, high_included=not cut.low_included))
        if left is not None:
            yield left
    if cut.high is not None:
        right = _meet(kept, Interval(low=cut.high, low_included=not cut.high_included))
        if right is not None:
            yield right


def _meet(one: Interval, other: Interval) -> Interval | None:
    low, low_included = one.low, one.low_included
    if other.low is not None and (low is None or other.low > low or (other.low == low and not other.low_included)):
        low, low_included = other.low, other.low_included
    high, high_included = one.high, one.high_included
    if other.high is not None and (
        high is None or other.high < high or (other.high == high and not other.high_included)
    ):
        high, high_included = other.high, other.high_included
    if low is not None and high is not None and (low > high or (low == high and not (low_included and high_included))):
        return None
    return Interval(low=low, high=high, low_included=low_included, high_included=high_included)


def _union(tests: Sequence[syntax.Node], expression: Expression) -> Domain | None:
    points: set[tuple[type, Any]] = set()
    intervals: list[Interval] = []
    for test in tests:
        found = _read_test(test, expression)
        if found is None:
            return None
        if isinstance(found, Interval):
            intervals.append(found)
        else:
            points.add((type(found[0]), found[0]))
    lines = {type(end) for part in intervals for end in (part.low, part.high) if end is not None}
    if len(lines) > 1:
        return None
    line = next(iter(lines), None)
    return Domain(points=frozenset(points), intervals=tuple(intervals), line=line)


def _read_test(test: syntax.Node, expression: Expression) -> Interval | tuple[Any] | None:
    """Return one test as an interval or as a point in a tuple of one; ``None`` when it is neither."""
    if isinstance(test, syntax.Comparison):
        found = _constant(test.endpoint, expression)
        if found is None or test.operator == "=":
            return found
        if type(found[0]) not in LINE_TYPES or test.operator not in ("<", "<=", ">", ">="):
            return None
        included = test.operator.endswith("=")
        if test.operator.startswith("<"):
            return Interval(high=found[0], high_included=included)
        return Interval(low=found[0], low_included=included)
    if isinstance(test, syntax.RangeLiteral):
        low, high = _constant(test.start, expression), _constant(test.end, expression)
        if low is None or high is None or type(low[0]) not in LINE_TYPES or type(low[0]) is not type(high[0]):
            return None
        return _meet(
            Interval(low=low[0], low_included=test.start_included),
            Interval(high=high[0], high_included=test.end_included),
        )
    return _constant(test, expression)


def constant_of(expression: Expression) -> tuple[Any] | None:
    """Return an expression's value in a tuple of one when it is a plain constant."""
    return _constant(expression.tree, expression)


def _constant(node: syntax.Node, expression: Expression) -> tuple[Any] | None:
    value: Any
    if isinstance(node, syntax.Literal):
        value = node.value
    elif isinstance(node, syntax.Negation) and isinstance(node.operand, syntax.Literal):
        if type(node.operand.value) is not Decimal:
            return None
        value = -node.operand.value
    elif isinstance(node, syntax.Invocation):
        value = _written_date(node, expression)
        if value is None:
            return None
    else:
        return None
    return (value,) if type(value) in POINT_TYPES else None


def _written_date(node: syntax.Invocation, expression: Expression) -> dt.date | None:
    """Return the day that ``date("2026-11-22")`` means, unless the model has a name ``date`` of its own."""
    if not isinstance(node.function, syntax.Name) or node.function.name != "date" or "date" in expression.names:
        return None
    if len(node.arguments) != 1 or not isinstance(node.arguments[0], syntax.Literal):
        return None
    written = node.arguments[0].value
    day = parse_date(written) if isinstance(written, str) else None
    return day if type(day) is dt.date else None
