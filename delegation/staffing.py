"""Can this still be decided? Whether a lawful set of people remains for the steps that are left (R-14, R-19, R-64).

Who stands for a step does not matter to the rules, only which steps have the same person: so what is searched are
patterns, partitions of the steps into the shares of different persons, and each is held against the people by a
bipartite matching. The search is exponential in the steps and nearly linear in the people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from delegation.errors import UnknownStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that is left to do, and everyone in whom nothing stands against doing it."""

    id: str
    people: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """Two steps that must have different persons."""

    a: str
    b: str
    rule_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Two steps that must have the same person."""

    a: str
    b: str
    rule_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost:
    """Steps that must not have more than so many persons between them."""

    steps: frozenset[str]
    persons: int
    rule_id: str


Constraint = Separation | Binding | AtMost


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps that are left, and what holds between them."""

    steps: tuple[Step, ...]
    constraints: tuple[Constraint, ...] = ()

    def taken(self, step: str, person: str) -> Plan:
        """Return the plan when a person takes a step."""
        return Plan(
            steps=tuple(Step(id=step, people=frozenset({person})) if each.id == step else each for each in self.steps),
            constraints=self.constraints,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Why a plan can't be met: steps and constraints of which none can be left out of the explanation."""

    steps: tuple[Step, ...]
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One person for each step, or why there is no such set."""

    witness: Mapping[str, str] | None
    reasons: Shortage | None = None


def satisfiable(plan: Plan) -> Answer:
    """Return a lawful set of people for every step, or the shortage. Raises ``UnknownStep``."""
    witness = _Problem(plan).solve()
    return Answer(witness=witness, reasons=None if witness is not None else _shortage(plan))


def critical_persons(plan: Plan, away: int = 1) -> tuple[frozenset[str], ...]:
    """Return the smallest groups of at most ``away`` persons without whom the plan can't be met.

    The empty group alone means that it can't be met by anyone. Raises ``UnknownStep``.
    """
    problem = _Problem(plan)
    found: set[frozenset[str]] = set()
    seen: set[frozenset[str]] = set()

    def look(gone: frozenset[str]) -> None:
        if gone in seen or any(group <= gone for group in found):
            return
        seen.add(gone)
        witness = problem.solve(without=gone)
        if witness is None:
            found.add(gone)
        elif len(gone) < away:
            # Whoever blocks the plan blocks this way of meeting it: one of these persons is among them.
            for person in sorted(set(witness.values())):
                look(gone | {person})

    look(frozenset())
    smallest = (group for group in found if not any(other < group for other in found))
    return tuple(sorted(smallest, key=lambda group: (len(group), sorted(group))))


def _shortage(plan: Plan) -> Shortage:
    """Leave out steps, those with most people first, and then constraints, while the plan still can't be met."""
    steps = list(plan.steps)
    constraints = list(_among(plan.constraints, steps))
    for step in sorted(plan.steps, key=lambda step: (-len(step.people), step.id)):
        fewer = [each for each in steps if each is not step]
        left = list(_among(constraints, fewer))
        if not _can(fewer, left):
            steps, constraints = fewer, left
    for constraint in tuple(constraints):
        fewer_constraints = [each for each in constraints if each is not constraint]
        if not _can(steps, fewer_constraints):
            constraints = fewer_constraints
    return Shortage(steps=tuple(steps), constraints=tuple(constraints))


def _can(steps: Sequence[Step], constraints: Sequence[Constraint]) -> bool:
    return _Problem(Plan(steps=tuple(steps), constraints=tuple(constraints))).solve() is not None


def _among(constraints: Iterable[Constraint], steps: Iterable[Step]) -> Iterator[Constraint]:
    """Yield what constraints say of some of the steps."""
    ids = {step.id for step in steps}
    for constraint in constraints:
        if not isinstance(constraint, AtMost):
            if {constraint.a, constraint.b} <= ids:
                yield constraint
        elif len(constraint.steps & ids) > constraint.persons:
            yield AtMost(steps=constraint.steps & ids, persons=constraint.persons, rule_id=constraint.rule_id)


class _Cap(NamedTuple):
    shares: int
    persons: int


class _Block(NamedTuple):
    """The share of one person: which steps, who could, and which steps may not be added. All are bit sets."""

    members: int
    people: int
    barred: int


class _Problem:
    """A plan in bits: a share is a set of steps bound together, a person is a place in an integer."""

    __slots__ = ("_barred", "_caps", "_conflicting", "_held_to", "_ids", "_people", "_persons", "_place")

    def __init__(self, plan: Plan) -> None:
        self._persons = sorted({person for step in plan.steps for person in step.people})
        self._place = {person: place for place, person in enumerate(self._persons)}
        share = _bound(plan)
        shares = sorted(set(share.values()))
        number = {root: count for count, root in enumerate(shares)}
        self._ids: list[list[str]] = [[] for _ in shares]
        self._people = [~0] * len(shares)
        for step in plan.steps:
            own = number[share[step.id]]
            self._ids[own].append(step.id)
            self._people[own] &= self._bits(step.people)
        self._barred = [0] * len(shares)
        self._caps: list[_Cap] = []
        self._conflicting = False
        for constraint in plan.constraints:
            named = constraint.steps if isinstance(constraint, AtMost) else (constraint.a, constraint.b)
            places = [number[share[step]] for step in named]
            if isinstance(constraint, AtMost):
                self._caps.append(_Cap(sum(1 << place for place in set(places)), constraint.persons))
            elif isinstance(constraint, Separation):
                one, other = places
                self._conflicting |= one == other
                self._barred[one] |= 1 << other
                self._barred[other] |= 1 << one
        #: How much each share is held to by others; whoever is held to most is placed first.
        self._held_to = [
            barred.bit_count() + sum((cap.shares >> share & 1) * cap.shares.bit_count() for cap in self._caps)
            for share, barred in enumerate(self._barred)
        ]

    def _bits(self, people: Iterable[str]) -> int:
        bits = 0
        for person in people:
            bits |= 1 << self._place[person]
        return bits

    def solve(self, without: frozenset[str] = frozenset()) -> dict[str, str] | None:
        """Return one person for each step, none of whom is away; ``None`` when there is no such set."""
        if self._conflicting:
            return None
        here = ~self._bits(person for person in without if person in self._place)
        left = {share: people & here for share, people in enumerate(self._people)}
        found = self._place_next(left, (), {})
        if found is None:
            return None
        blocks, held = found
        return {
            step: self._persons[held[count]]
            for count, block in enumerate(blocks)
            for share in _places(block.members)
            for step in self._ids[share]
        }

    def _place_next(
        self, left: dict[int, int], blocks: tuple[_Block, ...], held: dict[int, int]
    ) -> tuple[tuple[_Block, ...], dict[int, int]] | None:
        """Give the share with the fewest ways on its ways in turn; ``held`` is the person who has each block."""
        if not left:
            return blocks, held
        share, ways = self._narrowest(left, blocks)
        for way in ways:
            own = left[share]
            if way == len(blocks):
                block = _Block(1 << share, own, self._barred[share])
            else:
                was = blocks[way]
                block = _Block(was.members | 1 << share, was.people & own, was.barred | self._barred[share])
            after = (*blocks[:way], block, *blocks[way + 1 :])
            matched = _matched(after, way, held)
            if matched is not None:
                rest = {other: people for other, people in left.items() if other != share}
                found = self._place_next(rest, after, matched)
                if found is not None:
                    return found
        return None

    def _narrowest(self, left: dict[int, int], blocks: tuple[_Block, ...]) -> tuple[int, list[int]]:
        ways = {share: self._ways(share, people, blocks) for share, people in left.items()}
        share = min(left, key=lambda each: (len(ways[each]), -self._held_to[each], left[each].bit_count()))
        return share, ways[share]

    def _ways(self, share: int, people: int, blocks: tuple[_Block, ...]) -> list[int]:
        """Return the blocks that a share can join, and the number of a new one when it can have a person of its own."""
        own = 1 << share
        caps = [cap for cap in self._caps if cap.shares & own]
        full = [cap for cap in caps if sum(1 for block in blocks if block.members & cap.shares) >= cap.persons]
        joined = [
            number
            for number, block in enumerate(blocks)
            if block.people & people and not block.barred & own and all(block.members & cap.shares for cap in full)
        ]
        alone = [len(blocks)] if people and not full else []
        # Persons of their own leave most open, but where their number is limited sharing does.
        return [*joined, *alone] if caps else [*alone, *joined]


def _bound(plan: Plan) -> dict[str, str]:
    """Return, by step, the one that stands for all the steps bound to it. Raises ``UnknownStep``."""
    root = {step.id: step.id for step in plan.steps}

    def find(step: str) -> str:
        while root[step] != step:
            step = root[step]
        return step

    for constraint in plan.constraints:
        named = constraint.steps if isinstance(constraint, AtMost) else {constraint.a, constraint.b}
        for step in sorted(named - root.keys()):
            raise UnknownStep(step)
        if isinstance(constraint, Binding):
            root[find(constraint.a)] = find(constraint.b)
    return {step: find(step) for step in root}


def _matched(blocks: tuple[_Block, ...], changed: int, held: Mapping[int, int]) -> dict[int, int] | None:
    """Return who has each block once one has changed; ``None`` when not every block can have a person of its own."""
    person = held.get(changed)
    if person is not None and blocks[changed].people >> person & 1:
        return dict(held)
    now = {block: person for block, person in held.items() if block != changed}
    owner = {person: block for block, person in now.items()}
    free = ~sum(1 << person for person in owner)
    tried = 0

    def give(block: int) -> bool:
        nonlocal tried
        people = blocks[block].people
        if people & free:
            now[block] = next(_places(people & free))
            return True
        for person in _places(people):
            if not tried >> person & 1:
                tried |= 1 << person
                if give(owner[person]):
                    now[block] = person
                    return True
        return False

    return now if give(changed) else None


def _places(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
