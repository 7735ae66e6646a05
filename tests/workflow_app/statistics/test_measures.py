"""M-01 to M-05 as domain 6.2 and 6.3 define them, edge case by edge case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.statistics import measures
from workflow_app.statistics.errors import EmptyPeriod
from workflow_app.statistics.events import Level, Outcome, Period, Presentation, Review
from workflow_app.statistics.measures import Share

#: The period of the source: February 2023 to mid-year 2024.
P = Period(first=date(2023, 2, 1), last=date(2024, 6, 30))
INFORMED, RETURNED, WITHDRAWN = Outcome.INFORMED, Outcome.RETURNED, Outcome.WITHDRAWN


def at(day: str, case: str = "a", outcome: Outcome = INFORMED, *, hour: int = 9, merged_into: str = "") -> Presentation:
    return Presentation(
        case=case,
        at=datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC),
        outcome=outcome,
        case_type="ETV",
        step="present_ops",
        merged_into=merged_into,
    )


def m01(*presentations: Presentation, carry_in: bool = False) -> tuple[int, int]:
    share = measures.return_and_raised_again_rate(measures.held(presentations), P, carry_in=carry_in)
    return share.denominator, share.numerator


def test_the_period_of_the_source_has_516_days() -> None:
    assert P.days == 516


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(EmptyPeriod, match="has no days"):
        Period(first=date(2024, 2, 1), last=date(2024, 1, 31))


def test_the_period_holds_the_authoritys_own_days() -> None:
    assert P.holds(datetime(2023, 1, 31, 23, 30, tzinfo=UTC))  # 00.30 on the first day in Stockholm
    assert not P.holds(datetime(2024, 6, 30, 22, 30, tzinfo=UTC))  # 00.30 on the day after the last


# Domain 6.2, the table of edge cases: (denominator, numerator).


def test_presented_once_and_informed_counts_in_the_denominator_only() -> None:
    assert m01(at("2023-03-01")) == (1, 0)


def test_returned_and_raised_again_once_counts() -> None:
    assert m01(at("2023-03-01", outcome=RETURNED), at("2023-04-01")) == (1, 1)


def test_returned_twice_and_raised_again_twice_counts_once_and_m_03_counts_two() -> None:
    history = [at("2023-03-01", outcome=RETURNED), at("2023-04-01", outcome=RETURNED), at("2023-05-01")]

    assert m01(*history) == (1, 1)
    assert measures.returns_per_returned_case(history, P).mean == Decimal("2.00")


def test_returned_and_not_yet_raised_again_counts_in_m_02_but_not_in_m_01() -> None:
    history = [at("2023-03-01", outcome=RETURNED)]

    assert m01(*history) == (1, 0)
    assert measures.returned_case_rate(history, P) == Share(numerator=1, denominator=1)


def test_returned_and_then_withdrawn_is_not_raised_again() -> None:
    assert m01(at("2023-03-01", outcome=RETURNED), at("2023-04-01", outcome=WITHDRAWN)) == (1, 0)


def test_returned_before_the_period_and_raised_again_in_it_counts_only_with_carry_in() -> None:
    history = [at("2023-01-15", outcome=RETURNED), at("2023-03-01")]

    assert m01(*history) == (1, 0)
    assert m01(*history, carry_in=True) == (1, 1)


def test_returned_in_the_period_and_raised_again_after_it_belongs_to_the_next() -> None:
    assert m01(at("2024-06-15", outcome=RETURNED), at("2024-07-15")) == (1, 0)


def test_raised_again_without_a_return_does_not_count() -> None:
    assert m01(at("2023-03-01"), at("2023-04-01")) == (1, 0)


def test_two_merged_cases_are_one_and_the_survivors_history_tells() -> None:
    merged_history_only = [
        at("2023-03-01", "gone", RETURNED, merged_into="survivor"),
        at("2023-04-01", "gone", merged_into="survivor"),
        at("2023-05-01", "survivor"),
    ]
    survivors_own = [
        at("2023-03-01", "gone", merged_into="survivor"),
        at("2023-04-01", "survivor", RETURNED),
        at("2023-05-01", "survivor"),
    ]

    assert m01(*merged_history_only) == (1, 0)
    assert m01(*survivors_own) == (1, 1)


def test_each_child_of_a_split_case_counts_from_its_own_presentations() -> None:
    parent = at("2023-03-01", "parent", RETURNED)
    children = [at("2023-04-01", "child_1"), at("2023-04-01", "child_2", RETURNED), at("2023-05-01", "child_2")]

    assert m01(parent, *children) == (3, 1)


def test_an_item_reopened_at_the_same_meeting_is_one_presentation_and_the_last_word_counts() -> None:
    assert m01(at("2023-03-01", outcome=RETURNED, hour=9), at("2023-03-01", hour=11)) == (1, 0)


def test_an_item_withdrawn_before_discussion_is_not_a_presentation() -> None:
    assert m01(at("2023-03-01", outcome=WITHDRAWN)) == (0, 0)


# The figures themselves.


def test_a_share_of_nothing_has_no_percentage() -> None:
    assert Share(numerator=0, denominator=0).percent is None


def test_percentages_are_rounded_half_up_from_the_exact_value() -> None:
    assert Share(numerator=131, denominator=480).percent == Decimal("27.29")
    assert Share(numerator=131, denominator=480).whole_percent == 27
    assert Share(numerator=1, denominator=200).whole_percent == 1  # 0.5 % exactly
    assert Share(numerator=4449, denominator=100_000).whole_percent == 4  # not by way of 4.45 and 4.5


def test_m_04_counts_calendar_days_and_names_a_ninetieth_percentile_that_occurred() -> None:
    history = []
    for number in range(1, 11):
        first = datetime(2023, 3, 1, tzinfo=UTC)
        again = first + timedelta(days=number)
        history += [at(f"{first:%Y-%m-%d}", f"c{number}", RETURNED), at(f"{again:%Y-%m-%d}", f"c{number}")]

    spread = measures.days_to_next_presentation(measures.held(history), P)

    assert (spread.count, spread.median, spread.p90, spread.largest) == (10, Decimal("5.50"), 9, 10)


def test_m_04_of_no_returns_has_no_figures() -> None:
    spread = measures.days_to_next_presentation([at("2023-03-01")], P)

    assert (spread.count, spread.median, spread.p90) == (0, None, None)


def review(level: Level, *, reason: str = "") -> Review:
    moment = datetime(2023, 3, 1, 9, tzinfo=UTC)
    return Review(
        case="a", at=moment, level=level, case_type="ETV", step="s", returned=bool(reason), reason_primary=reason
    )


def test_m_05_counts_every_return_under_its_primary_reason() -> None:
    reviews = [
        review(Level.OPS, reason="MISSING_COMPETENCE"),
        review(Level.FOUR_EYES, reason="MISSING_COMPETENCE"),
        review(Level.AJ, reason="USER_NOT_HEARD"),
        review(Level.AJ),
    ]

    assert measures.returns_by_reason(reviews, P) == {"MISSING_COMPETENCE": 2, "USER_NOT_HEARD": 1}


def test_the_rate_of_a_level_is_its_returns_of_its_completed_reviews() -> None:
    rates = measures.return_rate_by_level([review(Level.AJ, reason="OTHER"), review(Level.AJ), review(Level.OPS)], P)

    assert rates[Level.AJ] == Share(numerator=1, denominator=2)
    assert rates[Level.OPS] == Share(numerator=0, denominator=1)
    assert rates[Level.CJ].percent is None


# What must hold whatever happened.

DAYS = st.dates(min_value=date(2022, 12, 1), max_value=date(2024, 9, 1))
HISTORIES = st.lists(
    st.builds(
        lambda case, day, outcome: at(day.isoformat(), case, outcome),
        st.sampled_from("abcd"),
        DAYS,
        st.sampled_from([INFORMED, RETURNED, WITHDRAWN]),
    ),
    max_size=25,
)


@given(HISTORIES)
def test_no_case_is_raised_again_that_was_not_returned(history: list[Presentation]) -> None:
    kept = measures.held(history)

    again = measures.raised_again(kept, P)

    assert again <= measures.returned(kept, P).keys() <= measures.presented(kept, P).keys()


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_recording_is_irrelevant(history: list[Presentation], random) -> None:  # type: ignore[no-untyped-def]
    # Two entries at the same moment have no order of their own.
    distinct = list({(each.case, each.at): each for each in history}.values())
    shuffled = random.sample(distinct, len(distinct))

    assert m01(*shuffled) == m01(*distinct)


@given(HISTORIES)
def test_the_groups_of_a_dimension_add_up_to_the_whole(history: list[Presentation]) -> None:
    kept = measures.held(history)
    whole = measures.return_and_raised_again_rate(kept, P)

    groups = measures.by_first_presentation(kept, P, lambda each: each.case)
    parts = [measures.return_and_raised_again_rate(some, P) for some in groups.values()]

    assert sum(part.numerator for part in parts) == whole.numerator
    assert sum(part.denominator for part in parts) == whole.denominator
