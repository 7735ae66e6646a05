"""What the engine reads of a form: the names of the facts it gives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workflow_app.engine.forms import InvalidForm, fields_of


def _facts(*components: Any) -> frozenset[str]:
    return fields_of(json.dumps({"components": components}).encode())


def _rows(*components: Any, **more: Any) -> dict[str, Any]:
    return {"type": "dynamiclist", "path": "sources", "components": components} | more


def test_a_field_is_a_fact_wherever_it_stands_in_the_form() -> None:
    inside = {"type": "group", "components": [{"type": "number", "key": "amount"}]}

    assert _facts({"type": "text", "text": "Läs."}, inside) == {"amount"}


def test_a_list_of_rows_is_one_fact() -> None:
    assert _facts(_rows({"type": "textfield", "key": "name"}), {"type": "number", "key": "pages"}) == {
        "sources",
        "pages",
    }


@pytest.mark.parametrize(
    ("component", "says"),
    [
        (_rows(path=None), "path"),
        (_rows(path="Sources"), "små bokstäver"),
        (_rows({"type": "textfield", "key": "Namn"}), "små bokstäver"),
        (_rows({"type": "textfield", "key": 5}), "små bokstäver"),
        (_rows(_rows()), "innehåller en lista"),
        (_rows("name"), "objekt"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused(component: Any, says: str) -> None:
    with pytest.raises(InvalidForm, match=says):
        _facts(component)
