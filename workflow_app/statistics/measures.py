"""M-01 to M-05 (domain 6.2 and 6.3): pure functions over presentations and reviews.

A *presentation* here has survived ``held``: one per case and meeting day, and only cases that were really taken up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import ceil
from statistics import median

from workflow_app.statistics.events import NOT_PRESENTED, Level, Outcome, Period, Presentation, Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A numerator and a denominator; no percentage of nothing."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> Decimal | None:
        """Return the percentage with two decimals, rounded half up."""
        if not self.denominator:
            return None
        exact = Decimal(self.numerator) * 100 / Decimal(self.denominator)
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def whole_percent(self) -> int | None:
        """Return the percentage as it is shown, rounded half up from the exact value."""
        if not self.denominator:
            return None
        exact = Decimal(self.numerator) * 100 / Decimal(self.denominator)
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a number is spread over what was counted."""

    count: int
    total: int
    mean: Decimal | None
    median: Decimal | None
    p90: int | None
    largest: int | None


def held(presentations: Iterable[Presentation]) -> list[Presentation]:
    """Return what counts as presentations, oldest first.

    The last word on a case at a meeting is its outcome there (6.1: later edits overwrite before the meeting is closed);
    an item that was withdrawn or not reached was not presented (6.2).
    """
    last_word: dict[tuple[str, object], Presentation] = {}
    for presentation in sorted(presentations, key=lambda each: each.at):
        last_word[presentation.case, presentation.day] = presentation
    kept = [each for each in last_word.values() if each.outcome not in NOT_PRESENTED]
    return sorted(kept, key=lambda each: each.at)


def presented(presentations: Sequence[Presentation], period: Period) -> dict[str, Presentation]:
    """Return each distinct case with a presentation in the period, and its first one there: the denominator D."""
    cases: dict[str, Presentation] = {}
    for presentation in presentations:
        if period.holds(presentation.at):
            cases.setdefault(presentation.counts_as, presentation)
    return cases


def raised_again(presentations: Sequence[Presentation], period: Period, *, carry_in: bool = False) -> set[str]:
    """Return the distinct cases that were returned and later presented again in the period: M-01's numerator N.

    With ``carry_in``, a return before the period counts too when the case was raised again inside it.
    """
    cases = set()
    for case, history in _histories(presentations).items():
        returned = False
        for presentation in history:
            if returned and period.holds(presentation.at):
                cases.add(case)
            if presentation.outcome is Outcome.RETURNED:
                returned = returned or carry_in or period.holds(presentation.at)
    return cases


def returned(presentations: Sequence[Presentation], period: Period) -> Counter[str]:
    """Return how many times each case was returned in the period."""
    return Counter(
        each.case
        for each in presentations
        if each.outcome is Outcome.RETURNED and period.holds(each.at) and not each.merged_into
    )


def return_and_raised_again_rate(
    presentations: Sequence[Presentation], period: Period, *, carry_in: bool = False
) -> Share:
    """M-01: distinct cases raised again after a return, of distinct cases presented."""
    cases = presented(presentations, period)
    again = raised_again(presentations, period, carry_in=carry_in)
    return Share(numerator=len(again & cases.keys()), denominator=len(cases))


def returned_case_rate(presentations: Sequence[Presentation], period: Period) -> Share:
    """M-02: distinct cases with at least one return, of distinct cases presented."""
    cases = presented(presentations, period)
    return Share(numerator=len(returned(presentations, period).keys() & cases.keys()), denominator=len(cases))


def returns_per_returned_case(presentations: Sequence[Presentation], period: Period) -> Spread:
    """M-03: how many times a returned case is returned."""
    return _spread(list(returned(presentations, period).values()))


def days_to_next_presentation(presentations: Sequence[Presentation], period: Period) -> Spread:
    """M-04: calendar days from a return to the same case's next presentation, both in the period."""
    days = [
        (later.day - earlier.day).days
        for history in _histories(presentations).values()
        for earlier, later in pairwise(history)
        if earlier.outcome is Outcome.RETURNED and period.holds(earlier.at) and period.holds(later.at)
    ]
    return _spread(days)


def returns_by_reason(reviews: Iterable[Review], period: Period) -> Counter[str]:
    """M-05: returns at every level by primary reason."""
    return Counter(each.reason_primary for each in reviews if each.returned and period.holds(each.at))


def return_rate_by_level(reviews: Iterable[Review], period: Period) -> dict[Level, Share]:
    """Return, for each level, the returns of the reviews completed there (domain 6.3)."""
    completed: Counter[Level] = Counter()
    back: Counter[Level] = Counter()
    for review in reviews:
        if period.holds(review.at):
            completed[review.level] += 1
            back[review.level] += review.returned
    return {level: Share(numerator=back[level], denominator=completed[level]) for level in Level}


def by_first_presentation(
    presentations: Sequence[Presentation], period: Period, key: Callable[[Presentation], str]
) -> Mapping[str, list[Presentation]]:
    """Return the presentations of each group; a case belongs to the group of its first presentation in the period."""
    group_of = {case: key(first) for case, first in presented(presentations, period).items()}
    groups: dict[str, list[Presentation]] = defaultdict(list)
    for presentation in presentations:
        if presentation.counts_as in group_of:
            groups[group_of[presentation.counts_as]].append(presentation)
    return dict(sorted(groups.items()))


def _histories(presentations: Sequence[Presentation]) -> dict[str, list[Presentation]]:
    """Return each case's own presentations, oldest first; what happened in a merged case stays out (6.2)."""
    histories: dict[str, list[Presentation]] = defaultdict(list)
    for presentation in presentations:
        if not presentation.merged_into:
            histories[presentation.case].append(presentation)
    return histories


def _spread(numbers: Sequence[int]) -> Spread:
    if not numbers:
        return Spread(count=0, total=0, mean=None, median=None, p90=None, largest=None)
    in_order = sorted(numbers)
    cent = Decimal("0.01")
    return Spread(
        count=len(numbers),
        total=sum(numbers),
        mean=(Decimal(sum(numbers)) / len(numbers)).quantize(cent, ROUND_HALF_UP),
        median=Decimal(str(median(in_order))).quantize(cent, ROUND_HALF_UP),
        # Nearest rank: the smallest number that at least 90 % do not exceed, always one that occurred.
        p90=in_order[ceil(len(in_order) * 0.9) - 1],
        largest=in_order[-1],
    )
