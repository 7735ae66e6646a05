from __future__ import annotations

import pytest

from delegation.feel.functions import BUILTINS
from tests.delegation.feel.evaluating import feel, notes, written

#: The built-ins of DMN 1.5, tables 66-78.
STANDARD = """
date, time, date and time, number, string, duration, years and months duration, range, not, substring, string length,
upper case, lower case, substring before, substring after, replace, contains, starts with, ends with, matches, split,
string join, list contains, count, min, max, sum, mean, all, any, sublist, append, concatenate, insert before, remove,
list replace, reverse, index of, union, distinct values, flatten, product, median, stddev, mode, decimal, floor,
ceiling, round up, round down, round half up, round half down, abs, modulo, sqrt, log, exp, odd, even, is, before,
after, meets, met by, overlaps, overlaps before, overlaps after, finishes, finished by, includes, during, starts,
started by, coincides, day of year, day of week, month of year, week of year, sort, get value, get entries, context,
context put, context merge, now, today
"""


def test_every_function_of_the_standard_is_there() -> None:
    assert set(BUILTINS) == {name.strip() for name in STANDARD.replace("\n", " ").split(",")}


@pytest.mark.parametrize("name", sorted(set(BUILTINS) - {"now", "today", "append", "concatenate", "union"}))
def test_wrong_arguments_give_null_and_a_reason(name: str) -> None:
    for arguments in ("wrong: 1", "1, 2, 3, 4, 5, 6, 7, 8, 9, {}", "null, {}, null"):
        assert feel(f"{name}({arguments})") is None
        assert notes(f"{name}({arguments})")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("förbud", 3)', "rbud"),
        ('substring("förbud", -3, 2)', "bu"),
        ('substring("förbud", 4.9, 1.9)', "b"),
        ('substring("förbud", 0)', None),
        ('substring("förbud", 7)', None),
        ('substring("förbud", 1, 0)', None),
        ('substring(string: "förbud", start position: 2)', "örbud"),
        ('string length("åäö")', "3"),
        ('upper case("åäö")', "ÅÄÖ"),
        ('lower case("ÅÄÖ")', "åäö"),
        ('substring before("DO-046", "-")', "DO"),
        ('substring before("DO-046", "x")', ""),
        ('substring after("DO-046", "-")', "046"),
        ('substring after("DO-046", "")', "DO-046"),
        ('contains("förbud", "bud")', "true"),
        ('starts with("förbud", "för")', "true"),
        ('ends with("förbud", "för")', "false"),
        ('contains("förbud", null)', None),
        ('split("a, b,c", ",\\s*")', '["a", "b", "c"]'),
        ('split(";a;", ";")', '["", "a", ""]'),
        ('string join(["a", null, "b"], "/")', "a/b"),
        ('string join([], "/")', ""),
        ('string join(["a", 1])', None),
        ("string(null)", None),
        ('string([1.50, "a", null, {b: true}])', '[1.5, "a", null, {b: true}]'),
        ('string({"a b": 1, "{": 2})', '{a b: 1, "{": 2}'),
        ("string(function(a, b) a)", "function(a, b)"),
        ('number("1 234,5", " ", ",")', "1234.5"),
        ('number("1.234.567", ".", ",")', "1234567"),
        ('number("1,5", null, ",")', "1.5"),
        ('number("1,5", ",", ",")', None),
        ('number("ett")', None),
        ('number(from: "7")', "7"),
    ],
)
def test_strings_and_conversions(text: str, expected: str | None) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list contains([1, null], null)", "true"),
        ("count([])", "0"),
        ("count(5)", "1"),
        ("count(null)", None),
        ("min(3, 1, 2)", "1"),
        ('max(["a", "b"])', "b"),
        ('max(@"2024-01-01", @"2024-02-01")', "2024-02-01"),
        ('min(1, "a")', None),
        ("min([])", None),
        ("sum(1, 2, 3)", "6"),
        ("sum([])", None),
        ("sum([1, null])", None),
        ("mean(list: [1, 2])", "1.5"),
        ("median(1, 9, 2)", "2"),
        ("median([4, 1, 2, 3])", "2.5"),
        ("mode([1, 2, 2, 1, 3])", "[1, 2]"),
        ("mode([])", "[]"),
        ("stddev([1, 3])", "1.414213562373095048801688724209698"),
        ("stddev([1])", None),
        ("product([2, 3, 4])", "24"),
        ("all([true, null])", None),
        ("all([false, null])", "false"),
        ("all([])", "true"),
        ("any(false, true)", "true"),
        ("any([])", "false"),
        ("any([1])", None),
        ("sublist([1, 2, 3], 2)", "[2, 3]"),
        ("sublist([1, 2, 3], -2, 1)", "[2]"),
        ("sublist([1, 2, 3], 2, 3)", None),
        ("sublist([1, 2, 3], 0)", None),
        ("append([1], 2, [3])", "[1, 2, [3]]"),
        ("append(null, 1)", None),
        ("concatenate([1], 2, [3])", "[1, 2, 3]"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
        ("insert before([1], 3, 2)", None),
        ("remove([1, 2, 3], -1)", "[1, 2]"),
        ("remove([1], 2)", None),
        ("list replace([1, 2], 2, null)", "[1, null]"),
        ("list replace([1, 5, 9], function(item, newItem) item > newItem, 4)", "[1, 4, 4]"),
        ("list replace([1, 5], function(item) true, 4)", None),
        ("list replace(list: [1], match: function(a, b) true, newItem: 2)", "[2]"),
        ("list replace([1], 0, 2)", None),
        ("reverse([1, 2])", "[2, 1]"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ("distinct values([1, 1.0, {a: 1}, {a: 1}, null, null])", "[1, {a: 1}, null]"),
        ("flatten([1, [2, [3, []]]])", "[1, 2, 3]"),
        ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
        ("sort(list: [2, 1], precedes: function(a, b) a < b)", "[1, 2]"),
        ("sort([1, 2], function(a, b) null)", None),
    ],
)
def test_lists(text: str, expected: str | None) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('get value({a: 1}, "a")', "1"),
        ('get value({a: 1}, "b")', None),
        ('get value({a: {b: 1}}, ["a", "b"])', "1"),
        ("get entries({a: 1})", '[{key: "a", value: 1}]'),
        ('get entries({a: 1, b: 2})[key = "b"].value', "[2]"),
        ('context([{key: "a", value: 1}])', "{a: 1}"),
        ('context({key: "a", value: 1})', "{a: 1}"),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
        ('context([{key: "a"}])', None),
        ('context put({a: 1}, "b", null)', "{a: 1, b: null}"),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', "{a: {b: 1, c: 2}}"),
        ('context put({a: 1}, ["a", "c"], 2)', None),
        ("context put({a: 1}, [], 2)", None),
        ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
        ("context merge([{a: 1}, null])", None),
    ],
)
def test_contexts(text: str, expected: str | None) -> None:
    assert written(text) == expected


def test_changing_a_context_leaves_the_old_one_as_it_was() -> None:
    assert written('{old: {a: {b: 1}}, new: context put(old, ["a", "b"], 2)}') == "{old: {a: {b: 1}}, new: {a: {b: 2}}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before(1, 2)", True),
        ("before(1, (1..2])", True),
        ("before([1..2), [2..3])", True),
        ("before([1..2], [2..3])", False),
        ("after([3..4], 2)", True),
        ("meets([1..2], [2..3])", True),
        ("meets([1..2), [2..3])", False),
        ("met by([2..3], [1..2])", True),
        ("overlaps([1..3], [2..4])", True),
        ("overlaps([1..2), [2..4])", False),
        ("overlaps before([1..3], [2..4])", True),
        ("overlaps before([2..4], [1..3])", False),
        ("overlaps after([2..4], [1..3])", True),
        ("finishes(4, [2..4])", True),
        ("finishes(4, [2..4))", False),
        ("finished by([2..4], [3..4])", True),
        ("includes([1..4], [2..3])", True),
        ("includes([1..4), [2..4])", False),
        ("includes((< 4), 1)", True),
        ("during(2, [1..4])", True),
        ("starts([1..2], [1..4])", True),
        ("started by([1..4], 1)", True),
        ("coincides([1..4], [1..4])", True),
        ("coincides((1..4], [1..4])", False),
        ("includes((>= 4), [5..6])", True),
        ('before(1, "a")', None),
        ("before(point: 0, range: [1..2])", True),
        ('before(@"2024-01-01", [@"2024-02-01"..@"2024-03-01"])', True),
    ],
)
def test_points_and_ranges(text: str, expected: bool | None) -> None:
    assert feel(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('range("[1..3)")', "[1..3)"),
        ('range("]-1 .. 2.5]")', "(-1..2.5]"),
        ('range("[date(\\"2024-01-01\\")..@\\"2024-02-01\\"]")', '[@"2024-01-01"..@"2024-02-01"]'),
        ('range("[1..]")', None),
        ('range("[a..b]")', None),
        ('range("[3..1]")', None),
        ("[1..3].start", "1"),
        ("(1..3].start included", "false"),
    ],
)
def test_ranges_from_text(text: str, expected: str | None) -> None:
    assert written(text) == expected


def test_is_tells_values_of_one_type_apart() -> None:
    assert feel("is(1, 1.0)") is True
    assert feel('is(@"10:00:00Z", @"10:00:00")') is False
    assert feel('is(@"2024-01-01", @"2024-01-01T00:00:00")') is False
    assert feel("is(null, null)") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('time(date and time("2026-01-01T10:11:12"))', "10:11:12"),
        ('date and time(date and time("2026-01-01T10:11:12"))', "2026-01-01T10:11:12"),
        ("date and time(2026, 1, 31, 10, 0, 0)", "2026-01-31T10:00:00"),
        ('date and time(2026, 1, 31, 10, 0, 0, duration("PT1H"))', "2026-01-31T10:00:00+01:00"),
        ('date and time(2026, 1, 31, 10, 0, 0, "Europe/Stockholm")', "2026-01-31T10:00:00@Europe/Stockholm"),
        ('duration(duration("P1D"))', "P1D"),
        ('number("1.000,5", ".", ",")', "1000.5"),
        ("number(3)", "3"),
        ("decimal(1.5, 2)", "1.5"),
        ('abs(duration("-P1D"))', "P1D"),
        ('abs(duration("P1Y"))', "P1Y"),
        ("modulo(1E6000, 3)", "1"),
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        ('range("[\\"a\\"..\\"b\\"]")', '["a".."b"]'),
        ('upper case(["a"])', "A"),
        ('replace("abc", "(a)(b)(c)(d)?", "$11")', "a1"),
        ('replace("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "$11$10")', "kj"),
        ('split("abc", "")', '["a", "b", "c"]'),
        ('string({"\\"": 1})', '{"\\"": 1}'),
    ],
)
def test_an_argument_may_already_be_what_is_asked_for(text: str, expected: str | None) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("get value({a: 1}, [])", "the list of keys is empty"),
        ('get value({a: {b: 1}}, ["a", "c"])', "the context has no entry `c`"),
        ('time(10, 0, 0, duration("P1D"))', "the argument is not a time of day"),
        ("date and time(2026, 1, 31, 25, 0, 0)", "the arguments are not a date and time"),
        ('date and time(2026, 1, 31, 10, 0, 0, "Nowhere/No")', "the arguments are not a date and time"),
        ('number("1;0", ";", ".")', "a grouping separator is"),
        ('number("1.5", " ", ",")', "the text is not a number"),
        ("modulo(1E6000, 1E-6000)", "`modulo` has no result for numbers so far apart"),
        ('sort([1, "a"])', "the items cannot be compared"),
        ("overlaps((!= 5), [1..2])", "`overlaps` cannot compare these values"),
        ('range("x")', "the text is not a range of literals"),
        ('range("\\"")', "the text is not a range of literals"),
        ('number(grouping separator: ",", decimal separator: ".")', "the parameter `from` is missing"),
        ('substring(string: "a", start position: "b")', "the parameter `start position` is no number"),
        ("max()", "`max` does not take 0 arguments"),
        ("product([])", "the list is empty"),
        ("median([])", "the list is empty"),
        ("sum([9E6144, 9E6144])", "the sum is out of range"),
        ("product([9E6144, 9])", "the product is out of range"),
        ("mean([9E6144, 9E6144])", "the mean is out of range"),
        ("median([9E6144, 9E6144])", "the median is out of range"),
        ("stddev([9E6144, 1])", "the standard deviation is out of range"),
        ('replace("abc", "b", "\\\\x")', "in a replacement `$` stands before a digit"),
        ('split("abc", "(")', "the pattern is not valid"),
        ("list replace([1], 1E50, 2)", "the position lies outside the list"),
        ("{f: 1, r: f(x: 2)}.r", "only a function can be invoked"),
        ('for i in 1.."a" return i', "only ranges of whole numbers or dates can be iterated"),
        ("[null..null]", "the ends of a range must be comparable and in order"),
    ],
)
def test_what_has_no_value_is_null_and_says_why(text: str, reason: str) -> None:
    assert feel(text) is None
    assert any(reason in note for note in notes(text)), notes(text)
