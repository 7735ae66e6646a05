"""OPS meets on its weekday, and its agenda closes the working day before (CA-10, R-34)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from workflow_app.calendar.meetings import agenda_closes, next_ops
from workflow_app.calendar.working_days import STOCKHOLM


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("announced", "meeting", "why"),
    [
        ("2026-11-23T16:59", "2026-11-24", "before the agenda closes on Monday"),
        ("2026-11-23T17:00", "2026-12-01", "after it has closed"),
        ("2026-11-24T07:00", "2026-12-01", "on the day itself"),
        ("2026-11-25T09:00", "2026-12-01", "a Wednesday"),
        ("2026-04-02T16:00", "2026-04-07", "the working day before is Maundy Thursday"),
        ("2026-04-03T09:00", "2026-04-14", "the agenda closed before Easter"),
        ("2025-12-30T09:00", "2026-01-13", "6 January 2026 is a Tuesday and a day off: no meeting that week"),
    ],
)
def test_a_case_comes_to_the_first_meeting_whose_agenda_is_open(announced: str, meeting: str, why: str) -> None:
    assert next_ops(_at(announced)) == _at(f"{meeting}T08:00"), why


def test_r34_a_case_of_special_weight_waits_two_working_days_from_when_its_basis_was_shared() -> None:
    assert next_ops(_at("2026-11-23T09:00"), shared_on=date(2026, 11, 20)) == _at("2026-11-24T08:00")
    assert next_ops(_at("2026-11-23T09:00"), shared_on=date(2026, 11, 23)) == _at("2026-12-01T08:00")


def test_the_agenda_closes_when_the_office_does_on_the_working_day_before() -> None:
    assert agenda_closes(date(2026, 4, 7)) == _at("2026-04-02T17:00")
