from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from workflow_app.web.forms.fields import IsoDateField, SafeTextField, SwedishDecimalField, swedish_number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12500", "12500"),
        ("12 500", "12500"),
        ("12\u00a0500,50", "12500.50"),
        ("12\u202f500 kr", "12500"),
        ("1 200 000 SEK", "1200000"),
        ("500:-", "500"),
        ("0,5", "0.5"),
        ("2.5", "2.5"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        (" 7 ", "7"),
    ],
)
def test_a_number_is_read_as_written_in_sweden(written: str, meant: str) -> None:
    assert SwedishDecimalField().clean(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written", ["tolv", "1 2 3", "12 50", "1,2,3", "1e9", "NaN", "Infinity", "٣", "kr", "--1", "0x10", "1\u202e2"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        SwedishDecimalField().clean(written)

    assert refusal.value.code == "invalid"


def test_a_point_before_three_digits_could_mean_two_things() -> None:
    with pytest.raises(ValidationError) as refusal:
        SwedishDecimalField().clean("1.000")

    assert refusal.value.code == "ambiguous"


@pytest.mark.parametrize(
    ("written", "code"), [("-1", "min_value"), ("5000001", "max_value"), ("1,005", "decimals"), ("9" * 19, "digits")]
)
def test_a_number_outside_its_limits_is_refused(written: str, code: str) -> None:
    field = SwedishDecimalField(min_value=Decimal(0), max_value=Decimal(5_000_000), decimals=2)

    with pytest.raises(ValidationError) as refusal:
        field.clean(written)

    assert refusal.value.code == code


def test_a_number_is_written_back_as_it_is_read() -> None:
    assert SwedishDecimalField().clean(swedish_number(Decimal("1250000.50"))) == Decimal("1250000.50")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "control_character"),
        ("a\x1bb", "control_character"),
        ("a\x7fb", "control_character"),
        (f"a{chr(0xD800)}b", "control_character"),
        ("a\ufffdb", "control_character"),
        ("a\uffffb", "control_character"),
        ("a\u202eb", "bidi"),
        ("a\u2066b", "bidi"),
    ],
)
def test_text_that_cannot_be_shown_faithfully_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        SafeTextField().clean(text)

    assert refusal.value.code == code


def test_the_refusal_names_the_place_in_the_text() -> None:
    with pytest.raises(ValidationError, match="7"):
        SafeTextField().clean("Brist:\x00")


def test_line_breaks_and_composed_letters_are_kept_in_one_form() -> None:
    assert SafeTextField().clean("a\r\nA\u030a") == "a\nÅ"


@pytest.mark.parametrize("written", ["2026-02-30", "igår", "12/11/2026", "2026-11-22\x00"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        IsoDateField().clean(written)
