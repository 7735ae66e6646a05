from __future__ import annotations

import sys
import tracemalloc

import pytest

from delegation.feel import Budget, BudgetExceeded, FeelSyntaxError, Limits, parse_expression

#: A list of lists of lists … whose parts are shared, so that it is small until somebody walks through it.
DOUBLING = "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c], "


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for a in 1..1000, b in 1..1000 return a",
        "some a in 1..100000, b in 1..100000 satisfies a + b < 0",
        "for i in 1..5000 return for j in 1..5000 return j",
        "for i in 1..5000 return [partial[-1]]",
        "(function(f) f(f))(function(f) f(f))",
        "{f: function(n) f(n + 1), r: f(1)}",
        "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(25)}",
        "sort(for i in 1..9000 return -i, function(a, b) a < b)",
        "distinct values(for i in 1..5000 return {a: i})",
        DOUBLING + "e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e]}",
        DOUBLING + "r: [d,d,d,d,d,d,d,d,d,d] = [d,d,d,d,d,d,d,d,d,d]}",
        DOUBLING + "r: string([d,d,d,d,d,d,d,d,d,d])}",
        DOUBLING + "r: flatten([d,d,d,d,d,d,d,d,d,d])}",
        DOUBLING + "e: [d,d,d,d,d,d,d], r: [e,e,e,e,e] instance of list<list<list<list<list<list<number>>>>>>}",
        '{a: "xxxxxxxxxxxxxxxx", b: a+a+a+a+a+a+a+a, c: b+b+b+b+b+b+b+b, d: c+c+c+c+c+c+c+c, e: d+d+d+d+d+d+d+d}',
        '{x: string join(for i in 1..4000 return "aaaaaaaaaaaa"), r: for i in 1..9000 return substring(x, 2)}',
        '{x: string join(for i in 1..4000 return "aaaaaaaaaaaa"), r: for i in 1..9000 return upper case(x)}',
        "{x: for i in 1..9000 return i, r: for i in 1..9000 return list contains(x, -1)}",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*(a*)*\\1b")',
        'for i in 1..9000 return matches("a", "((a{9}){9}){9}" + string(i))',
        "for i in 1..9000 return 1.5 ** 1.7",
        "for i in 1..9000 return string(1e6000)",
    ],
)
def test_a_hostile_expression_is_stopped(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BudgetExceeded, match="limit of"):
            parse_expression(text).evaluate({})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 60_000_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "1" + ")" * 3000,
        "[" * 3000,
        "{a: " * 3000,
        "-" * 5000 + "1",
        "1" + "+1" * 4000,
        "a" + ".a" * 4000,
        "a" + "[1]" * 3000,
        "f" + "()" * 3000,
        "not(" * 1000 + "true" + ")" * 1000,
        "if true then " * 500,
        "for x in " * 1000,
        "function(x) " * 500,
        "x instance of " + "list<" * 1000,
        '"' + "a" * 30_000 + '"',
        "1" * 9000,
    ],
)
def test_a_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "10 ** (10 ** 10)",
        "9.9 ** (1e6000)",
        "exp(1e30)",
        "decimal(1.5, 1e30)",
        '@"P1D" * 1e300',
        '@"P1D" / 1e-300',
        "-1e30 ** 1e30",
    ],
)
def test_an_absurdly_large_result_is_null(text: str) -> None:
    assert parse_expression(text).evaluate({}) is None


def test_numbers_stay_within_34_digits_however_large() -> None:
    value = parse_expression("10 ** 10 ** 10").evaluate({})

    assert len(value.as_tuple().digits) <= 34


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*)(.*)(.*)(.*)x", "(a?){30}a{30}b"])
def test_a_pattern_that_explodes_elsewhere_is_just_answered(pattern: str) -> None:
    assert parse_expression(f'matches("{"a" * 40}!", "{pattern}")').evaluate({}) is False


def test_nested_contexts_of_ordinary_size_are_allowed() -> None:
    text = "{a: " * 30 + "1" + "}" * 30

    assert parse_expression(text).evaluate({})["a"]


def test_a_caller_that_is_deep_already_gets_a_refusal_too() -> None:
    def descend(levels: int) -> None:
        if levels:
            descend(levels - 1)
        else:
            parse_expression("(" * 39 + "1" + ")" * 39)

    with pytest.raises(FeelSyntaxError, match="nested too deeply"):
        descend(sys.getrecursionlimit() - 300)


def test_one_budget_counts_over_several_expressions() -> None:
    budget = Budget(Limits(steps=400))
    expression = parse_expression("for i in 1..100 return i")

    assert len(expression.evaluate({}, budget=budget)) == 100
    with pytest.raises(BudgetExceeded):
        expression.evaluate({}, budget=budget)


def test_only_so_many_notes_are_kept() -> None:
    budget = Budget(Limits(notes=3))

    parse_expression("for i in 1..10 return okänd").evaluate({}, budget=budget)

    assert len(budget.notes) == 3
    assert budget.notes_dropped == 7
