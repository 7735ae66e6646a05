from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegation.feel import temporal
from delegation.feel.temporal import DateTime, DaysTime, FarDate, YearsMonths
from delegation.feel.values import adopt
from tests.delegation.feel.evaluating import feel, written

FAR_DATES = st.tuples(st.integers(-temporal.MAX_YEAR, temporal.MAX_YEAR), st.integers(1, 12), st.integers(1, 28)).map(
    lambda parts: temporal.make_date(*parts)
)


@settings(deadline=None)
@given(FAR_DATES)
def test_a_date_written_and_read_again_is_the_same(date: temporal.Date) -> None:
    assert temporal.parse_date(temporal.format_date(date)) == date


@settings(deadline=None)
@given(FAR_DATES)
def test_a_day_number_gives_its_date_back(date: temporal.Date) -> None:
    assert temporal.from_ordinal(temporal.ordinal(date)) == date


@settings(deadline=None)
@given(st.datetimes(timezones=st.timezones() | st.just(dt.UTC)))
def test_a_moment_of_python_survives_feel(moment: dt.datetime) -> None:
    # A zone's offset may have a fraction of a second in old times; Python's own arithmetic keeps it.
    back = temporal.to_python(temporal.from_python(moment))

    assert back is not None
    assert back.replace(tzinfo=None) == moment.replace(tzinfo=None)


@settings(deadline=None)
@given(st.integers(-(10**25), 10**25), st.integers(-(10**9), 10**9))
def test_a_duration_written_and_read_again_is_the_same(nanoseconds: int, months: int) -> None:
    for duration in (DaysTime(nanoseconds), YearsMonths(months)):
        assert temporal.parse_duration(temporal.format_duration(duration)) == duration


@settings(deadline=None)
@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)), st.times(), st.integers(-(10**6), 10**6))
def test_time_in_stockholm_goes_on_through_summer_time(day: dt.date, clock: dt.time, minutes: int) -> None:
    start = temporal.parse_date_time(f"{day}T{clock:%H:%M:%S}@Europe/Stockholm")
    assert start is not None

    later = temporal.plus_nanoseconds(start, minutes * 60 * temporal.SECOND)

    assert later is not None
    expected = temporal.to_python(start).astimezone(dt.UTC) + dt.timedelta(minutes=minutes)  # type: ignore[union-attr]
    local = expected.astimezone(temporal.zone_of("Europe/Stockholm"))
    assert (later.date, later.time.hour, later.time.minute) == (local.date(), local.hour, local.minute)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2024-02-29")', "2024-02-29"),
        ('date("2023-02-29")', None),
        ('date("24-02-29")', None),
        ('date("2024-2-9")', None),
        ('date("2024-02-29T10:00:00")', None),
        ('date("123456-01-01")', "123456-01-01"),
        ('date("012345-01-01")', None),
        ('date("-0044-03-15")', "-0044-03-15"),
        ("date(2024, 2, 29)", "2024-02-29"),
        ("date(2024, 13, 1)", None),
        ("date(year: 2024, month: 1, day: 31)", "2024-01-31"),
        ("date(2024, 1)", None),
        ("date(null)", None),
        ("date(1000000000, 1, 1)", None),
        ('date(date and time("2024-05-06T07:08:09"))', "2024-05-06"),
        ('time("07:08:09.5")', "07:08:09.5"),
        ('time("07:08:09+01:00")', "07:08:09+01:00"),
        ('time("07:08:09@Europe/Stockholm")', "07:08:09@Europe/Stockholm"),
        ('time("07:08:09@Ankeborg/Centrum")', None),
        ('time("07:08:09+01:00@Europe/Stockholm")', None),
        ('time("24:00:00")', "00:00:00"),
        ('time("24:00:01")', None),
        ('time("7:08:09")', None),
        ('time("07:08")', None),
        ('time("07:08:09+18:01")', None),
        ("time(7, 8, 9)", "07:08:09"),
        ("time(7, 8, 9.25, null)", "07:08:09.25"),
        ('time(7, 8, 9, @"-PT1H30M")', "07:08:09-01:30"),
        ("time(7, 60, 0)", None),
        ('time(@"2024-01-01")', "00:00:00Z"),
        ('date and time("2024-05-06")', "2024-05-06T00:00:00"),
        ('date and time("2024-05-06T24:00:00")', "2024-05-07T00:00:00"),
        ('date and time("2024-05-06T07:08:09Z")', "2024-05-06T07:08:09Z"),
        ('date and time("2024-05-06 07:08:09")', None),
        ('date and time(@"2024-05-06", @"07:08:09Z")', "2024-05-06T07:08:09Z"),
        ('date and time(date: @"2024-05-06T01:02:03", time: @"07:08:09")', "2024-05-06T07:08:09"),
        ('date and time(@"2024-05-06", null)', None),
        ('duration("P1Y14M")', "P2Y2M"),
        ('duration("-PT90M")', "-PT1H30M"),
        ('duration("P1DT24H0.50S")', "P2DT0.5S"),
        ('duration("P1Y1D")', None),
        ('duration("PT")', None),
        ('duration("P")', None),
        ('years and months duration(@"2020-02-29", @"2021-02-28")', "P11M"),
        ('years and months duration(@"2021-03-15", @"2020-01-20")', "-P1Y1M"),
        ('years and months duration(from: @"2020-01-01", to: @"2020-01-01T10:00:00")', "P0M"),
    ],
)
def test_dates_times_and_durations_are_made(text: str, expected: str | None) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2024-01-31" + @"P1M"', "2024-02-29"),
        ('@"2024-02-29" + @"P1Y"', "2025-02-28"),
        ('@"2024-03-31" - @"P1M"', "2024-02-29"),
        ('@"P21D" + @"2024-01-01"', "2024-01-22"),
        ('@"2024-01-01" - @"PT1S"', "2023-12-31"),
        ('@"2024-01-01T00:00:00" - @"PT1S"', "2023-12-31T23:59:59"),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('@"2024-01-02" - @"2024-01-01"', "P1D"),
        ('@"10:00:00" - @"11:30:00"', "-PT1H30M"),
        ('@"10:00:00Z" - @"10:00:00+02:00"', "PT2H"),
        ('@"10:00:00Z" - @"10:00:00"', None),
        ('@"2024-01-01T10:00:00Z" - @"2024-01-01"', "PT10H"),
        ('@"2024-01-01T10:00:00" - @"2024-01-01"', None),
        ('@"2024-03-31T01:30:00@Europe/Stockholm" + @"PT1H"', "2024-03-31T03:30:00@Europe/Stockholm"),
        ('@"2024-10-27T03:30:00@Europe/Stockholm" - @"PT1H"', "2024-10-27T02:30:00@Europe/Stockholm"),
        ('@"P1Y" / 2', "P6M"),
        ('@"P1M" * 2.9', "P2M"),
        ('@"P1D" / @"PT12H"', "2"),
        ('@"P1D" / @"PT0S"', None),
        ('@"P1D" + @"P1M"', None),
        ('-@"P1DT1H"', "-P1DT1H"),
        ('@"2024-01-01" + 1', None),
        ('@"2024-01-01" + @"2024-01-01"', None),
        ('@"P1D" - @"2024-01-01"', None),
        ('@"999999999-12-31" + @"P1D"', None),
        ('@"10:00:00" + @"P1M"', None),
        ('@"2024-01-31T10:00:00" + @"P1M"', "2024-02-29T10:00:00"),
        ('@"999999999-12-31T10:00:00" + @"P1M"', None),
        ('@"P1Y" + @"P2M"', "P1Y2M"),
        ('@"999999999-12-31T23:00:00@Europe/Stockholm" + @"PT2H"', None),
        ('@"9999-12-31T12:00:00@Europe/Stockholm" + @"PT1H"', "9999-12-31T13:00:00@Europe/Stockholm"),
        ('@"2024-01-01T10:00:00" + @"PT1H"', "2024-01-01T11:00:00"),
        ('@"PT1H" + @"PT30M"', "PT1H30M"),
        ('2 * @"P1Y"', "P2Y"),
    ],
)
def test_arithmetic_on_time(text: str, expected: str | None) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2024-02-29".weekday', 4),
        ('@"-0044-03-15".year', -44),
        ('@"2024-02-29T10:11:12".minute', 11),
        ('@"10:11:12.9".second', 12),
        ('@"-P1Y2M".years', -1),
        ('@"P1Y2M".months', 2),
        ('@"P1DT26H".days', 2),
        ('@"-PT90M".minutes', -30),
        ('@"P1D".months', None),
        ('@"10:11:12".timezone', None),
        ('day of year(@"2024-12-31")', 366),
        ('week of year(@"2021-01-03")', 53),
        ('week of year(@"-0399-12-31")', 1),
    ],
)
def test_parts_of_dates_times_and_durations(text: str, expected: int | None) -> None:
    assert feel(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string(@"2024-07-01T12:00:00@Europe/Stockholm".time offset)', "PT2H"),
        ('string(@"2024-01-01T12:00:00@Europe/Stockholm".time offset)', "PT1H"),
        ('@"12:00:00@Europe/Stockholm".timezone', "Europe/Stockholm"),
        ('day of week(@"2024-02-29")', "Thursday"),
        ('month of year(@"2024-02-29T01:00:00")', "February"),
    ],
)
def test_names_and_offsets(text: str, expected: str) -> None:
    assert feel(text) == expected


def test_moments_compare_across_offsets() -> None:
    assert feel('@"2024-07-01T12:00:00@Europe/Stockholm" = @"2024-07-01T10:00:00Z"') is True
    assert feel('@"2024-07-01T12:00:00@Europe/Stockholm" < @"2024-07-01T10:00:01Z"') is True
    assert feel('is(@"2024-07-01T12:00:00+02:00", @"2024-07-01T10:00:00Z")') is False


@pytest.mark.parametrize(
    "text",
    ['time("10:00:00+02:75")', 'time("10:00:00+02:00:61")', 'time("25:00:00")', 'date and time("2026-01-01T25:00:00")'],
)
def test_what_no_clock_shows_is_null(text: str) -> None:
    assert feel(text) is None


def test_a_moment_beyond_the_calendar_of_python_has_no_python_value() -> None:
    assert temporal.to_python(feel('@"12345-01-01T00:00:00"')) is None


def test_python_values_become_feel_values() -> None:
    moment = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)

    assert feel("string(m)", m=moment) == "2026-03-01T08:30:00Z"
    assert feel("string(d)", d=dt.timedelta(days=1, hours=2)) == "P1DT2H"
    assert feel('d + @"P1D"', d=dt.date(2026, 2, 28)) == dt.date(2026, 3, 1)
    assert feel("t.hour", t=dt.time(8, 30)) == 8
    assert feel("c.a", c={"a": 1.5}) == Decimal("1.5")
    with pytest.raises(TypeError, match="infinite or undefined"):
        adopt(float("nan"))
    assert isinstance(adopt(moment), DateTime)
    assert isinstance(feel('@"12345-01-01"'), FarDate)
