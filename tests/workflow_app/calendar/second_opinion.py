"""Legal time computed another way, to hold the calendar room against: whole numbers only.

Days are Julian day numbers, Easter is Gauss's sum, a month's end is looked for instead of looked up, days off are
written down as the statutes name them (lag 1989:253 and lag 1930:173 2 §), and summer time is the last Sundays of
March and October at 01:00 UTC. Nothing of ``holidays``, ``zoneinfo``, ``calendar`` or ``datetime`` is used.

``python -m tests.workflow_app.calendar.second_opinion`` prints the table ``deadlines.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator

Day = tuple[int, int, int]
YEARS = range(2024, 2031)
SATURDAY, SUNDAY = 5, 6


def number(year: int, month: int, day: int) -> int:
    """Return the Julian day number of a Gregorian date (Fliegel and Van Flandern)."""
    shift = 0 if month > 2 else -1
    return (
        (1461 * (year + 4800 + shift)) // 4
        + (367 * (month - 2 - 12 * shift)) // 12
        - (3 * ((year + 4900 + shift) // 100)) // 4
        + day
        - 32075
    )


def date(julian: int) -> Day:
    """Return the Gregorian date of a Julian day number."""
    a = julian + 68569
    b = 4 * a // 146097
    a -= (146097 * b + 3) // 4
    year = 4000 * (a + 1) // 1461001
    a += 31 - 1461 * year // 4
    month = 80 * a // 2447
    day = a - 2447 * month // 80
    a = month // 11
    return 100 * (b - 49) + year + a, month + 2 - 12 * a, day


def weekday(julian: int) -> int:
    """Return 0 for Monday to 6 for Sunday."""
    return julian % 7


def easter(year: int) -> int:
    """Return Easter Day by Gauss's sum, for the years 1900 to 2099."""
    d = (19 * (year % 19) + 24) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7
    day = 22 + d + e
    if (d, e) == (29, 6) or (d == 28 and e == 6 and year % 19 > 10):
        day -= 7
    return number(year, 3, 1) + day - 1


def _first(year: int, month: int, day: int, wanted: int) -> int:
    """Return the first day of the week ``wanted`` from a date on."""
    julian = number(year, month, day)
    while weekday(julian) != wanted:
        julian += 1
    return julian


def days_off(year: int) -> dict[int, str]:
    """Return the days off of a year that need not be Saturdays or Sundays, with their names."""
    sunday = easter(year)
    return {
        number(year, 1, 1): "nyårsdagen",
        number(year, 1, 6): "trettondedag jul",
        sunday - 2: "långfredagen",
        sunday: "påskdagen",
        sunday + 1: "annandag påsk",
        number(year, 5, 1): "första maj",
        sunday + 39: "Kristi himmelsfärdsdag",
        sunday + 49: "pingstdagen",
        number(year, 6, 6): "nationaldagen",
        _first(year, 6, 19, 4): "midsommarafton",
        _first(year, 6, 20, SATURDAY): "midsommardagen",
        _first(year, 10, 31, SATURDAY): "alla helgons dag",
        number(year, 12, 24): "julafton",
        number(year, 12, 25): "juldagen",
        number(year, 12, 26): "annandag jul",
        number(year, 12, 31): "nyårsafton",
    }


_OFF = {day for year in range(2020, 2040) for day in days_off(year)}


def is_off(julian: int) -> bool:
    """Tell whether a day is a Saturday, a Sunday, a holiday or equated with one."""
    return weekday(julian) >= SATURDAY or julian in _OFF


def onward(julian: int) -> int:
    """Return the day itself, or the first one after it that is not off."""
    return onward(julian + 1) if is_off(julian) else julian


def months_on(day: Day, count: int) -> int:
    """Return the day of the same number ``count`` months on; where the month lacks it, the last one it has."""
    year, month, wanted = day
    month += count
    while month > 12:
        year, month = year + 1, month - 12
    candidate = number(year, month, 1) + wanted - 1
    following = number(year + month // 12, month % 12 + 1, 1)
    return min(candidate, following - 1)


def last_day(rule: str, start: Day) -> Day:
    """Return the last day of a period; ``!`` after it means that it does not move, ``0d`` the day itself."""
    strict, rule = rule.endswith("!"), rule.rstrip("!")
    begins = number(*start)
    if rule.endswith("wd"):
        left, julian = int(rule[:-2]), begins
        while left:
            julian += 1
            left -= 0 if is_off(julian) else 1
        return date(julian)
    count, unit = int(rule[:-1]), rule[-1]
    if unit in "my":
        ends = months_on(start, count * (12 if unit == "y" else 1))
    else:
        ends = begins + count * (7 if unit == "w" else 1)
    return date(ends if strict else onward(ends))


def summer(year: int) -> tuple[int, int]:
    """Return the minutes since the epoch of the Julian count at which summer time begins and ends, in UTC."""
    begins, ends = (_first(year, month, 25, SUNDAY) * 1440 + 60 for month in (3, 10))
    return begins, ends


def offset(utc: int) -> int:
    """Return Sweden's distance to UTC in minutes at a moment."""
    begins, ends = summer(date(utc // 1440)[0])
    return 120 if begins <= utc < ends else 60


def moment(utc: int) -> str:
    """Return a moment as Swedish wall-clock time with its offset."""
    local = utc + offset(utc)
    year, month, day = date(local // 1440)
    hour, minute = divmod(local % 1440, 60)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+{offset(utc) // 60:02}:00"


def midnight(julian: int) -> int:
    """Return the moment, in minutes of UTC, at which a Swedish day begins; the clock never changes at midnight."""
    return next(utc for utc in (julian * 1440 - 60, julian * 1440 - 120) if utc + offset(utc) == julian * 1440)


def _iso(day: Day) -> str:
    return "{:04}-{:02}-{:02}".format(*day)


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield rule, start, expected and reason."""
    for year in YEARS:
        for off, name in sorted(days_off(year).items()):
            yield "0d", _iso(date(off)), _iso(date(onward(off))), f"{name} {year} är ingen arbetsdag"
            start = date(off - 21)
            yield "3w", _iso(start), _iso(last_day("3w", start)), f"tre veckor (FL 44 §) slutar {name} {year}"
    for year in YEARS:
        for month in (1, 3, 5, 8, 10, 12):
            start = date(number(year + month // 12, month % 12 + 1, 1) - 1)
            for rule in ("1m", "6m!"):
                yield rule, _iso(start), _iso(last_day(rule, start)), f"från sista dagen i månad {month}"
    for start in ((2024, 2, 29), (2024, 2, 28), (2027, 2, 28), (2028, 2, 29), (2026, 3, 1), (2025, 12, 31)):
        for rule in ("1y", "2y", "2y!", "12m", "3m", "4w", "6m"):
            yield rule, _iso(start), _iso(last_day(rule, start)), "skottdag, februari eller årsslut"
    for year in YEARS:
        for month in range(1, 13):
            start = (year, month, 1)
            yield "20wd", _iso(start), _iso(last_day("20wd", start)), "tjugo arbetsdagar från första (R-54)"
        for name, start in (
            ("jul", (year, 12, 22)),
            ("påsk", date(easter(year) - 4)),
            ("midsommar", date(_first(year, 6, 19, 4) - 2)),
        ):
            yield "5wd", _iso(start), _iso(last_day("5wd", start)), f"fem arbetsdagar över {name} (R-43, R-54)"
            yield "4w", _iso(start), _iso(last_day("4w", start)), f"fyra veckor från {name} (FL 12 §)"
            yield "10d", _iso(start), _iso(last_day("10d", start)), f"tio dagar från {name}"
    for year in YEARS:
        for change, name in zip(summer(year), ("sommartid", "normaltid"), strict=True):
            for before, hours in ((120, 4), (600, 24), (30, 1)):
                begins = change - before
                yield f"{hours}h", moment(begins), moment(begins + hours * 60), f"över omställningen till {name}"
            day = change // 1440
            for shown in (day - 1, day):
                yield "passed", _iso(date(shown)), moment(midnight(shown + 1)), f"hela dagen vid {name}"


HEAD = """\
# Deadlines of Swedish legal time: rule, start, what is expected, why. Read by test_deadlines.py.
# The expected values are not the calendar room's own: second_opinion.py computes them another way (Julian day numbers,
# Gauss's Easter, days off as the statutes name them, summer time by the last Sundays).
# Rules: 3d days, 2wd working days, 3w weeks, 6m months, 2y years; ! a longest time, which does not move; 0d the day or
# the next working day; 4h hours of the clock; passed: when the whole day is over.
rule;start;expected;reason
"""

if __name__ == "__main__":
    print(HEAD, end="")  # noqa: T201 - it is a table to be read
    for row in rows():
        print(";".join(row))  # noqa: T201
