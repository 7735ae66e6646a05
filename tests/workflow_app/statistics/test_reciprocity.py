"""Pairs who keep approving each other are told from chance (S-132)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.statistics.events import ZONE, Period
from workflow_app.statistics.reciprocity import Approval, _quantile, reciprocity

YEAR = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
BEGINNING = datetime(2026, 1, 5, 9, tzinfo=ZONE)


def _approvals(
    *pairs: tuple[str, str], case_type: str = "ETV", apart: timedelta = timedelta(hours=1)
) -> list[Approval]:
    return [
        Approval(writer=writer, reviewer=reviewer, case_type=case_type, at=BEGINNING + place * apart)
        for place, (writer, reviewer) in enumerate(pairs)
    ]


def _by_lot(number: int, people: str = "ABCDEFGHIJ") -> Iterator[tuple[str, str]]:
    random = Random(5)
    for _ in range(number):
        writer, reviewer = random.sample(people, 2)
        yield writer, reviewer


def test_two_who_only_approve_each_other_stand_out() -> None:
    found = reciprocity(_approvals(*_by_lot(200), *[("X", "Y"), ("Y", "X")] * 50), YEAR)

    assert found.pairs[0].alert == "ALERT"
    assert found.pairs[0].approvals == 100
    assert found.pairs[0].expected < found.pairs[0].most_by_chance < 100
    assert len(found.pairs[0].pseudonym) == 6
    assert found.chance is not None
    assert found.share.percent is not None
    assert found.share.percent > found.chance.high


def test_lots_give_a_share_within_their_own_limits_and_hardly_a_pair() -> None:
    found = reciprocity(_approvals(*_by_lot(400)), YEAR)

    assert found.chance is not None
    assert found.share.percent is not None
    assert found.chance.low <= found.share.percent <= found.chance.high
    assert found.pairs == ()


def test_of_three_approvals_and_one_two_are_reciprocated() -> None:
    found = reciprocity(_approvals(("A", "B"), ("A", "B"), ("A", "B"), ("B", "A")), YEAR)

    assert (found.share.numerator, found.share.denominator) == (2, 4)


def test_a_small_office_cannot_help_meeting() -> None:
    """Two who are all there is meet every time, and so does chance."""
    found = reciprocity(_approvals(*[("A", "B"), ("B", "A")] * 20), YEAR)

    assert found.share.percent == Decimal("100.00")
    assert found.pairs == ()


def test_pairs_of_fewer_than_five_are_not_shown() -> None:
    found = reciprocity(_approvals(*_by_lot(100), *[("X", "Y"), ("Y", "X")] * 2), YEAR)

    assert found.pairs == ()


def test_only_approvals_of_the_period_count_and_nobody_approves_their_own() -> None:
    before = Approval(writer="A", reviewer="B", case_type="ETV", at=BEGINNING - timedelta(days=30))
    own = Approval(writer="A", reviewer="A", case_type="ETV", at=BEGINNING)

    found = reciprocity([before, own], YEAR)

    assert found.share.denominator == 0
    assert (found.chance, found.pairs) == (None, ())


def test_those_of_different_case_types_or_quarters_could_not_have_met() -> None:
    met = _approvals(*[("A", "B"), ("B", "A")] * 10, case_type="ETV")
    others = [
        *_approvals(*_by_lot(100, "CDEFG"), case_type="FTB"),
        *_approvals(*_by_lot(100, "CDEFG"), case_type="ETV", apart=timedelta(hours=1)),
    ]
    later = [
        Approval(writer=each.writer, reviewer=each.reviewer, case_type=each.case_type, at=each.at.replace(month=9))
        for each in others
    ]

    assert reciprocity([*met, *later], YEAR).pairs == ()
    assert reciprocity([*met, *others], YEAR).pairs != ()


@settings(max_examples=30, deadline=None)
@given(
    pairs=st.lists(st.permutations("ABCD").map(lambda codes: (codes[0], codes[1])), max_size=30), seed=st.integers(0, 9)
)
def test_the_figures_do_not_depend_on_the_order_of_the_rows(pairs: list[tuple[str, str]], seed: int) -> None:
    rows = _approvals(*pairs)
    shuffled = list(rows)
    Random(seed).shuffle(shuffled)

    assert reciprocity(shuffled, YEAR) == reciprocity(rows, YEAR)


@pytest.mark.parametrize(("mean", "most"), [(0.0, 0), (0.1, 1), (1.0, 3), (4.0, 8), (10.0, 17)])
def test_the_most_by_chance_is_the_poisson_limit(mean: float, most: int) -> None:
    assert _quantile(mean, 0.975) == most
