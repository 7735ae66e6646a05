"""Whatever the text, an expression is refused or has a value: nothing else may happen."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from delegation.feel import BudgetExceeded, FeelSyntaxError, Limits, parse_expression, parse_unary_tests
from delegation.feel.functions import BUILTINS

SCOPE = {"a": 1, "b c": "text", "lista": [1, "x", None], "k": {"a": 2}}
LIMITS = Limits(steps=3000)

WORDS = st.sampled_from(
    r"""1|2|-3|0.5|1e9|"a"|"å b"|@"2024-02-29"|@"P1M"|@"-PT1H"|@"10:00:00Z"|@"2024-05-06T07:08:09@Europe/Stockholm"
    true|false|null|a|b c|k|lista|item|partial|?|for|x|in|..|return|some|every|satisfies|if|then|else|and|or|not
    between|instance of|number|list<number>|function(x)|external|date and time|x: |(x) x|{x: 1}|[1..3]|[a, k]
    +|-|*|/|**|=|!=|<|<=|>|>=|(|)|[|]|{|}|,|:|.""".replace("\n", "|").split("|")
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join))

VALUES = st.recursive(
    st.sampled_from(
        [
            "1",
            "-2.5",
            "0",
            "1e40",
            '""',
            '"aB"',
            '"("',
            "true",
            "null",
            "a",
            "b c",
            "lista",
            "k",
            '@"2024-02-29"',
            '@"P14M"',
            '@"-PT36H"',
            '@"10:00:00"',
            '@"10:00:00Z"',
            '@"2024-05-06T07:08:09Z"',
            '@"-12345-01-01"',
            "[1..3]",
            "(< 5)",
            '("a".."c")',
            "[]",
            "{}",
            "function(x) x",
            "function(x, y) x < y",
            "abs",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.tuples(st.sampled_from(sorted(set(BUILTINS) - {"now", "today"})), st.lists(inner, max_size=4)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]} in {parts[1]})"),
        inner.map(lambda part: f"{{a: {part}, b: a}}.b"),
        inner.map(lambda part: f"(for x in {part} return x)"),
        inner.map(lambda part: f"(some x in {part} satisfies x)"),
        inner.map(lambda part: f"string({part})"),
        inner.map(lambda part: f"-({part})"),
        inner.map(lambda part: f"({part}).year"),
        inner.map(lambda part: f"({part} instance of list<number>)"),
    ),
    max_leaves=6,
)


@settings(max_examples=2500, deadline=None)
@given(TEXTS)
def test_any_text_is_refused_or_has_a_value(text: str) -> None:
    for parse in (parse_expression, parse_unary_tests):
        with suppress(FeelSyntaxError, BudgetExceeded):
            parse(text, names=SCOPE.keys(), limits=LIMITS).evaluate(SCOPE)


@settings(max_examples=2500, deadline=None)
@given(VALUES)
def test_any_call_has_a_value_whatever_its_arguments(text: str) -> None:
    expression = parse_expression(text, names=SCOPE.keys(), limits=LIMITS)

    with suppress(BudgetExceeded):
        expression.evaluate(SCOPE)


@settings(max_examples=500, deadline=None)
@given(VALUES)
def test_the_same_expression_gives_the_same_text_twice(text: str) -> None:
    expression = parse_expression(f"string([{text}])", names=SCOPE.keys(), limits=LIMITS)
    try:
        first = expression.evaluate(SCOPE)
    except BudgetExceeded:
        return

    assert expression.evaluate(SCOPE) == first
