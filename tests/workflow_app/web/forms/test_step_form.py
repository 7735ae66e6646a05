from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from workflow_app.web.forms.errors import UnknownField
from workflow_app.web.forms.schema import FormSchema, read_schema
from workflow_app.web.forms.step_form import StepForm

REVIEW = read_schema(
    {
        "id": "review",
        "components": [
            {
                "type": "radio",
                "key": "outcome",
                "label": "Resultat",
                "validate": {"required": True},
                "values": [{"value": "AGREE", "label": "Instämmer"}, {"value": "RETURN", "label": "Återlämnar"}],
            },
            {
                "type": "group",
                "id": "return",
                "label": "Återlämning",
                "conditional": {"hide": '=outcome != "RETURN"'},
                "components": [{"type": "textfield", "key": "reason", "label": "Skäl", "validate": {"required": True}}],
            },
            {"type": "number", "key": "amount", "label": "Belopp", "decimalDigits": 0},
            {"type": "datetime", "key": "latest", "subtype": "date", "dateLabel": "Senast"},
            {"type": "checkbox", "key": "heard", "label": "Hörd"},
            {"type": "checklist", "key": "grounds", "label": "Grunder", "values": ["PSL", "LSS"]},
            {"type": "textfield", "key": "unit", "label": "Verksamhet", "readonly": True},
        ],
    }
)


def sent(text: str) -> QueryDict:
    return QueryDict(text)


def form(text: str, schema: FormSchema = REVIEW, **facts: Any) -> StepForm:
    return StepForm(schema, data=sent(text), facts=facts)


def test_answers_become_values_of_the_types_the_order_reasons_about() -> None:
    filled = form("outcome=AGREE&amount=400%20000%20kr&latest=2027-01-15&heard=on&grounds=PSL&grounds=LSS")

    assert filled.is_valid(), filled.errors
    assert filled.values == {
        "outcome": "AGREE",
        "amount": Decimal(400_000),
        "latest": date(2027, 1, 15),
        "heard": True,
        "grounds": ["PSL", "LSS"],
        "unit": None,
    }


def test_what_is_not_answered_is_null() -> None:
    filled = form("outcome=AGREE")

    assert filled.is_valid()
    assert (filled.values["amount"], filled.values["latest"], filled.values["grounds"]) == (None, None, None)


def test_a_hidden_part_is_neither_required_nor_read() -> None:
    filled = form("outcome=AGREE&reason=inget")

    assert filled.is_valid()
    assert "reason" not in filled.values


def test_a_part_that_an_answer_brings_forth_is_required() -> None:
    filled = form("outcome=RETURN")

    assert not filled.is_valid()
    assert list(filled.errors) == ["reason"]


def test_an_answer_from_an_earlier_step_does_not_decide_what_is_hidden() -> None:
    filled = form("outcome=AGREE", outcome="RETURN")

    assert filled.is_valid()


@pytest.mark.parametrize("name", ["decider", "reason__x", "Outcome"])
def test_an_unknown_field_refuses_the_whole_request(name: str) -> None:
    with pytest.raises(UnknownField, match=name):
        form(f"outcome=AGREE&{name}=1")


def test_a_read_only_field_keeps_its_fact_and_cannot_be_sent() -> None:
    filled = form("outcome=AGREE", unit="HVB Enhet 0417")

    assert filled.is_valid()
    assert filled.values["unit"] == "HVB Enhet 0417"
    with pytest.raises(UnknownField, match="unit"):
        form("outcome=AGREE&unit=Annan", unit="HVB Enhet 0417")


def test_a_choice_that_is_not_offered_is_refused() -> None:
    assert "outcome" in form("outcome=APPROVE").errors


@pytest.mark.parametrize("character", ["%00", "%ED%A0%80", "%E2%80%AE", "%1B"])
def test_text_that_cannot_be_kept_is_a_problem_of_its_field(character: str) -> None:
    filled = form(f"outcome=RETURN&reason=a{character}b")

    assert list(filled.errors) == ["reason"]


def test_text_longer_than_its_limit_is_a_problem_of_its_field() -> None:
    assert list(form(f"outcome=RETURN&reason={'a' * 501}").errors) == ["reason"]


def test_a_problem_leads_to_its_field_and_what_was_written_stays() -> None:
    filled = form("outcome=RETURN&amount=tolv&reason=kort")

    assert [target for target, _ in filled.problems()] == ["id_amount"]
    assert filled["amount"].value() == "tolv"


def test_a_half_written_form_shows_what_belongs_to_it_without_judging() -> None:
    writing = StepForm.half_written(REVIEW, data=sent("outcome=RETURN&amount=tolv"))

    assert writing.shown_ids == "return"
    assert not writing.errors


def test_a_hidden_part_keeps_its_place_on_the_page() -> None:
    (part,) = form("outcome=AGREE").changed(shown={"return"})

    assert part.hidden
    assert part.anchor == "part-return"
