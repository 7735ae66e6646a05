"""The inputs of a decision table cut into pieces on which no cell changes its answer.

A column becomes a list of pieces: points, open stretches between them, and "another text". For each piece a
bit mask says which rules match there. What remains of overlap, gap and cover is arithmetic on bit masks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import or_

from delegation.dmn.domains import Domain
from delegation.dmn.spaces import Space
from delegation.dmn.table import DecisionTable
from delegation.feel import Value
from delegation.feel.values import adopt


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a column on which no cell changes its answer."""

    #: A value that stands for the whole piece.
    example: Value
    #: The rules that match there for certain.
    sure: int
    #: The rules that match there, or might: their cell can't be analysed.
    possible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """All pieces of one input expression; columns that ask for the same expression share an axis."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """A cell whose text says more than the checks can calculate with."""

    rule: int
    column: int


class Boxes:
    """The rules of a table as boxes in the space of its inputs."""

    def __init__(
        self,
        table: DecisionTable,
        *,
        values: Mapping[str, Collection[Value]] | None = None,
        nullable: Collection[str] = (),
    ) -> None:
        """Cut a table's inputs to pieces.

        ``values`` enumerates what a column can hold, by its expression; ``nullable`` names the columns that
        may also be null. A column whose cells speak of null is nullable anyway.
        """
        self.count = len(table.rules)
        self.everyone = (1 << self.count) - 1
        self.opaque = tuple(
            Opaque(rule=rule.position, column=column)
            for rule in table.rules
            for column, cell in enumerate(rule.inputs)
            if cell.domain is None
        )
        by_name: dict[str, list[int]] = {}
        for position, column in enumerate(table.columns):
            by_name.setdefault(" ".join(column.text.split()), []).append(position)
        known = values or {}
        self.axes = tuple(
            _axis(table, name, positions, known.get(name), name in nullable) for name, positions in by_name.items()
        )

    def within(self, given: Mapping[str, Collection[Value]]) -> tuple[Axis, ...]:
        """Return the axes with some of them narrowed to the given values."""
        narrowed = []
        for axis in self.axes:
            wanted = given.get(axis.name)
            if wanted is None:
                narrowed.append(axis)
                continue
            keys = {(type(value), value) for value in map(adopt, wanted)}
            kept = tuple(piece for piece in axis.pieces if (type(piece.example), piece.example) in keys)
            narrowed.append(Axis(name=axis.name, pieces=kept))
        return tuple(narrowed)

    def overlapping(self) -> Iterator[tuple[int, int]]:
        """Go through each rule that shares a point with later rules, and the bit mask of those."""
        candidates = [self.everyone] * self.count
        for axis in self.axes:
            meeting = _meeting([piece.possible for piece in axis.pieces], self.count)
            candidates = [mask & own for mask, own in zip(candidates, meeting, strict=True)]
        for rule, mask in enumerate(candidates):
            later = mask >> (rule + 1) << (rule + 1)
            if later:
                yield rule, later

    def never(self) -> Iterator[int]:
        """Go through the rules that match no input at all."""
        reachable = self.everyone
        for axis in self.axes:
            union = 0
            for piece in axis.pieces:
                union |= piece.possible
            reachable &= union
        yield from bits(self.everyone & ~reachable)

    def common(self, rules: int) -> dict[str, Value]:
        """Return an input on which all rules of a mask match, or might."""
        return {
            axis.name: next(piece.example for piece in axis.pieces if piece.possible & rules == rules)
            for axis in self.axes
        }

    def inside(self, rule: int) -> tuple[Axis, ...]:
        """Return the axes narrowed to one rule's box."""
        bit = 1 << rule
        return tuple(
            Axis(name=axis.name, pieces=tuple(piece for piece in axis.pieces if piece.possible & bit))
            for axis in self.axes
        )


class Uncovered:
    """A search for inputs that no rule of a set matches, within a budget of steps."""

    def __init__(self, axes: Sequence[Axis], rules: int, *, steps: int, most: int) -> None:
        self.examples: list[dict[str, Value]] = []
        #: The search ended before it could say that there are no more.
        self.exhausted = False
        self._steps = steps
        self._most = most
        # Narrow columns first: few rules are left after them.
        self._axes = sorted(axes, key=_spread)
        self._masks = [_minimal({piece.sure & rules: piece.example for piece in axis.pieces}) for axis in self._axes]
        self._always = self._always_from(rules)
        self._covered: set[tuple[int, int]] = set()
        if all(axis.pieces for axis in self._axes):
            self._search(0, rules, [])

    def _always_from(self, rules: int) -> list[int]:
        """Return for each depth the rules that match everything from there on."""
        always = [rules]
        for masks in reversed(self._masks):
            common = always[-1]
            for mask, _ in masks:
                common &= mask
            always.append(common)
        return always[::-1]

    def _search(self, depth: int, rules: int, chosen: list[Value]) -> bool:
        """Answer whether every input below is covered; collect those that are not."""
        if rules & self._always[depth]:
            return True
        if not rules:
            rest = [masks[0][1] for masks in self._masks[depth:]]
            named = zip(self._axes, [*chosen, *rest], strict=True)
            self.examples.append({axis.name: value for axis, value in named})
            return False
        key = (depth, rules)
        if key in self._covered:
            return True
        covered = True
        seen: set[int] = set()
        for mask, example in self._masks[depth]:
            left = rules & mask
            self._steps -= 1
            if left in seen:
                continue
            seen.add(left)
            if self._steps < 0:
                self.exhausted = True
            if self.exhausted:
                return False
            chosen.append(example)
            covered = self._search(depth + 1, left, chosen) and covered
            chosen.pop()
            if len(self.examples) >= self._most:
                self.exhausted = True
                return False
        if covered:
            self._covered.add(key)
        return covered


def _meeting(masks: Sequence[int], count: int) -> list[int]:
    """Return for each rule the rules that share a piece with it, given the rules on each piece in order.

    Two rules that each hold one unbroken stretch meet when one begins before the other ends, which needs no
    look at the pieces between. Only the others are compared piece by piece.
    """
    until = list(accumulate(masks, or_))
    since = list(accumulate(reversed(masks), or_))[::-1]
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    broken = 0
    before = 0
    for at, mask in enumerate([*masks, 0]):
        for rule in bits(mask & ~before):
            if rule in first:
                broken |= 1 << rule
            first.setdefault(rule, at)
        for rule in bits(before & ~mask):
            last[rule] = at - 1
        before = mask
    meeting = [0] * count
    for rule, start in first.items():
        if not broken >> rule & 1:
            meeting[rule] = until[last[rule]] & since[start] & ~broken
    for mask in set(masks) if broken else ():
        for rule in bits(mask & broken):
            meeting[rule] |= mask
    for rule in bits(broken):
        for other in bits(meeting[rule] & ~broken):
            meeting[other] |= 1 << rule
    return meeting


def bits(mask: int) -> Iterator[int]:
    """Go through the positions of the set bits."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _spread(axis: Axis) -> float:
    total = sum(piece.sure.bit_count() for piece in axis.pieces)
    return total / max(1, len(axis.pieces))


def _minimal(masks: Mapping[int, Value]) -> list[tuple[int, Value]]:
    """Drop the pieces where more rules match than on another piece: they can't show more gaps."""
    ordered = sorted(masks.items(), key=lambda item: item[0].bit_count())
    if len(ordered) > 400:
        return ordered
    kept: list[tuple[int, Value]] = []
    for mask, example in ordered:
        if not any(mask & other == other for other, _ in kept):
            kept.append((mask, example))
    return kept


def _axis(
    table: DecisionTable, name: str, positions: Sequence[int], values: Collection[Value] | None, nullable: bool
) -> Axis:
    columns = [table.columns[position] for position in positions]
    limits = [column.values.domain for column in columns if column.values is not None and column.values.domain]
    domains: dict[str, Domain] = {}
    for rule in table.rules:
        for position in positions:
            cell = rule.inputs[position]
            if cell.domain is not None:
                domains.setdefault(cell.text, cell.domain)
    space = Space([*domains.values(), *limits], [column.type_ref for column in columns], values, nullable)
    # A missing value is not refused by the input values: the cells decide what null means.
    kept = [
        at for at, value in enumerate(space.examples) if value is None or all(limit.holds(value) for limit in limits)
    ]
    everyone = (1 << len(table.rules)) - 1
    sure = [everyone] * len(space.examples)
    possible = list(sure)
    for position in positions:
        column_sure, column_opaque = _column_masks(table, position, space)
        sure = [mask & own for mask, own in zip(sure, column_sure, strict=True)]
        possible = [mask & (own | column_opaque) for mask, own in zip(possible, column_sure, strict=True)]
    return Axis(
        name=name,
        pieces=tuple(Piece(example=space.examples[at], sure=sure[at], possible=possible[at]) for at in kept),
    )


def _column_masks(table: DecisionTable, position: int, space: Space) -> tuple[list[int], int]:
    """Return the rules that match each piece for certain, and those whose cell can't be analysed."""
    toggles = [0] * (len(space.examples) + 1)
    opaque = 0
    ranges: dict[str, list[tuple[int, int]]] = {}
    for rule in table.rules:
        cell = rule.inputs[position]
        bit = 1 << rule.position
        if cell.domain is None:
            opaque |= bit
            continue
        if cell.text not in ranges:
            ranges[cell.text] = space.ranges(cell.domain)
        for first, last in ranges[cell.text]:
            toggles[first] ^= bit
            toggles[last + 1] ^= bit
    masks = []
    running = 0
    for toggle in toggles[:-1]:
        running ^= toggle
        masks.append(running)
    return masks, opaque
