"""Values of a case in the Swedish of its letters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.workflow_app.office import Office
from workflow_app.letters import words


def test_a_rows_fields_are_said_in_the_order_of_the_form() -> None:
    form = words.Form({"HIGH": "hög"}, ("severity", "area", "due"))
    row = {"area": "Bemanning", "due": date(2026, 11, 23), "severity": "HIGH", "weight": Decimal(2)}

    assert words.said([row], form) == "hög, Bemanning, 23\xa0november\xa02026, 2"


def test_what_says_nothing_in_a_row_is_left_out() -> None:
    form = words.Form({}, ("document", "dated"))

    assert (
        words.said([{"dated": None, "document": "Protokoll"}, {"dated": None, "document": None}], form) == "Protokoll"
    )


def test_the_forms_of_a_process_say_the_order_and_the_labels(office: Office) -> None:
    known = words.forms(office.open_case().definition_id)

    assert known["material"].columns == ("document", "dated")
    assert known["persons_heard"].columns[:2] == ("category", "number")
    assert known["persons_heard"].labels["PATIENT_OR_USER"]
