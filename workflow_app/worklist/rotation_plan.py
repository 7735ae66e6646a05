"""Who visits which home in a year: pure, and nothing but a proposal (R-16, R-24).

Two inspectors per home, one of them senior and one of them allowed to lead; together not the pair of last year; each
competent for the kind of home, in no conflict there, and with room in the year; and as little travel as all that lets.
The limits of the rotation are ``delegation``'s, which is asked again, and alone decides, when a team is assigned.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from math import hypot
from typing import Final

from delegation.duties.rotation import INSPECTORS, may_lead, may_pair, years_on_end

#: How many of the nearest inspectors each home chooses among.
REACH: Final = 40
#: Draws are counted in parts of a kilometre so small that all of a plan's together are less than one.
_DRAWS: Final = 10_000


class Rule(StrEnum):
    """What a team must meet; why a home goes without one."""

    TWO_PERSONS = "TWO_PERSONS"
    SENIOR = "SENIOR"
    LEAD_ROTATES = "LEAD_ROTATES"
    PAIR_ROTATES = "PAIR_ROTATES"
    #: Those who could come have no room left in their year.
    ROOM = "ROOM"

    @property
    def rule_id(self) -> str:
        """The rule of the authority that it comes from."""
        return "R-16" if self in {Rule.LEAD_ROTATES, Rule.PAIR_ROTATES} else "R-24"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An earlier yearly inspection of a home."""

    year: int
    lead: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A home to inspect. ``place`` is east and north in kilometres."""

    code: str
    kind: str
    place: tuple[int, int]
    visits: tuple[Visit, ...] = ()
    #: Who must keep away from it.
    conflicts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """An inspector who may be sent out. ``place`` is where the journeys begin."""

    code: str
    senior: bool
    #: Kinds of homes that the inspector knows.
    kinds: frozenset[str]
    place: tuple[int, int]
    #: Most visits in the year.
    room: int


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A year's homes and inspectors, in one order whatever order they were given in."""

    year: int
    homes: tuple[Home, ...]
    inspectors: tuple[Inspector, ...]
    reach: int = REACH

    def __post_init__(self) -> None:
        object.__setattr__(self, "homes", tuple(sorted(self.homes, key=lambda home: home.code)))
        object.__setattr__(self, "inspectors", tuple(sorted(self.inspectors, key=lambda one: one.code)))

    @cached_property
    def by_code(self) -> Mapping[str, Inspector]:
        """The inspectors by staff code."""
        return {inspector.code: inspector for inspector in self.inspectors}

    @cached_property
    def sha256(self) -> str:
        """What identifies the problem: the same problem and the same seed give the same plan."""
        return hashlib.sha256(json.dumps(_plain(asdict(self)), sort_keys=True).encode()).hexdigest()

    def candidates(self, home: Home) -> tuple[Inspector, ...]:
        """Return the nearest inspectors who are competent for a home and in no conflict there, nearest first."""
        able = [one for one in self.inspectors if home.kind in one.kinds and one.code not in home.conflicts]
        return tuple(sorted(able, key=lambda one: (distance(home, one), one.code))[: self.reach])

    def leads_on_end(self, home: Home, inspector: str) -> int:
        """Return for how many years on end before the plan's an inspector has led at a home."""
        return years_on_end(self.year, {visit.year for visit in home.visits if visit.lead == inspector})

    def may_lead(self, home: Home, inspector: str) -> bool:
        """Tell whether the rotation lets an inspector lead at a home (R-16)."""
        return may_lead(self.leads_on_end(home, inspector))

    def barred_pairs(self, home: Home) -> frozenset[frozenset[str]]:
        """Return the pairs that the rotation keeps from visiting a home together (R-16)."""
        pairs = {frozenset((visit.lead, visit.second)) for visit in home.visits}
        return frozenset(pair for pair in pairs if not may_pair(self._pair_on_end(home, pair)))

    def _pair_on_end(self, home: Home, pair: frozenset[str]) -> int:
        return years_on_end(self.year, {each.year for each in home.visits if {each.lead, each.second} == pair})


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who is proposed for a home."""

    home: str
    lead: str
    second: str
    #: Kilometres there, the lead's first.
    km: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A home that gets no team, and why."""

    home: str
    rule: Rule
    #: How many of the nearest are competent and free of conflict.
    candidates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal for a year: teams, and where no team is lawful, the smallest shortage."""

    year: int
    seed: int
    teams: tuple[Team, ...]
    shortages: tuple[Shortage, ...]

    @property
    def km(self) -> int:
        """How far everybody travels, one way."""
        return sum(sum(team.km) for team in self.teams)

    def visits(self) -> Mapping[str, int]:
        """Return how many homes each inspector visits."""
        found: dict[str, int] = {}
        for team in self.teams:
            for code in (team.lead, team.second):
                found[code] = found.get(code, 0) + 1
        return found


def distance(home: Home, inspector: Inspector) -> int:
    """Return the whole kilometres between an inspector's station and a home, as the crow flies."""
    (east, north), (to_east, to_north) = home.place, inspector.place
    return round(hypot(east - to_east, north - to_north))


def draw(seed: int, home: Home, inspector: Inspector) -> float:
    """Return the lot that decides between two who travel equally far: the same for the same seed, never a kilometre."""
    digest = hashlib.sha256(f"{seed}/{home.code}/{inspector.code}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32 / _DRAWS


def team(problem: Problem, home: Home, pair: Iterable[Inspector], seed: int) -> Team:
    """Let the one who may lead do so: a senior before others, the longer without leading there before the shorter."""

    def rank(one: Inspector) -> tuple[bool, bool, int, float]:
        may = problem.may_lead(home, one.code)
        return not may, not one.senior, problem.leads_on_end(home, one.code), draw(seed, home, one)

    lead, second = sorted(pair, key=rank)
    return Team(home=home.code, lead=lead.code, second=second.code, km=(distance(home, lead), distance(home, second)))


def missing(problem: Problem, home: Home, pair: Collection[Inspector]) -> tuple[Rule, ...]:
    """Return what keeps some inspectors from being a lawful team for a home; nothing for a lawful one (R-16, R-24)."""
    if len({one.code for one in pair}) != INSPECTORS:
        return (Rule.TWO_PERSONS,)
    found = {
        Rule.SENIOR: not any(one.senior for one in pair),
        Rule.LEAD_ROTATES: not any(problem.may_lead(home, one.code) for one in pair),
        Rule.PAIR_ROTATES: frozenset(one.code for one in pair) in problem.barred_pairs(home),
    }
    return tuple(rule for rule, true in found.items() if true)


def shortage(problem: Problem, home: Home) -> Shortage:
    """Say why a home goes without: the rule that no two who could come meet, or else that their year is full."""
    able = problem.candidates(home)
    lacks = [missing(problem, home, pair) for pair in combinations(able, INSPECTORS)] or [(Rule.TWO_PERSONS,)]
    # The team that lacks least tells most of what is to be found.
    least = min(lacks, key=len)
    return Shortage(home=home.code, rule=least[0] if least else Rule.ROOM, candidates=len(able))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
