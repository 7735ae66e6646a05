"""Every deadline of the table ends when the statutes say (lag 1930:173; R-71, R-81, R-84, R-53, R-54)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.workflow_app.calendar import second_opinion
from workflow_app.calendar import working_days

TABLE = Path(__file__).with_name("deadlines.csv")
ROWS = [
    tuple(line.split(";"))
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith(("#", "rule;"))
]


def _end(rule: str, start: str) -> str:
    if rule.endswith("h"):
        begins = datetime.fromisoformat(start)
        return working_days.due(rule, begins).isoformat()
    day = date.fromisoformat(start)
    if rule == "passed":
        return working_days.passed(day).isoformat()
    if rule == "0d":
        return working_days.next_working_day(day).isoformat()
    return working_days.last_day(rule.rstrip("!"), day, moves=not rule.endswith("!")).isoformat()


@pytest.mark.parametrize(("rule", "start", "expected", "reason"), ROWS)
def test_a_deadline_ends_when_the_statutes_say(rule: str, start: str, expected: str, reason: str) -> None:
    assert _end(rule, start) == expected, reason


def test_the_table_covers_every_holiday_and_change_of_clock_in_seven_years() -> None:
    assert len(ROWS) >= 400
    for year in second_opinion.YEARS:
        for day in second_opinion.days_off(year):
            iso = "{:04}-{:02}-{:02}".format(*second_opinion.date(day))
            assert any(rule == "0d" and start == iso for rule, start, _, _ in ROWS)
        assert sum(rule == "passed" and start.startswith(f"{year}-") for rule, start, _, _ in ROWS) == 4


def test_the_table_is_what_the_second_opinion_says() -> None:
    assert list(second_opinion.rows()) == ROWS


def test_the_second_opinion_knows_easter_and_midsummer() -> None:
    easter = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21)}
    for year, (month, day) in easter.items():
        assert second_opinion.date(second_opinion.easter(year)) == (year, month, day)
    assert second_opinion.is_off(second_opinion.number(2026, 6, 19))


@pytest.mark.parametrize("rule", ["4h", "0d", "3", "w", "3x", "-1d", "12345d"])
def test_what_is_no_number_of_days_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        working_days.last_day(rule, date(2026, 1, 1))


def test_a_reminder_lies_calendar_time_before_the_last_day() -> None:
    assert working_days.day_before("10d", date(2026, 3, 1)) == date(2026, 2, 19)
    assert working_days.day_before("1m", date(2026, 3, 31)) == date(2026, 2, 28)
    assert working_days.day_before("6m", date(2028, 8, 31)) == date(2028, 2, 29)
    assert working_days.day_before("1y", date(2028, 2, 29)) == date(2027, 2, 28)
