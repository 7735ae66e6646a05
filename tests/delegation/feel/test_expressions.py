from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from delegation.feel import Budget, parse_expression, parse_unary_tests
from delegation.feel.errors import MomentMissing
from tests.delegation.feel.evaluating import feel, feel_in, notes, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for x in 1..3 return x * x", "[1, 4, 9]"),
        ("for x in 3..1 return x", "[3, 2, 1]"),
        ("for x in (1..4) return x", "[2, 3]"),
        ("for x in 1..2, y in x..2 return x * 10 + y", "[11, 12, 22]"),
        ("for x in 1..4 return if x = 1 then 1 else x * partial[-1]", "[1, 2, 6, 24]"),
        ("for x in 1..3 return partial", "[[], [[]], [[], [[]]]]"),
        ("for x in 1..3 return count(partial)", "[0, 1, 2]"),
        ('for d in @"2024-02-28"..@"2024-03-01" return d.day', "[28, 29, 1]"),
        ("for x in 5 return x", "[5]"),
        ("for x in null return x", None),
        ('for x in ["a".."c"] return x', None),
        ("for x in 1.5..3 return x", None),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
        ("every x in [] satisfies false", "true"),
        ("some x in [] satisfies true", "false"),
        ('every x in [1, "a"] satisfies x > 0', None),
        ("if null then 1 else 2", "2"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][4]", None),
        ("[1, 2, 3][0]", None),
        ("7[1]", "7"),
        ("7[item > 9]", "[]"),
        ("null[true]", "[]"),
        ("[{a: 1, b: 2}, {a: 3}][a > 1]", "[{a: 3}]"),
        ("[{a: 1}, {a: 2}].a", "[1, 2]"),
        ("[{item: 1}, {item: 5}][item > 2]", "[{item: 5}]"),
        ("{a: [1, 2], b: a[item > limit]}.b", "[2]"),
        ("[{limit: 9, v: 5}, {limit: 3, v: 5}][v > limit]", "[{limit: 3, v: 5}]"),
        ("[[1, 2], [3]][item[1] = 3]", "[[3]]"),
        ("{a: 1, b: {c: a + 1}}.b.c", "2"),
        ("{a: 1}.b", None),
        ('{"två ord": 2}.två ord', "2"),
        ("{a: 1, a: 2}", None),
        ("5 in [1, [4..6]]", "true"),
        ("5 in (1, > 4)", "true"),
        ("5 in (4..6)", "true"),
        ("5 in (2 + 2) + 1", "true"),
        ("[1, 2] in [[1, 2], [3]]", "true"),
        ("(function(x, y) x - y)(y: 1, x: 3)", "2"),
        ('(function(x: number) x)("a")', None),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(6)}.r", "720"),
        ("{x: 1, f: function() x, x2: f()}.x2", "1"),
        ("(for n in 1..3 return function() n)[2]()", "2"),
        ("sort([1, 2, 3], function(a, b) a > b)[1]", "3"),
        ("1(2)", None),
        ("unknown function(1)", None),
        ("(function(x) external {java: {}})(1)", None),
    ],
)
def test_expressions(text: str, expected: str | None) -> None:
    assert written(text, limit=1) == expected


def test_a_list_of_ranges_is_not_a_range() -> None:
    assert feel("for r in [[1..2], [3..4]] return r.end") == [2, 4]


def test_null_says_why() -> None:
    assert notes("1 + okänd") == ["the name `okänd` is unknown", "`+` has no result for these operands"]
    assert notes('date("igår")') == ["the argument is not a date"]
    assert notes("substring(1, 2)") == ["`substring`: the parameter `string` is no string"]


def test_a_note_says_where() -> None:
    budget = Budget()

    parse_expression('true and\nodd("a")').evaluate({}, budget=budget)

    assert [note.position for note in budget.notes] == [12]


def test_the_present_moment_is_an_argument() -> None:
    at = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))

    assert feel_in("1", {}) == 1
    assert parse_expression("today()").evaluate({}, at=at) == dt.date(2026, 11, 22)
    assert parse_expression('now() = @"2026-11-22T07:00:00Z"').evaluate({}, budget=Budget(at=at)) is True


@pytest.mark.parametrize("text", ["now()", "today()", "if true then today() else null"])
def test_without_a_moment_there_is_no_answer(text: str) -> None:
    with pytest.raises(MomentMissing):
        parse_expression(text).evaluate({})


def test_a_scope_may_hold_ordinary_python_values() -> None:
    scope = {"amount": 600_000, "share": 0.1, "codes": ("A", "B"), "who": {"role": "INSP"}}

    assert parse_expression("amount * share").evaluate(scope) == Decimal(60_000)
    assert parse_expression('codes[2] = "B" and who.role = "INSP"').evaluate(scope) is True


def test_a_name_of_the_scope_hides_a_built_in_function() -> None:
    assert feel_in("count + 1", {"count": 4}) == 5
    assert feel_in("{date: 3, r: date + 1}.r", {}) == 4
    assert feel_in("count([1, 2])", {"count": 4}) is None


def test_a_compiled_expression_keeps_nothing_between_evaluations() -> None:
    expression = parse_expression("for x in xs return x + partial[1]")

    assert expression.evaluate({"xs": [Decimal(1)]}) == [None]
    assert expression.evaluate({"xs": []}) == []


def test_a_cell_is_tested_or_evaluated_with_the_input_in_scope() -> None:
    cell = parse_unary_tests("> minimum")

    assert cell.names == {"minimum"}
    assert cell.test(Decimal(5), {"minimum": Decimal(4)}) is True
    assert cell.evaluate({"?": 3, "minimum": 4}) is False


def test_an_expression_shows_its_text() -> None:
    assert repr(parse_expression("1 + 1")) == "Expression('1 + 1')"


def test_the_moment_may_be_given_to_a_budget_that_is_there_already() -> None:
    at = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
    budget = Budget()

    assert parse_expression("today()").evaluate({}, budget=budget, at=at) == dt.date(2026, 3, 1)
    assert budget.at == at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('-@"P1Y"', "-P1Y"),
        ("mean([])", None),
        ('@"P1Y" / @"P1M"', "12"),
        ('string length(["abc"])', "3"),
        ("for i in null..3 return i", None),
        ("overlaps((< 5), (> 3))", "true"),
        ('date(@"2026-01-01T10:00:00") < @"2026-01-02"', "true"),
        ('day of week(@"2026-01-01")', "Thursday"),
        ("concatenate([])", "[]"),
    ],
)
def test_more_expressions(text: str, expected: str | None) -> None:
    assert written(text) == expected
