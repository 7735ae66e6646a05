"""What has been filled in is shown under the words of the form it was filled in by."""

from __future__ import annotations

import json

from django.template.loader import render_to_string
from django.utils import translation

from workflow_app.web import presenting, words

WEIGHTS = [{"value": "STRONG", "label": "Stark"}]
FORM = {
    "id": "evidence",
    "components": [
        {
            "type": "dynamiclist",
            "path": "sources",
            "label": "Källor",
            "components": [
                {"type": "textfield", "key": "name", "label": "Källa"},
                {"type": "select", "key": "weight", "label": "Tyngd", "values": WEIGHTS},
                {"type": "checkbox", "key": "secret", "label": "Sekretess"},
            ],
        },
        {"type": "textfield", "key": "name", "label": "Namn"},
    ],
}
WORDS = presenting.form_words({"forms/evidence.json": json.dumps(FORM)})


def test_a_row_is_shown_under_the_labels_of_its_own_list() -> None:
    (row,) = WORDS.labelled({"sources": [{"weight": "STRONG", "secret": False, "name": "Journal"}, {"name": None}]})

    assert row.label == "Källor"
    assert [[(field.label, field.value) for field in fields] for fields in row.rows] == [
        [("Källa", "Journal"), ("Tyngd", "Stark")]
    ]
    page = render_to_string("web/labelled.html", {"values": [row]})
    assert '<span class="muted">Tyngd:</span> Stark' in page


def test_a_list_that_no_form_asks_for_is_shown_as_it_is() -> None:
    (row,) = WORDS.labelled({"joint_participants": [{"code": "JB-1", "role": "CJ"}]})

    assert row.rows == ()
    assert row.value == [{"code": "JB-1", "role": "CJ"}]


def test_a_field_beside_the_list_keeps_its_own_label() -> None:
    assert [row.label for row in WORDS.labelled({"name": "Sjuksköterskan"})] == ["Namn"]


def test_an_answer_is_shown_in_the_words_of_the_form_it_was_given_in() -> None:
    other = {"id": "another", "components": [{"type": "textfield", "key": "name", "label": "Den andres ord"}]}
    files = {"forms/another.json": json.dumps(other), "forms/evidence.json": json.dumps(FORM)}

    assert presenting.form_words(files).label("name") == "Den andres ord"
    assert presenting.form_words(files, first=json.dumps(FORM)).label("name") == "Namn"


def test_a_case_type_is_not_taken_for_the_role_that_has_its_code() -> None:
    with translation.override("en"):
        assert (words.case_type("UPPL"), words.of("UPPL")) == ("Information intake", "Intake officer")
