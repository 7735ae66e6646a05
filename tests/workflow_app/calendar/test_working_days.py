"""Legal time (lag 1930:173): month ends, days off, leap days and the changes of clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from workflow_app.calendar import working_days
from workflow_app.calendar.working_days import STOCKHOLM, add_months, add_working_days, due, is_working_day


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 1, 1), "New Year's Day"),
        (date(2026, 1, 6), "Epiphany"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 1), "May Day"),
        (date(2026, 5, 14), "Ascension Day"),
        (date(2025, 6, 6), "National Day"),
        (date(2026, 6, 19), "Midsummer Eve, equated with a day off"),
        (date(2026, 12, 24), "Christmas Eve, equated with a day off"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 31), "New Year's Eve, equated with a day off"),
        (date(2026, 3, 7), "a Saturday"),
        (date(2026, 3, 8), "a Sunday"),
    ],
)
def test_a_day_off_is_no_working_day(day: date, why: str) -> None:
    assert not is_working_day(day), why


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 4, 2), date(2026, 5, 15), date(2024, 2, 29)])
def test_the_day_before_a_holiday_and_a_squeezed_day_are_working_days(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_month_ends_on_the_same_number_or_its_last_day(start: date, count: int, end: date) -> None:
    assert add_months(start, count) == end


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("4h", datetime(2026, 3, 2, 15, tzinfo=STOCKHOLM), datetime(2026, 3, 2, 19, tzinfo=STOCKHOLM)),
        ("1wd", datetime(2026, 4, 2, 9, tzinfo=STOCKHOLM), datetime(2026, 4, 7, 17, tzinfo=STOCKHOLM)),
        ("2wd", datetime(2026, 12, 22, 9, tzinfo=STOCKHOLM), datetime(2026, 12, 28, 17, tzinfo=STOCKHOLM)),
        ("3w", datetime(2026, 5, 29, 9, tzinfo=STOCKHOLM), datetime(2026, 6, 22, 17, tzinfo=STOCKHOLM)),
        ("3d", datetime(2026, 3, 4, 9, tzinfo=STOCKHOLM), datetime(2026, 3, 9, 17, tzinfo=STOCKHOLM)),
        ("6m", datetime(2026, 8, 31, 9, tzinfo=STOCKHOLM), datetime(2027, 3, 1, 17, tzinfo=STOCKHOLM)),
    ],
)
def test_a_period_that_ends_on_a_day_off_ends_the_next_working_day(period: str, start: datetime, end: datetime) -> None:
    assert due(period, start) == end


def test_hours_run_by_the_clock_through_the_change_to_summer_time() -> None:
    before = datetime(2026, 3, 29, 1, 30, tzinfo=STOCKHOLM)

    ends = due("4h", before)

    assert ends.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=4)
    assert (ends.hour, ends.minute) == (6, 30)


def test_closing_time_is_local_in_summer_and_winter() -> None:
    winter = due("1wd", datetime(2026, 3, 26, 9, tzinfo=STOCKHOLM))
    summer = due("1wd", datetime(2026, 3, 27, 9, tzinfo=STOCKHOLM))

    assert winter.astimezone(UTC).hour == 16
    assert summer.astimezone(UTC).hour == 15


def test_adding_working_days_counts_only_working_days() -> None:
    day = date(2026, 1, 2)
    for count in range(1, 300):
        found = add_working_days(day, count)
        between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
        assert sum(map(is_working_day, between)) == count
        assert is_working_day(found)


@pytest.mark.parametrize("period", ["", "2", "wd", "0d", "-1d", "1.5h", "2 wd", "99999d", "P2D"])
def test_what_is_no_period_is_refused_with_an_example(period: str) -> None:
    with pytest.raises(ValueError, match="write for example"):
        due(period, datetime(2026, 3, 2, tzinfo=STOCKHOLM))


def test_the_closing_time_is_one_constant() -> None:
    assert due("1d", datetime(2026, 3, 2, tzinfo=STOCKHOLM)).time() == working_days.CLOSING_TIME
