"""One column of a decision table cut where its cells change their answer: at the ends and points they name."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from delegation.dmn.domains import LINE_TYPES, Domain
from delegation.feel import Value
from delegation.feel.values import adopt

_DAY: Final = dt.timedelta(days=1)
#: The type that a column's declaration promises, when its cells name no constant.
_DECLARED: Final[Mapping[str, type]] = {"number": Decimal, "date": dt.date, "string": str, "boolean": bool}


class Space:
    """The pieces of one column: lines cut at their ends first, then single points."""

    def __init__(
        self,
        domains: Sequence[Domain],
        declared: Sequence[str | None],
        values: Collection[Value] | None,
        nullable: bool,
    ) -> None:
        points: dict[type, set[Any]] = {}
        for domain in domains:
            for kind, point in domain.points:
                points.setdefault(kind, set()).add(point)
            for interval in domain.intervals:
                for end in (interval.low, interval.high):
                    if end is not None:
                        points.setdefault(type(end), set()).add(end)
        for written in declared:
            if written is not None and written in _DECLARED:
                points.setdefault(_DECLARED[written], set())
        self.examples: list[Value] = []
        #: Of each line its ends, and where the piece of each stretch and end stands, if there is one.
        self._lines: dict[type, tuple[list[Any], list[int | None]]] = {}
        self._points: dict[tuple[type, Any], int] = {}
        if values is not None:
            for value in values:
                self._add(adopt(value))
        else:
            for kind in LINE_TYPES:
                if kind in points:
                    self._add_line(kind, sorted(points[kind]))
            self._add_texts(points)
            if bool in points:
                self._add(False)
                self._add(True)
        if nullable or type(None) in points:
            self._add(None)
        if not self.examples:
            # Nothing is known of the column and no cell asks about it: any value will do.
            self._add("any")

    def _add(self, value: Value) -> None:
        key = (type(value), value)
        if key not in self._points:
            self._points[key] = len(self.examples)
            self.examples.append(value)

    def _add_texts(self, points: Mapping[type, set[Any]]) -> None:
        if str not in points:
            return
        for text in sorted(points[str]):
            self._add(text)
        other = "other"
        while other in points[str]:
            other += "_"
        self._add(other)

    def _add_line(self, kind: type, ends: list[Any]) -> None:
        """Add a line's stretches and ends; a stretch without any value (between two days) is left out."""
        places: list[int | None] = []
        for value in _line_examples(kind, ends):
            if value is None:
                places.append(None)
            else:
                places.append(len(self.examples))
                self.examples.append(value)
        self._lines[kind] = (ends, places)

    def ranges(self, domain: Domain) -> list[tuple[int, int]]:
        """Return the pieces of a domain as disjoint stretches of indexes."""
        inside: set[int] = set()
        for key in domain.points:
            if key in self._points:
                inside.add(self._points[key])
            elif key[0] in self._lines:
                ends, places = self._lines[key[0]]
                at = places[2 * bisect_left(ends, key[1]) + 1]
                if at is not None:
                    inside.add(at)
        stretches = [(at, at) for at in sorted(inside)]
        if domain.intervals and domain.line is not None:
            stretches += self._interval_ranges(domain)
        merged = _merged(stretches)
        return _complement(merged, len(self.examples)) if domain.complement else merged

    def _interval_ranges(self, domain: Domain) -> list[tuple[int, int]]:
        if domain.line not in self._lines:
            # The column is an enumeration: ask about each of its values.
            return [
                (at, at) for (kind, value), at in self._points.items() if kind is domain.line and domain.holds(value)
            ]
        ends, places = self._lines[domain.line]
        stretches = []
        for interval in domain.intervals:
            first, last = 0, 2 * len(ends)
            if interval.low is not None:
                first = 2 * bisect_left(ends, interval.low) + (1 if interval.low_included else 2)
            if interval.high is not None:
                last = 2 * bisect_left(ends, interval.high) + (1 if interval.high_included else 0)
            present = [
                place for place in (_next(places, first, last, 1), _next(places, last, first, -1)) if place is not None
            ]
            if len(present) == 2:
                stretches.append((present[0], present[1]))
        return stretches


def _next(places: Sequence[int | None], start: int, stop: int, step: int) -> int | None:
    """Return the first piece that exists between two ends of a line."""
    at = start
    while (at <= stop) if step > 0 else (at >= stop):
        if places[at] is not None:
            return places[at]
        at += step
    return None


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _complement(stretches: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    rest = []
    start = 0
    for first, last in stretches:
        if first > start:
            rest.append((start, first - 1))
        start = last + 1
    if start < count:
        rest.append((start, count - 1))
    return rest


def _line_examples(kind: type, ends: Sequence[Any]) -> Iterator[Any]:
    """Go through a value before the first end, each end, each stretch between, and a value after the last."""
    if not ends:
        yield Decimal(0) if kind is Decimal else dt.date(2000, 1, 1)
        return
    one: Any = Decimal(1) if kind is Decimal else _DAY
    yield None if kind is dt.date and ends[0] == dt.date.min else ends[0] - one
    for at, end in enumerate(ends):
        yield end
        if at + 1 < len(ends):
            yield _between(end, ends[at + 1])
    yield None if kind is dt.date and ends[-1] == dt.date.max else ends[-1] + one


def _between(low: Any, high: Any) -> Any:
    """Return a plain value strictly between two; ``None`` when there is none."""
    if isinstance(low, dt.date):
        middle = low + (high - low) // 2
        return middle if middle != low else None
    whole = Decimal(int(low) + (1 if low >= 0 or low == int(low) else 0))
    if low < whole < high:
        return whole
    return (low + high) / 2
