from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegation.dmn import domains
from delegation.feel import parse_expression, parse_unary_tests

NUMBERS = st.integers(0, 6)
SIMPLE = st.one_of(
    NUMBERS.map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), NUMBERS).map(lambda parts: f"{parts[0]} {parts[1]}"),
    st.tuples(st.sampled_from("[(]"), NUMBERS, st.integers(1, 3), st.sampled_from("])[")).map(
        lambda parts: f"{parts[0]}{parts[1]}..{parts[1] + parts[2]}{parts[3]}"
    ),
)
TESTS = st.lists(SIMPLE, min_size=1, max_size=3).map(", ".join)
CELLS = st.one_of(st.just("-"), TESTS, TESTS.map(lambda text: f"not({text})"))


@given(text=CELLS, halves=st.integers(-2, 20))
def test_a_domain_holds_exactly_what_feel_says_it_matches(text: str, halves: int) -> None:
    domain = domains.domain_of(parse_unary_tests(text))
    value = Decimal(halves) / 2

    assert domain is not None
    assert domain.holds(value) is (parse_unary_tests(text).test(value, {}) is True)


@given(
    texts=st.lists(st.sampled_from(["a", "b", 'c"d', "e,f", "g)"]), min_size=1, max_size=3),
    value=st.sampled_from(["a", "g)", "z"]),
)
def test_text_domains_agree_with_feel_also_when_negated(texts: list[str], value: str) -> None:
    listed = ", ".join('"' + text.replace('"', '\\"') + '"' for text in texts)
    for text in (listed, f"not({listed})"):
        domain = domains.domain_of(parse_unary_tests(text))

        assert domain is not None
        assert domain.holds(value) is (parse_unary_tests(text).test(value, {}) is True)


@pytest.mark.parametrize(
    "text",
    ["limit", "< limit", "? > 3", "not(limit)", "starts with(?, \"a\")", "[a..b]", "[5..1]", "< now()", '< "a"', "!= 3",
     '< 1, < date("2026-01-01")'],
)  # fmt: skip
def test_a_cell_that_says_more_has_no_domain(text: str) -> None:
    assert domains.domain_of(parse_unary_tests(text)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a", "b"', {"a", "b"}),
        ("true", {True}),
        ("1, 2", {1, 2}),
        ("not(1)", None),
        ("< 1", None),
        ('"a", null', None),
        ("-", None),
    ],
)
def test_only_plain_enumerations_have_literals(text: str, expected: Any) -> None:
    domain = domains.domain_of(parse_unary_tests(text))

    assert domain is not None
    assert domain.literals() == expected


@pytest.mark.parametrize(
    "text", ['not(< 1, "a")', '-"a"', 'date("2026-01-01", 1)', "date(2026)", "time(1)", 'date("12345-01-01")']
)
def test_a_cell_of_mixed_or_distant_values_has_no_domain(text: str) -> None:
    assert domains.domain_of(parse_unary_tests(text)) is None


def test_an_expression_that_is_no_cell_has_no_domain() -> None:
    assert domains.domain_of(parse_expression("1")) is None
