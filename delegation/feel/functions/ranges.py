"""Functions on points and ranges (DMN table 77) and `range()` (table 66).

An open end counts as infinite. The definitions are those of the standard, written over bounds that can be
compared.
"""

from __future__ import annotations

from collections.abc import Callable

from delegation.feel import lexer, temporal
from delegation.feel.budget import Budget
from delegation.feel.compare import compare, make_range
from delegation.feel.errors import FeelSyntaxError
from delegation.feel.functions.signature import Registry
from delegation.feel.numbers import parse_number
from delegation.feel.values import Range, Value

REGISTRY = Registry()
builtin = REGISTRY.builtin

_POINT = "number | string | date | time | date and time | days and time duration | years and months duration"


class _NoOrderError(Exception):
    """two bounds cannot be compared"""


class _Bounds:
    """A range, or a point as the range that holds only it."""

    __slots__ = ("end", "end_included", "start", "start_included")

    def __init__(self, value: Value) -> None:
        if not isinstance(value, Range):
            self.start = self.end = value
            self.start_included = self.end_included = True
            return
        if value.comparison == "!=":
            raise _NoOrderError
        self.start, self.end = value.start, value.end
        self.start_included, self.end_included = value.start_included, value.end_included


def _order(left: Value, right: Value, *, left_is_end: bool, right_is_end: bool) -> int:
    """Compare two bounds; a missing start lies before everything, a missing end after."""
    if left is None or right is None:
        ours = 0 if left is not None else (1 if left_is_end else -1)
        theirs = 0 if right is not None else (1 if right_is_end else -1)
        return (ours > theirs) - (ours < theirs)
    order = compare(left, right)
    if order is None:
        raise _NoOrderError
    return order


def _starts(a: _Bounds, b: _Bounds) -> int:
    return _order(a.start, b.start, left_is_end=False, right_is_end=False)


def _ends(a: _Bounds, b: _Bounds) -> int:
    return _order(a.end, b.end, left_is_end=True, right_is_end=True)


def _end_to_start(a: _Bounds, b: _Bounds) -> int:
    return _order(a.end, b.start, left_is_end=True, right_is_end=False)


def _before(a: _Bounds, b: _Bounds) -> bool:
    order = _end_to_start(a, b)
    return order < 0 or (order == 0 and not (a.end_included and b.start_included))


def _meets(a: _Bounds, b: _Bounds) -> bool:
    return a.end_included and b.start_included and _end_to_start(a, b) == 0


def _starts_no_later(a: _Bounds, b: _Bounds) -> bool:
    order = _starts(a, b)
    return order < 0 or (order == 0 and (a.start_included or not b.start_included))


def _ends_no_later(a: _Bounds, b: _Bounds) -> bool:
    order = _ends(a, b)
    return order < 0 or (order == 0 and (b.end_included or not a.end_included))


def _overlaps_before(a: _Bounds, b: _Bounds) -> bool:
    order = _starts(a, b)
    earlier = order < 0 or (order == 0 and a.start_included and not b.start_included)
    return earlier and not _before(a, b) and _ends_no_later(a, b)


def _finishes(a: _Bounds, b: _Bounds) -> bool:
    return a.end_included == b.end_included and _ends(a, b) == 0 and _starts_no_later(b, a)


def _starts_with(a: _Bounds, b: _Bounds) -> bool:
    return a.start_included == b.start_included and _starts(a, b) == 0 and _ends_no_later(a, b)


def _includes(a: _Bounds, b: _Bounds) -> bool:
    return _starts_no_later(a, b) and _ends_no_later(b, a)


def _coincides(a: _Bounds, b: _Bounds) -> bool:
    return (
        (a.start_included, a.end_included) == (b.start_included, b.end_included)
        and _starts(a, b) == 0
        and _ends(a, b) == 0
    )


def _inverse(relation: Callable[[_Bounds, _Bounds], bool]) -> Callable[[_Bounds, _Bounds], bool]:
    return lambda a, b: relation(b, a)


_POINTS = f"point1: {_POINT}, point2: {_POINT}"
_POINT_RANGE = f"point: {_POINT}, range: range"
_RANGE_POINT = f"range: range, point: {_POINT}"
_RANGES = "range1: range, range2: range"


def _declare(name: str, relation: Callable[[_Bounds, _Bounds], bool], *signatures: str) -> None:
    def related(budget: Budget, left: Value, right: Value) -> Value:
        budget.spend(10)
        try:
            return relation(_Bounds(left), _Bounds(right))
        except _NoOrderError:
            return budget.note(f"`{name}` cannot compare these values")

    for signature in signatures:
        builtin(name, signature, "boolean")(related)


_declare("before", _before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("after", _inverse(_before), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("meets", _meets, _RANGES)
_declare("met by", _inverse(_meets), _RANGES)
_declare("overlaps", lambda a, b: not _before(a, b) and not _before(b, a), _RANGES)
_declare("overlaps before", _overlaps_before, _RANGES)
_declare("overlaps after", _inverse(_overlaps_before), _RANGES)
_declare("finishes", _finishes, _POINT_RANGE, _RANGES)
_declare("finished by", _inverse(_finishes), _RANGE_POINT, _RANGES)
_declare("includes", _includes, _RANGE_POINT, _RANGES)
_declare("during", _inverse(_includes), _POINT_RANGE, _RANGES)
_declare("starts", _starts_with, _POINT_RANGE, _RANGES)
_declare("started by", _inverse(_starts_with), _RANGE_POINT, _RANGES)
_declare("coincides", _coincides, _POINTS, _RANGES)


@builtin("range", "from: string", "range")
def range_from(budget: Budget, text: str) -> Value:
    """Read a range whose ends are literals."""
    budget.spend(200 + len(text))
    try:
        tokens = lexer.tokenize(text)[:-1]
    except FeelSyntaxError:
        tokens = []
    made = _read_range(tokens)
    return budget.note("the text is not a range of literals") if made is None else made


def _read_range(tokens: list[lexer.Token]) -> Range | None:
    words = [token.text if token.kind == lexer.OPERATOR else "" for token in tokens]
    if len(words) < 4 or words[0] not in ("[", "(", "]") or words[-1] not in ("]", ")", "[") or ".." not in words:
        return None
    middle = words.index("..")
    start, end = _read_literal(tokens[1:middle]), _read_literal(tokens[middle + 1 : -1])
    if start is None or end is None:
        return None
    return make_range(start, end, start_included=words[0] == "[", end_included=words[-1] == "]")


def _read_literal(tokens: list[lexer.Token]) -> Value:
    match [(token.kind, token.text) for token in tokens]:
        case [(lexer.NUMBER, number)]:
            return parse_number(number)
        case [(lexer.OPERATOR, "-"), (lexer.NUMBER, number)]:
            return parse_number("-" + number)
        case [(lexer.STRING, text)]:
            return text
        case [(lexer.AT, text)]:
            return temporal.parse_literal(text)
        case [*words, (lexer.OPERATOR, "("), (lexer.STRING, text), (lexer.OPERATOR, ")")]:
            reader = _CONSTRUCTORS.get(" ".join(word for _, word in words))
            return None if reader is None else reader(text)
    return None


_CONSTRUCTORS: dict[str, Callable[[str], Value]] = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "duration": temporal.parse_duration,
}
