from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from delegation.feel import parse_expression
from delegation.feel.errors import InvalidType
from delegation.feel.temporal import DateTime
from delegation.feel.types import FeelType, coerce, conforms, is_instance, parse_type
from tests.delegation.feel.evaluating import feel


@pytest.mark.parametrize(
    "text",
    [
        "number",
        "date and time",
        "list<string>",
        "list<list<number>>",
        "range<date>",
        "context<a: number, två ord: list<Any>>",
        "function<number, string>->boolean",
        "days and time duration",
    ],
)
def test_a_type_written_and_read_again_is_the_same(text: str) -> None:
    assert str(parse_type(text)) == text
    assert parse_type(str(parse_type(text))) == parse_type(text)


@pytest.mark.parametrize(
    "text", ["", "nummer", "list<", "list<number", "context<a>", "number number", "list<" * 30, "§"]
)
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(InvalidType):
        parse_type(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("null instance of Any", False),
        ('"a" instance of Any', True),
        ("[1, null] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{b: 2} instance of context<a: number>", False),
        ("[1..2] instance of range<number>", True),
        ("[1..2] instance of range<string>", False),
        ("(< 2) instance of range<number>", True),
        ('@"2024-01-01" instance of date and time', False),
        ('@"P1D" instance of days and time duration', True),
        ("(function(a: number) a) instance of function<number>->Any", True),
        ("(function(a: number) a) instance of function<string>->Any", False),
        ("(function(a, b) a) instance of function<number>->Any", False),
        ("sqrt instance of function<number>->number", True),
        ("sqrt instance of function<number, number>->number", False),
        ("1 instance of number and true", True),
        ("(function(a: list<number>) 1) instance of function<list<number>>->number", True),
        ("(function(a: list<Any>) 1) instance of function<list<number>>->number", True),
        ("(function(a: list<number>) 1) instance of function<list<Any>>->number", False),
        ("(function(a: context<x: number>) 1) instance of function<context<x: number, y: string>>->Any", True),
        ("(function(a: context<x: number, y: string>) 1) instance of function<context<x: number>>->Any", False),
        ("(function(f: function<number>->number) 1) instance of function<function<number>->number>->Any", True),
        ("(function(f: function<number>->number) 1) instance of function<function<string>->number>->Any", False),
    ],
)
def test_instance_of(text: str, expected: bool) -> None:
    assert feel(text) is expected


@pytest.mark.parametrize(
    ("value", "type_text", "expected"),
    [
        (Decimal(1), "number", Decimal(1)),
        ([Decimal(1)], "number", Decimal(1)),
        (Decimal(1), "list<number>", [Decimal(1)]),
        ("a", "list<number>", None),
        (["a"], "number", None),
        ([Decimal(1), Decimal(2)], "number", None),
        ({"a": "x"}, "context<a: string>", {"a": "x"}),
        ({}, "context<a: string>", None),
        (None, "number", None),
    ],
)
def test_coercion(value: object, type_text: str, expected: object) -> None:
    assert coerce(value, parse_type(type_text)) == expected


def test_a_date_becomes_its_midnight_in_utc() -> None:
    moment = coerce(dt.date(2024, 5, 6), parse_type("date and time"))

    assert isinstance(moment, DateTime)
    assert (moment.date, moment.time.offset, moment.time.hour) == (dt.date(2024, 5, 6), 0, 0)


def test_allowed_values_bind_conformance_but_not_instance_of() -> None:
    small = FeelType(name="number", allowed=lambda value: value < 10)

    assert conforms(Decimal(3), small)
    assert not conforms(Decimal(30), small)
    assert coerce(Decimal(30), small) is None
    assert is_instance(Decimal(30), small)


def test_item_definitions_may_be_named() -> None:
    types = {"t Roll": parse_type("string"), "egen.tBelopp": parse_type("number")}

    assert parse_expression('"GD" instance of t Roll', types=types).evaluate({}) is True
    assert parse_expression("[1] instance of list<egen.tBelopp>", types=types).evaluate({}) is True
