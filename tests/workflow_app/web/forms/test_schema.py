from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workflow_app.web.forms.errors import FormDescriptionError
from workflow_app.web.forms.schema import read_schema

SHIPPED = sorted((Path(__file__).parents[4] / "bpmn").glob("**/forms/*.json"))


def form_of(**component: Any) -> dict[str, Any]:
    return {"id": "review", "components": [component]}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_can_be_read(path: Path) -> None:
    schema = read_schema(json.loads(path.read_text(encoding="utf-8")))

    assert all(part.label for part in schema.fields())


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        ({"type": "iframe", "id": "frame"}, "unknown type `iframe`"),
        ({"type": "textfield", "key": "Straße"}, "cannot be a key"),
        ({"type": "textfield", "key": "csrfmiddlewaretoken"}, "cannot be a key"),
        ({"type": "datetime", "key": "when", "subtype": "datetime"}, "subtype"),
        ({"type": "radio", "key": "outcome"}, "needs `values`"),
        ({"type": "textfield", "key": "a", "validate": {"pattern": "(a+)+$"}}, "`pattern` is not supported"),
        ({"type": "number", "key": "a", "validate": {"min": "many"}}, "no number"),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "=((("}}, "is not FEEL"),
        ({"type": "group", "components": "none"}, "must be a list"),
    ],
)
def test_what_cannot_be_drawn_is_a_defect_of_the_model_that_names_the_place(
    component: dict[str, Any], reason: str
) -> None:
    with pytest.raises(FormDescriptionError, match="form `review`") as refusal:
        read_schema(form_of(**component))

    assert reason in str(refusal.value)


def test_a_key_may_be_used_once() -> None:
    field = {"type": "textfield", "key": "title", "label": "Rubrik"}

    with pytest.raises(FormDescriptionError, match="used twice"):
        read_schema({"id": "intake", "components": [field, {"type": "group", "components": [field]}]})
