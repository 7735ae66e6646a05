"""What a form accepts is the same whatever door the values come in by."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.cases import forms, typed_json
from workflow_app.cases.errors import FormRefused

SCHEMA = {
    "id": "sample",
    "components": [
        {"type": "text", "text": "Läs först."},
        {"type": "textarea", "key": "note", "label": "Anteckning", "validate": {"maxLength": 50}},
        {"type": "number", "key": "amount", "label": "Belopp", "validate": {"min": 0, "max": 1000}},
        {"type": "datetime", "key": "day", "subtype": "date", "label": "Dag"},
        {"type": "checkbox", "key": "heard", "label": "Hörd"},
        {"type": "checkbox", "key": "read", "label": "Läst", "validate": {"required": True}},
        {
            "type": "group",
            "components": [
                {"type": "radio", "key": "kind", "label": "Slag", "values": [{"value": "A"}, {"value": "B"}]},
                {"type": "checklist", "key": "many", "label": "Flera", "values": [{"value": "X"}, {"value": "Y"}]},
            ],
        },
        {
            "type": "textfield",
            "key": "why",
            "label": "Varför",
            "validate": {"required": True},
            "conditional": {"hide": '=kind != "B"'},
        },
    ],
}
FORM = forms.parse(json.dumps(SCHEMA))
GOOD: dict[str, Any] = {"read": True, "kind": "A"}
KEYS = ("note", "amount", "day", "heard", "read", "kind", "many", "why")


def _problems(**values: Any) -> dict[str, str]:
    with pytest.raises(FormRefused) as refusal:
        FORM.clean(GOOD | values, {})
    return refusal.value.problems


def test_every_field_is_stored_and_what_is_not_answered_is_nothing() -> None:
    cleaned = FORM.clean(GOOD, {})

    assert set(cleaned) == set(KEYS) == FORM.keys
    assert {key: value for key, value in cleaned.items() if value is not None} == GOOD


def test_empty_answers_are_no_answers() -> None:
    cleaned = FORM.clean(GOOD | {"note": "", "many": []}, {})

    assert (cleaned["note"], cleaned["many"]) == (None, None)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("note", 5, "must be a text"),
        ("note", ["a"], "must be a text"),
        ("note", b"bytes", "must be a text"),
        ("note", "a" * 51, "is 51 characters long; at most 50"),
        ("note", "a\x00", "U+0000"),
        ("note", "a\x7f", "U+007F"),
        ("note", "a\udfff", "U+DFFF"),
        ("note", "a\u2066b", "U+2066"),
        ("amount", "5", "must be a number"),
        ("amount", True, "must be a number"),
        ("amount", 5.0, "must be a number"),
        ("amount", Decimal("NaN"), "must be a number"),
        ("amount", Decimal("sNaN"), "must be a number"),
        ("amount", Decimal("Infinity"), "must be a number"),
        ("amount", Decimal(-1), "at least 0"),
        ("amount", Decimal("1000.01"), "at most 1000"),
        ("day", "2026-01-01", "must be a date"),
        ("day", datetime(2026, 1, 1, tzinfo=UTC), "must be a date"),
        ("heard", "on", "must be yes or no"),
        ("heard", 1, "must be yes or no"),
        ("read", False, "must be ticked"),
        ("read", None, "must be filled in"),
        ("kind", "C", "not one of the choices"),
        ("kind", ["A"], "not one of the choices"),
        ("kind", {"A": 1}, "not one of the choices"),
        ("many", "X", "not one of the choices"),
        ("many", ["X", "Z"], "not one of the choices"),
        ("many", [["X"]], "not one of the choices"),
        ("nothing_of_ours", 1, "no such field"),
        ("x" * 500, 1, "no such field"),
    ],
)
def test_what_does_not_hold_is_refused_by_field(field: str, value: Any, says: str) -> None:
    assert says in _problems(**{field: value})[field[:80]]


def test_a_number_too_large_for_any_amount_is_refused() -> None:
    form = forms.parse('{"components": [{"type": "number", "key": "n"}]}')

    with pytest.raises(FormRefused, match="too large"):
        form.clean({"n": Decimal("1e12")}, {})
    with pytest.raises(FormRefused, match="too large"):
        form.clean({"n": Decimal("-1e999")}, {})


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert set(_problems(note=5, amount="x", kind="C", surprise=1)) == {"note", "amount", "kind", "surprise"}


def test_what_is_hidden_is_neither_asked_for_nor_taken() -> None:
    assert FORM.clean(GOOD | {"kind": "A", "why": "Smugglat."}, {})["why"] is None


def test_what_is_shown_is_asked_for() -> None:
    assert _problems(kind="B") == {"why": "must be filled in"}
    assert FORM.clean(GOOD | {"kind": "B", "why": "Därför."}, {})["why"] == "Därför."


def test_an_earlier_answer_does_not_decide_what_is_shown_now() -> None:
    assert FORM.clean(GOOD | {"kind": "A"}, {"kind": "B"})["why"] is None
    with pytest.raises(FormRefused):
        FORM.clean({"read": True, "kind": "B"}, {"kind": "A"})


def test_a_step_without_a_form_accepts_nothing() -> None:
    form = forms.parse(forms.NONE)

    assert form.clean({}, {}) == {}
    with pytest.raises(FormRefused, match="no such field"):
        form.clean({"four_eyes_required": False}, {})


def test_ten_megabytes_are_refused_for_their_length_unread() -> None:
    form = forms.parse('{"components": [{"type": "textarea", "key": "note"}]}')

    with pytest.raises(FormRefused, match="10000000 characters long; at most 100000"):
        form.clean({"note": "\x00" * 10_000_000}, {})
    assert "at most" in forms.text_problem("\x00" * 10_000_000)


@given(st.text())
def test_a_text_that_is_accepted_can_be_stored_and_hashed(text: str) -> None:
    if forms.text_problem(text) == "":
        assert not any(unicodedata.category(one) == "Cs" for one in text)
        assert "\x00" not in text
        assert typed_json.loads(typed_json.dumps({"a": text})) == {"a": text}


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.text(max_size=60)
    | st.decimals()
    | st.dates()
    | st.integers()
    | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=10), _ANYTHING, max_size=8))
def test_whatever_comes_in_is_cleaned_or_refused_by_field(values: dict[str, Any]) -> None:
    try:
        cleaned = FORM.clean(values, {})
    except FormRefused as refusal:
        cleaned = dict.fromkeys(refusal.problems or KEYS)
    assert cleaned
    typed_json.dumps({key: value for key, value in cleaned.items() if key in KEYS})


@given(st.dates())
def test_a_day_is_taken_as_it_is(day: date) -> None:
    assert FORM.clean(GOOD | {"day": day}, {})["day"] == day


ROWS = {
    "components": [
        {
            "type": "dynamiclist",
            "path": "sources",
            "properties": {"minRows": "1", "maxRows": 3},
            "components": [
                {"type": "textfield", "key": "name", "validate": {"required": True, "maxLength": 20}},
                {"type": "number", "key": "pages", "decimalDigits": 0, "validate": {"min": 0}},
                {"type": "checkbox", "key": "secret"},
                {
                    "type": "textfield",
                    "key": "why",
                    "validate": {"required": True},
                    "conditional": {"hide": "=not(secret) or secret = null"},
                },
            ],
        }
    ]
}
LIST = forms.parse(json.dumps(ROWS))


def _refused(*rows: Any, of: forms.Form = LIST) -> dict[str, str]:
    with pytest.raises(FormRefused) as refusal:
        of.clean({"sources": list(rows)}, {})
    return refusal.value.problems


def test_a_list_is_one_field_of_whole_rows() -> None:
    assert LIST.keys == {"sources"}
    assert LIST.clean({"sources": [{"name": "Journal", "pages": Decimal(4)}]}, {}) == {
        "sources": [{"name": "Journal", "pages": Decimal(4), "secret": None, "why": None}]
    }


def test_a_row_left_blank_is_left_out() -> None:
    blank = {"name": "", "pages": None, "secret": False}

    assert [row["name"] for row in LIST.clean({"sources": [blank, {"name": "A"}, {}]}, {})["sources"]] == ["A"]
    assert _refused(blank) == {"sources": "must be filled in"}


def test_a_row_says_which_one_it_is() -> None:
    assert _refused({"name": "A"}, {"pages": Decimal(0)}) == {"sources.2.name": "must be filled in"}


def test_a_row_shows_what_its_own_answers_ask_for() -> None:
    assert _refused({"name": "A", "secret": True}) == {"sources.1.why": "must be filled in"}
    assert LIST.clean({"sources": [{"name": "A", "why": "Smugglat."}]}, {})["sources"][0]["why"] is None


@pytest.mark.parametrize(
    ("value", "place", "says"),
    [
        (None, "sources", "must be filled in"),
        ([], "sources", "must be filled in"),
        ("A", "sources", "must be a list of rows"),
        ({"name": "A"}, "sources", "must be a list of rows"),
        (["A"], "sources", "must be a list of rows"),
        ([{"name": "A"}] * 4, "sources", "at most 3 rows"),
        ([{"name": "A"}] * 100_000, "sources", "at most 3 rows"),
        ([{"name": "A" * 21}], "sources.1.name", "at most 20"),
        ([{"name": "A", "pages": "4"}], "sources.1.pages", "must be a number"),
        ([{"name": "A", "pages": Decimal("0.5")}], "sources.1.pages", "at most 0 decimals"),
        ([{"name": ["A"]}], "sources.1.name", "must be a text"),
        ([{"name": {"name": "A"}}], "sources.1.name", "must be a text"),
        ([{"name": "A", "weight": 1}], "sources.1.weight", "no such field"),
    ],
)
def test_a_list_that_does_not_hold_is_refused_by_place(value: Any, place: str, says: str) -> None:
    with pytest.raises(FormRefused) as refusal:
        LIST.clean({"sources": value}, {})
    assert says in refusal.value.problems[place]


def test_a_list_has_a_least_number_of_rows_and_a_greatest_length() -> None:
    schema = json.loads(json.dumps(ROWS))
    schema["components"][0]["properties"] = {"minRows": 2}
    schema["components"][0]["components"][0]["validate"]["maxLength"] = forms.LONGEST_TEXT
    form = forms.parse(json.dumps(schema))

    assert _refused({"name": "A"}, of=form) == {"sources": "needs at least 2 rows"}
    assert "characters long" in _refused(*[{"name": "A" * 90_000}] * 5, of=form)["sources"]


_ROW = st.dictionaries(st.sampled_from(("name", "pages", "secret", "why")) | st.text(max_size=5), _ANYTHING)


@given(_ANYTHING | st.lists(_ROW, max_size=4))
def test_whatever_comes_in_as_a_list_is_cleaned_or_refused_by_place(value: Any) -> None:
    try:
        places = set(LIST.clean({"sources": value}, {}))
    except FormRefused as refusal:
        places = set(refusal.problems)
    assert places
    assert all(place.startswith("sources") for place in places)
