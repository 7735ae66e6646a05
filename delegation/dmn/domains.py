"""The set of values that a cell matches, when its text is simple enough to say so exactly.

A domain is what the checks calculate with and what the tables build their index from. A cell that says more
than constants, comparisons and intervals has no domain; ``read_domain`` then answers ``None``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from delegation.feel import FeelError, parse_expression

#: Types whose values lie on a line, so that intervals of them can be compared.
LINE_TYPES: Final = (Decimal, dt.date)
POINT_TYPES: Final = (*LINE_TYPES, str, bool, type(None))

_ANY: Final = re.compile(r"\s*-?\s*\Z")
_NOT: Final = re.compile(r"\s*not\s*\((.*)\)\s*\Z", re.DOTALL)
_COMPARISON: Final = re.compile(r"\s*(<=|>=|<|>|=)(.*)\Z", re.DOTALL)
_INTERVAL: Final = re.compile(r"\s*([\[(\]])(.*)([\])\[])\s*\Z", re.DOTALL)
#: A string, date, number, boolean or null: constants whose value needs no scope and no clock.
_CONSTANT: Final = re.compile(
    r"""\s*(?: "(?:[^"\\]|\\.)*" | -?\s*(?:\d+(?:\.\d+)?|\.\d+) | true | false | null
        | date\s*\(\s*"[^"\\]*"\s*\) | @"[^"\\]*" )\s*\Z""",
    re.VERBOSE,
)


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


def read_domain(text: str) -> Domain | None:
    """Return the domain of a cell's unary tests, or ``None`` when the text says more than a domain can."""
    if _ANY.match(text):
        return EVERYTHING
    negated = _NOT.match(text)
    if negated and _balanced(negated[1]):
        inner = _read_tests(negated[1])
        if inner is None or inner.intervals:
            # A comparison with a value of another type is null, and so is its negation: not a plain complement.
            return None if inner is None else _negated_line(inner)
        return Domain(points=inner.points, complement=True)
    return _read_tests(text)


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


def _read_tests(text: str) -> Domain | None:
    points: set[tuple[type, Any]] = set()
    intervals: list[Interval] = []
    for test in split(text, ","):
        if not _read_test(test, points, intervals):
            return None
    lines = {type(end) for part in intervals for end in (part.low, part.high) if end is not None}
    if len(lines) > 1:
        return None
    if not lines and intervals:
        return None
    line = next(iter(lines), None)
    if line is None:
        line = next((kind for kind, _ in points if kind in LINE_TYPES), None)
    return Domain(points=frozenset(points), intervals=tuple(intervals), line=line)


def _read_test(test: str, points: set[tuple[type, Any]], intervals: list[Interval]) -> bool:
    """Add one test to the points or intervals; answer False when it is not simple."""
    comparison = _COMPARISON.match(test)
    if comparison:
        found = constant(comparison[2])
        if found is None:
            return False
        value = found[0]
        if comparison[1] == "=":
            points.add((type(value), value))
            return True
        if type(value) not in LINE_TYPES:
            return False
        included = comparison[1] in ("<=", ">=")
        if comparison[1].startswith("<"):
            intervals.append(Interval(high=value, high_included=included))
        else:
            intervals.append(Interval(low=value, low_included=included))
        return True
    bracketed = _INTERVAL.match(test)
    if bracketed:
        ends = split(bracketed[2], "..")
        if len(ends) != 2:
            return False
        low, high = constant(ends[0]), constant(ends[1])
        if low is None or high is None:
            return False
        if type(low[0]) is not type(high[0]) or type(low[0]) not in LINE_TYPES or low[0] > high[0]:
            return False
        low_included, high_included = bracketed[1] == "[", bracketed[3] == "]"
        if low[0] == high[0] and not (low_included and high_included):
            return False
        intervals.append(
            Interval(low=low[0], high=high[0], low_included=low_included, high_included=high_included)
        )
        return True
    found = constant(test)
    if found is None:
        return False
    points.add((type(found[0]), found[0]))
    return True


def constant(text: str) -> tuple[Any] | None:
    """Return the value of a constant in a tuple of one, or ``None`` when the text is no plain constant."""
    if not _CONSTANT.match(text):
        return None
    try:
        value = parse_expression(text).evaluate({})
    except FeelError:
        return None
    if type(value) not in POINT_TYPES or (value is None and text.strip() != "null"):
        return None
    return (value,)


def split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands outside strings and brackets."""
    parts: list[str] = []
    depth = 0
    start = 0
    at = 0
    while at < len(text):
        char = text[at]
        if char == '"':
            at = _after_string(text, at)
            continue
        if depth == 0 and text.startswith(separator, at):
            parts.append(text[start:at])
            at += len(separator)
            start = at
            continue
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        at += 1
    parts.append(text[start:])
    return parts


def _after_string(text: str, at: int) -> int:
    at += 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _balanced(text: str) -> bool:
    """Tell whether every bracket in the text is closed inside it, so that ``not(a), b(c)`` is not one test."""
    depth = 0
    at = 0
    while at < len(text):
        if text[at] == '"':
            at = _after_string(text, at)
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0:
            return False
        at += 1
    return depth == 0
