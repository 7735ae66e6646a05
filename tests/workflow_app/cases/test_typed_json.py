"""Case values keep their type from writing to reading, whatever a user has typed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.cases import typed_json

#: Text that a form lets in: surrogates are refused there.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SCALARS = (
    st.none()
    | st.booleans()
    | TEXT
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=ZONES)
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=6)

_NAIVE = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def _typed(value: object) -> object:
    """Return the value with its types in sight: ``True`` equals 1, and a moment another zone's."""
    if isinstance(value, dict):
        return {key: _typed(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_typed(entry) for entry in value]
    return type(value), value


@given(st.dictionaries(TEXT, VALUES))
def test_what_is_written_is_what_is_read(values: dict[str, object]) -> None:
    assert _typed(typed_json.loads(typed_json.dumps(values))) == _typed(values)


@given(st.dictionaries(TEXT, VALUES))
def test_writing_again_gives_the_same_bytes(values: dict[str, object]) -> None:
    written = typed_json.dumps(values)

    assert typed_json.dumps(typed_json.loads(written)) == written


@given(st.dictionaries(TEXT, VALUES))
def test_the_order_of_the_keys_does_not_matter(values: dict[str, object]) -> None:
    assert typed_json.dumps(dict(reversed(values.items()))) == typed_json.dumps(values)


@given(st.sampled_from(["s:", "n:", "d:", "t:", "x:", ":", "", "null", "true"]), TEXT)
def test_a_text_that_looks_like_another_type_stays_a_text(prefix: str, rest: str) -> None:
    assert typed_json.loads(typed_json.dumps({"said": prefix + rest})) == {"said": prefix + rest}


@pytest.mark.parametrize("text", ["n:5", "d:2026-01-01", "t:2026-01-01T00:00:00+00:00", "s:n:5", "true", "null"])
def test_text_stays_text(text: str) -> None:
    read = typed_json.loads(typed_json.dumps({"said": text}))["said"]

    assert (type(read), read) == (str, text)


def test_a_yes_is_not_a_one() -> None:
    assert typed_json.dumps({"a": True}) != typed_json.dumps({"a": 1})
    assert typed_json.loads(typed_json.dumps({"a": 1}))["a"] == Decimal(1)


def test_a_number_keeps_every_digit() -> None:
    number = Decimal("12345678901234567890123456789012.34")

    assert typed_json.loads(typed_json.dumps({"a": number}))["a"] == number


def test_the_written_text_is_plain_json() -> None:
    written = typed_json.dumps({"b": Decimal("1.50"), "a": date(2026, 1, 2)})

    assert json.loads(written) == {"a": "d:2026-01-02", "b": "n:1.50"}


@pytest.mark.parametrize(
    "value", [1.5, b"x", {1, 2}, object(), timedelta(1), Decimal("NaN"), Decimal("Infinity"), _NAIVE]
)
def test_what_is_no_case_value_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        typed_json.dumps({"a": value})


@pytest.mark.parametrize("text", ["a\ud800b", "\udfff"])
def test_a_lone_surrogate_is_refused(text: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        typed_json.dumps({"a": text})


def test_reading_gives_each_reader_values_of_its_own() -> None:
    written = typed_json.dumps({"list": [Decimal(1)], "moment": datetime(2026, 1, 1, tzinfo=UTC)})
    typed_json.loads(written)["list"].append("changed")

    assert typed_json.loads(written)["list"] == [Decimal(1)]
