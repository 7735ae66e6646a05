"""Who approves whom: pure functions over approvals, told from what chance alone would give (S-132).

Compared with a draw: within each case type and quarter, the reviewers of that quarter are dealt anew over its
proposals. Whoever reviews much is met often by chance; what is asked is whether two meet more often than that.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from math import exp
from random import Random

from workflow_app.statistics.events import ZONE, Period
from workflow_app.statistics.measures import Share

#: Pairs with fewer approvals between them are not shown: they say more of persons than of a practice.
SHOWN_FROM = 5
#: How many times the reviewers are dealt anew, and the seed: the same approvals give the same figures. A figure by
#: chance lies outside the least and the most of 39 others in one case of twenty.
DEALS = 39
SEED = 1
#: How rarely chance alone lets any pair at all stand out: in one period of twenty, and in one of five hundred.
WARNING, ALERT = 0.05, 0.002
#: How often a reviewer who was dealt the own proposal is dealt another.
TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A reviewer has agreed to what somebody wrote."""

    writer: str
    reviewer: str
    case_type: str
    at: datetime

    @property
    def stratum(self) -> tuple[str, int, int]:
        """Those who could have reviewed it instead: the case type's reviewers of the quarter."""
        local = self.at.astimezone(ZONE)
        return self.case_type, local.year, (local.month - 1) // 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two who approve each other, under a pseudonym of the two together."""

    pseudonym: str
    #: Approvals between the two, both ways.
    approvals: int
    expected: Decimal
    #: The most that chance gives any of the pairs, in nineteen periods of twenty.
    most_by_chance: int
    alert: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """What chance alone would give, and the limits it keeps to in nineteen cases of twenty."""

    expected: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reciprocity:
    """How much of what is approved is approved between two who approve each other."""

    share: Share
    #: The same share by chance, in percent; nothing without approvals.
    chance: Chance | None
    pairs: tuple[Pair, ...]


def reciprocity(approvals: Iterable[Approval], period: Period) -> Reciprocity:
    """Return the share of reciprocated approvals in a period, with chance's own, and the pairs that stand out."""
    kept = [each for each in approvals if period.holds(each.at) and each.writer != each.reviewer]
    counted = Counter((each.writer, each.reviewer) for each in kept)
    total = len(kept)
    chance = None
    if total:
        dealt = sorted(_deals(kept))
        low, middle, high = (_percent(number, total) for number in (dealt[0], dealt[DEALS // 2], dealt[-1]))
        chance = Chance(expected=middle, low=low, high=high)
    return Reciprocity(
        share=Share(numerator=_reciprocated(counted), denominator=total),
        chance=chance,
        pairs=tuple(_pairs(counted, _by_chance(kept))),
    )


def _reciprocated(counted: Mapping[tuple[str, str], int]) -> int:
    """Return how many approvals have one the other way: of three and one between two, two."""
    return sum(min(number, counted.get((reviewer, writer), 0)) for (writer, reviewer), number in counted.items())


def _deals(approvals: Sequence[Approval]) -> Iterable[int]:
    """Yield how many approvals are reciprocated, with the reviewers of each stratum dealt anew over its proposals."""
    number = {
        person: place for place, person in enumerate(sorted({p for a in approvals for p in (a.writer, a.reviewer)}))
    }
    strata: dict[tuple[str, int, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for each in sorted(approvals, key=lambda one: (one.at, one.writer, one.reviewer)):
        writers, reviewers = strata[each.stratum]
        writers.append(number[each.writer])
        reviewers.append(number[each.reviewer])
    random = Random(SEED)  # noqa: S311 - a draw for comparison; nothing is kept secret by it
    size = len(number)
    for _ in range(DEALS):
        met: Counter[int] = Counter()
        for writers, reviewers in strata.values():
            _deal(random, writers, reviewers)
            # Two persons in one number, since this is done some hundred thousand times.
            met.update(writer * size + reviewer for writer, reviewer in zip(writers, reviewers, strict=True))
        yield sum(
            min(count, met.get(pair % size * size + pair // size, 0))
            for pair, count in met.items()
            # Whoever is left with the own proposal reviews none.
            if pair % size != pair // size
        )


def _deal(random: Random, writers: Sequence[int], reviewers: list[int]) -> None:
    """Shuffle the reviewers so that nobody has the own proposal, as far as that can be had."""
    random.shuffle(reviewers)
    own = [place for place, (writer, reviewer) in enumerate(zip(writers, reviewers, strict=True)) if writer == reviewer]
    for place in own:
        for _ in range(TRIES):
            other = random.randrange(len(reviewers))
            if reviewers[other] != writers[place] and writers[other] != reviewers[place]:
                reviewers[place], reviewers[other] = reviewers[other], reviewers[place]
                break


def _by_chance(approvals: Iterable[Approval]) -> Mapping[frozenset[str], float]:
    """Return how many approvals between two chance gives on average, for every two who could have met."""
    wrote: dict[tuple[str, int, int], Counter[str]] = defaultdict(Counter)
    reviewed: dict[tuple[str, int, int], Counter[str]] = defaultdict(Counter)
    for each in approvals:
        wrote[each.stratum][each.writer] += 1
        reviewed[each.stratum][each.reviewer] += 1
    expected: dict[frozenset[str], float] = defaultdict(float)
    for stratum, writers in wrote.items():
        reviewers = reviewed[stratum]
        total = reviewers.total()
        for writer, written in writers.items():
            # Nobody reviews their own.
            others = total - reviewers[writer]
            for reviewer, number in reviewers.items():
                if reviewer != writer:
                    expected[frozenset((writer, reviewer))] += written * number / others
    return expected


def _pairs(counted: Mapping[tuple[str, str], int], chance: Mapping[frozenset[str], float]) -> Iterable[Pair]:
    """Yield those who approve each other and stand out, the furthest from chance first."""
    numbers = {
        frozenset(pair): counted[pair] + counted[pair[::-1]] for pair in counted if counted.get(pair[::-1]) is not None
    }
    shown = {two: number for two, number in numbers.items() if number >= SHOWN_FROM}
    found = []
    for two, number in shown.items():
        mean, (one, other) = chance[two], sorted(two)
        # So many pairs are asked about that one of them would stand out by chance, were each held to the limit of one.
        if number <= (most := _quantile(mean, 1 - WARNING / len(shown))):
            continue
        name = hashlib.sha256(f"{one}/{other}".encode()).hexdigest()[:6]
        found.append(
            Pair(
                pseudonym=name,
                approvals=number,
                expected=Decimal(mean).quantize(Decimal("0.1"), ROUND_HALF_UP),
                most_by_chance=most,
                alert="ALERT" if number > _quantile(mean, 1 - ALERT / len(shown)) else "WARNING",
            )
        )
    return sorted(found, key=lambda pair: (pair.expected - pair.approvals, pair.pseudonym))


def _quantile(mean: float, level: float) -> int:
    """Return the smallest number that a Poisson variable does not exceed with a probability of at least ``level``."""
    number, term = 0, exp(-mean)
    reached = term
    while reached < level:
        number += 1
        term *= mean / number
        reached += term
    return number


def _percent(number: int, total: int) -> Decimal:
    return (Decimal(number) * 100 / Decimal(total)).quantize(Decimal("0.01"), ROUND_HALF_UP)
