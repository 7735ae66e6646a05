"""A quarter ends at midnight in Stockholm, and a period ends with its last day, whatever the quarter."""

from __future__ import annotations

from datetime import datetime

from workflow_app.calendar import quarters
from workflow_app.calendar.working_days import STOCKHOLM


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=STOCKHOLM)


def test_a_quarter_begins_with_january_april_july_and_october() -> None:
    assert [quarters.begins(_day(2026, month, 15)).month for month in range(1, 13)] == [1] * 3 + [4] * 3 + [7] * 3 + [
        10
    ] * 3
    assert quarters.follows(_day(2026, 11, 23)) == _day(2027, 1, 1)
    assert quarters.follows(_day(2026, 9, 30)) == _day(2026, 10, 1)


def test_a_period_is_told_of_at_each_quarters_end_and_at_its_own() -> None:
    told = list(quarters.ends(_day(2026, 11, 23), _day(2027, 8, 10)))

    assert told == [_day(2027, 1, 1), _day(2027, 4, 1), _day(2027, 7, 1), _day(2027, 8, 10)]


def test_a_period_that_ends_with_a_quarter_is_told_of_once() -> None:
    assert list(quarters.ends(_day(2026, 11, 23), _day(2027, 1, 1))) == [_day(2027, 1, 1)]
