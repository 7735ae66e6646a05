from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegation.feel.numbers import CONTEXT, format_number, parse_number
from tests.delegation.feel.evaluating import feel, written

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30).map(CONTEXT.plus)


@settings(deadline=None)
@given(NUMBERS)
def test_a_number_written_and_read_again_is_the_same(number: Decimal) -> None:
    assert parse_number(format_number(number)) == number


@settings(deadline=None)
@given(NUMBERS)
def test_a_number_survives_string_and_number(number: Decimal) -> None:
    assert feel("number(string(n)) = n", n=number) is True


@settings(deadline=None)
@given(st.integers(-(10**16), 10**16), st.integers(-(10**16), 10**16))
def test_whole_numbers_are_exact(left: int, right: int) -> None:
    assert feel("a * b + a - b", a=left, b=right) == Decimal(left * right + left - right)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2 = 0.3", True),
        ("9007199254740993 = 9007199254740992", False),
        ("1 / 3 * 3 = 1", False),
        ("0.00 = -0", True),
    ],
)
def test_numbers_are_decimal(text: str, expected: bool) -> None:
    assert feel(text) is expected


@pytest.mark.parametrize(
    "text", ["1 / 0", "0 / 0", "1e6144 * 10", "(-1) ** 0.5", "10 ** 100000", '1 + "1"', "1 + true"]
)
def test_what_has_no_number_is_null(text: str) -> None:
    assert feel(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(2.5, 0)", "2"),
        ("decimal(3.5, 0)", "4"),
        ("decimal(127, -1)", "130"),
        ("floor(-1.5)", "-2"),
        ("floor(1.56, 1)", "1.5"),
        ("ceiling(-1.5)", "-1"),
        ("round up(5.01, 1)", "5.1"),
        ("round up(-5.01, 1)", "-5.1"),
        ("round down(-5.09, 1)", "-5"),
        ("round half up(-2.5, 0)", "-3"),
        ("round half down(-2.5, 0)", "-2"),
        ("round half down(2.51, 0)", "3"),
        ("abs(-7.5)", "7.5"),
        ("modulo(-7, 3)", "2"),
        ("modulo(7, -3)", "-2"),
        ("modulo(5.5, 2)", "1.5"),
        ("sqrt(2.25)", "1.5"),
        ("decimal(log(exp(2)), 20)", "2"),
        ("odd(-3)", "true"),
        ("even(1e40)", "true"),
        ("odd(2.5)", None),
        ("sqrt(-1)", None),
        ("log(0)", None),
        ("modulo(1, 0)", None),
        ("decimal(1.5, 99999)", None),
        ("round up(1)", None),
        ("floor(1.5, null)", None),
        ("abs(tal: 1)", None),
        ("abs(n: -1)", "1"),
    ],
)
def test_numeric_functions(text: str, expected: str | None) -> None:
    assert written(text) == expected
