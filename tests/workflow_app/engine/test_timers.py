"""When timers are due: across summer time, month ends, weekends and office hours."""

from __future__ import annotations

import datetime as dt

import pytest

from delegation.feel.temporal import SECOND, DaysTime, YearsMonths
from workflow_app.engine import timers
from workflow_app.engine.errors import InvalidTimer
from workflow_app.engine.nodes import Timer, TimerKind

HOLIDAY = dt.date(2027, 1, 6)


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < 5 and day != HOLIDAY


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=timers.STOCKHOLM)


def due(text: str, start: str, kind: str = "DURATION", *, working: bool = False, **more: object) -> str | None:
    occurrence = more.pop("occurrence", 1)
    assert isinstance(occurrence, int)
    timer = Timer(event="t", kind=TimerKind(kind), text=text, working_days=working)
    found = timers.due(timer, at=moment(start), facts=more, is_working_day=is_working_day, occurrence=occurrence)
    if found is None:
        return None
    assert found.tzinfo is dt.UTC
    return found.astimezone(timers.STOCKHOLM).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("PT2H", "2026-11-20 23:30", "2026-11-21 01:30"),
        ("P1D", "2026-03-28 12:00", "2026-03-29 12:00"),  # the night summer time begins
        ("PT24H", "2026-03-28 12:00", "2026-03-29 13:00"),
        ("P1D", "2026-10-24 12:00", "2026-10-25 12:00"),  # the night it ends
        ("P1D", "2026-03-28 02:30", "2026-03-29 03:30"),  # 02:30 does not exist that day
        ("P3W", "2026-11-20 09:00", "2026-12-11 09:00"),
        ("P1M", "2027-01-31 09:00", "2027-02-28 09:00"),
        ("P1M", "2028-01-31 09:00", "2028-02-29 09:00"),
        ("P6M", "2026-08-31 09:00", "2027-02-28 09:00"),
        ("P1Y", "2028-02-29 09:00", "2029-02-28 09:00"),
        ("P1DT2H30M", "2026-11-20 09:00", "2026-11-21 11:30"),
    ],
)
def test_durations_run_by_the_wall_clock_in_days_and_by_the_worlds_in_hours(
    text: str, start: str, expected: str
) -> None:
    assert due(text, start) == expected


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("P2D", "2026-11-20 09:00", "2026-11-24 09:00"),  # a Friday
        ("P1D", "2026-11-21 09:00", "2026-11-23 09:00"),  # a Saturday
        ("P2D", "2027-01-05 15:00", "2027-01-08 15:00"),  # over Epiphany
        ("PT4H", "2026-11-19 09:00", "2026-11-19 13:00"),
        ("PT4H", "2026-11-20 15:00", "2026-11-23 10:00"),  # two hours on Friday, two on Monday
        ("PT4H", "2026-11-20 19:00", "2026-11-23 12:00"),
        ("PT4H", "2026-11-21 10:00", "2026-11-23 12:00"),
        ("PT9H", "2026-11-19 08:00", "2026-11-19 17:00"),
        ("PT10H", "2026-11-19 06:00", "2026-11-20 09:00"),
    ],
)
def test_working_time_counts_only_when_the_office_is_open(text: str, start: str, expected: str) -> None:
    assert due(text, start, working=True) == expected


def test_a_date_is_due_when_that_whole_day_has_passed() -> None:
    assert due("latest_date", "2026-11-20 09:00", "DATE", latest_date=dt.date(2027, 3, 27)) == "2027-03-28 00:00"
    assert due("2027-03-27", "2026-11-20 09:00", "DATE") == "2027-03-28 00:00"


def test_a_date_on_a_day_off_may_move_to_the_next_working_day() -> None:
    assert due("2027-01-06", "2026-11-20 09:00", "DATE", working=True) == "2027-01-08 00:00"


def test_a_moment_is_due_then() -> None:
    assert due("2027-03-27T10:00:00+01:00", "2026-11-20 09:00", "DATE") == "2027-03-27 10:00"
    assert due("until", "2026-11-20 09:00", "DATE", until=moment("2027-06-01 08:00")) == "2027-06-01 08:00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("P2D", "2026-11-22 09:00"),
        (DaysTime(2 * 86_400 * SECOND), "2026-11-22 09:00"),
        (YearsMonths(1), "2026-12-20 09:00"),
        (dt.timedelta(hours=3), "2026-11-20 12:00"),
    ],
)
def test_a_fact_may_hold_the_duration(value: object, expected: str) -> None:
    assert due("grace", "2026-11-20 09:00", grace=value) == expected


@pytest.mark.parametrize(("kind", "value"), [("DATE", None), ("DATE", "soon"), ("DURATION", None), ("DURATION", 3)])
def test_a_fact_that_holds_no_time_is_an_error_that_names_the_timer(kind: str, value: object) -> None:
    with pytest.raises(InvalidTimer, match="`t`"):
        due("when", "2026-11-20 09:00", kind, when=value)


def test_a_date_without_time_zone_is_refused() -> None:
    with pytest.raises(InvalidTimer):
        due("when", "2026-11-20 09:00", "DATE", when=dt.datetime(2027, 1, 1))  # noqa: DTZ001 - what is refused


def test_a_cycle_counts_from_its_start_and_ends() -> None:
    start = "2027-01-31 09:00"
    assert due("R3/P1M", start, "CYCLE", occurrence=2) == "2027-03-31 09:00"
    assert due("R3/P1M", start, "CYCLE", occurrence=4) is None
    assert due("R/P1W", start, "CYCLE", occurrence=52) == "2028-01-30 09:00"


def test_the_start_must_be_aware() -> None:
    timer = Timer(event="t", kind=TimerKind.DURATION, text="P1D")
    with pytest.raises(InvalidTimer, match="aware"):
        timers.due(timer, at=dt.datetime(2026, 1, 1), facts={}, is_working_day=is_working_day)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", "P", "PT", "P0D", "P-1D", "1D", "P1D2H", "PT1D", "P1.5D", "P101Y", "P1H"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    assert timers.parse_period(text) is None


@pytest.mark.parametrize("text", ["R0/P1D", "R3", "R-1/P1D", "R3/2026-01-01/P1D", "P1D", "R3/P0D"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    assert timers.parse_cycle(text) is None


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("R/2026-11-01T06:00:00+01:00/P1Y", "2020-01-01 00:00", "2026-11-01 06:00"),
        ("R/2026-11-01T06:00:00+01:00/P1Y", "2026-11-01 06:00", "2027-11-01 06:00"),
        ("R/2026-11-01T06:00:00+01:00/P1Y", "2061-12-31 00:00", "2062-11-01 06:00"),
        ("R/2026-11-01T05:00:00+00:00/P1Y", "2026-11-02 00:00", "2027-11-01 06:00"),  # the wall clock in Stockholm
        ("R/2028-02-29T06:00:00+01:00/P1Y", "2028-03-01 00:00", "2029-02-28 06:00"),
        ("R/2028-02-29T06:00:00+01:00/P1Y", "2031-03-01 00:00", "2032-02-29 06:00"),
        ("R/2026-01-31T07:00:00+01:00/P1M", "2026-02-28 07:00", "2026-03-31 07:00"),
        ("R/2026-01-01T06:00:00+01:00/P3M", "2026-11-22 00:00", "2027-01-01 06:00"),
        ("R/2026-10-19T06:00:00+02:00/P1W", "2026-10-20 00:00", "2026-10-26 06:00"),  # over the end of summer time
        ("R/2026-03-28T02:30:00+01:00/P1D", "2026-03-28 12:00", "2026-03-29 03:30"),  # 02:30 does not exist that day
    ],
)
def test_the_calendar_comes_back_by_the_clock_on_the_wall(text: str, after: str, expected: str) -> None:
    calendar = timers.parse_calendar(text)

    assert calendar is not None
    assert calendar.after(moment(after)) == moment(expected)
