"""A list of rows: filled in row by row, with and without script."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from workflow_app.cases.forms import parse
from workflow_app.web.forms.errors import FormDescriptionError, UnknownField
from workflow_app.web.forms.schema import FormSchema, read_schema
from workflow_app.web.forms.step_form import StepForm


def described(**more: Any) -> dict[str, Any]:
    return {
        "id": "evidence",
        "components": [
            {"type": "checkbox", "key": "complete", "label": "Fullständigt"},
            {
                "type": "dynamiclist",
                "id": "sources",
                "path": "sources",
                "label": "Källor",
                "description": "En rad för varje källa.",
                "properties": {"minRows": 1, "maxRows": 3},
                "components": [
                    {"type": "textfield", "key": "name", "label": "Källa", "validate": {"required": True}},
                    {"type": "number", "key": "pages", "label": "Sidor", "decimalDigits": 0},
                    {"type": "checkbox", "key": "secret", "label": "Sekretess"},
                    {
                        "type": "textfield",
                        "id": "why",
                        "key": "why",
                        "label": "Skäl",
                        "validate": {"required": True},
                        "conditional": {"hide": "=secret != true"},
                    },
                ],
            }
            | more,
        ],
    }


EVIDENCE = read_schema(described())


def sent(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data[name.replace("__", "-")] = value
    return data


def form(schema: FormSchema = EVIDENCE, **fields: str) -> StepForm:
    return StepForm(schema, data=sent(**fields))


def test_rows_become_a_list_of_contexts() -> None:
    filled = form(sources__rows="2", sources__0__name="Journal", sources__0__pages="1 200", sources__1__name="Samtal")

    assert filled.is_valid(), filled.problems()
    assert filled.values["sources"] == [
        {"name": "Journal", "pages": Decimal(1200), "secret": False},
        {"name": "Samtal", "pages": None, "secret": False},
    ]


def test_a_blank_row_is_not_asked_about_and_the_others_keep_their_numbers() -> None:
    filled = form(sources__rows="3", sources__0__name="Journal", sources__1__name=" ", sources__2__name="Samtal")

    assert filled.is_valid(), filled.problems()
    assert [row.get("name") for row in filled.values["sources"]] == ["Journal", None, "Samtal"]


@pytest.mark.parametrize("fields", [{}, {"sources__rows": "1"}, {"sources__rows": "1", "sources__0__name": ""}])
def test_a_list_that_is_required_asks_for_a_row(fields: dict[str, str]) -> None:
    filled = form(**fields)

    assert not filled.is_valid()
    assert filled.problems() == [("id_sources", "Källor: Fyll i minst en rad.")]


def test_a_problem_in_a_row_leads_to_its_field() -> None:
    filled = form(sources__rows="2", sources__0__name="Journal", sources__1__pages="många")

    assert not filled.is_valid()
    assert [place for place, _ in filled.problems()] == ["id_sources-1-name", "id_sources-1-pages"]
    assert filled.problems()[0][1].startswith("Källor, rad 2: Källa: ")


def test_a_condition_in_a_row_sees_the_answers_of_the_row() -> None:
    filled = form(
        sources__rows="2",
        sources__0__name="Journal",
        sources__0__secret="on",
        sources__1__name="Samtal",
        sources__1__why="Smugglat.",
    )

    assert not filled.is_valid()
    assert [place for place, _ in filled.problems()] == ["id_sources-0-why"]
    assert "why" not in filled.rows["sources"].forms[1].values


def test_a_condition_in_a_row_sees_the_answers_beside_the_list() -> None:
    description = described()
    description["components"][1]["components"][3]["conditional"] = {"hide": "=complete = true"}
    schema = read_schema(description)

    assert form(schema, complete="on", sources__rows="1", sources__0__name="A").is_valid()
    assert not form(schema, sources__rows="1", sources__0__name="A").is_valid()


def test_a_list_that_is_hidden_is_neither_asked_for_nor_taken() -> None:
    schema = read_schema(described(conditional={"hide": "=complete = true"}))
    filled = form(schema, complete="on", sources__rows="1", sources__0__name="Smugglat.")

    assert filled.is_valid()
    assert "sources" not in filled.values


@pytest.mark.parametrize(
    "fields",
    [
        {"sources__1__name": "A"},
        {"sources__rows": "1", "sources__1__name": "A"},
        {"sources__rows": "1", "sources__0__weight": "A"},
        {"sources__rows": "4"},
        {"sources__rows": "-1"},
        {"sources__rows": "9" * 5_000},
        {"sources__rows": "två"},
        {"sources": "A"},
        {"name": "A"},
    ],
)
def test_a_row_or_field_that_the_page_does_not_have_refuses_the_request(fields: dict[str, str]) -> None:
    with pytest.raises(UnknownField):
        form(**fields)


def half_written(button: str, **fields: str) -> StepForm:
    return StepForm.half_written(EVIDENCE, data=sent(**fields), button=button)


def test_a_row_is_added_and_what_was_typed_stays() -> None:
    drawn = half_written("add:sources", sources__rows="1", sources__0__pages="många")

    assert len(drawn.rows["sources"].forms) == 2
    assert drawn.rows["sources"].forms[0]["pages"].value() == "många"
    assert [part.anchor for part in drawn.changed(shown=set())] == ["part-sources"]


def test_a_row_is_removed_and_the_rows_after_it_move_up() -> None:
    drawn = half_written("remove:sources:0", sources__rows="2", sources__0__name="A", sources__1__name="B")

    assert [row["name"].value() for row in drawn.rows["sources"].forms] == ["B"]


def test_the_last_row_is_emptied_rather_than_removed() -> None:
    drawn = half_written("remove:sources:0", sources__rows="1", sources__0__name="A")

    assert [row["name"].value() for row in drawn.rows["sources"].forms] == [None]


@pytest.mark.parametrize(
    "button",
    [
        "add",
        "add:",
        "add:complete",
        "add:sources:1",
        "remove:sources",
        "remove:sources:3",
        "remove:sources:-1",
        "x:y:z",
    ],
)
def test_a_button_that_no_page_has_is_refused(button: str) -> None:
    with pytest.raises(UnknownField):
        half_written(button, sources__rows="1")


def test_a_list_takes_no_more_rows_than_it_has_room_for() -> None:
    assert not half_written("add:sources", sources__rows="2").rows["sources"].has_room
    with pytest.raises(UnknownField):
        half_written("add:sources", sources__rows="3")


def test_what_a_service_finds_wrong_stands_in_its_row() -> None:
    filled = form(sources__rows="2", sources__1__name="B")
    assert filled.is_valid()

    filled.take_problems({"sources.2.name": "för sent", "sources": "för många", "sources.9.name": "okänd"})

    assert [place for place, _ in filled.problems()] == ["id_sources", "id_sources", "id_sources-1-name"]


def test_the_cases_take_what_the_page_gives() -> None:
    filled = form(sources__rows="2", sources__1__name="Samtal", sources__1__secret="on", sources__1__why="OSL.")
    assert filled.is_valid(), filled.problems()

    cleaned = parse(json.dumps(described())).clean(filled.values, {})

    assert cleaned["sources"] == [{"name": "Samtal", "pages": None, "secret": True, "why": "OSL."}]


@pytest.mark.parametrize(
    "more",
    [
        {"path": ""},
        {"components": []},
        {"components": [{"type": "text", "text": "Inget fält."}]},
        {"components": [{"type": "dynamiclist", "path": "more", "components": [{"type": "number", "key": "n"}]}]},
        {"components": [{"type": "number", "key": "n"}, {"type": "number", "key": "n"}]},
        {"components": [{"type": "number", "key": "n", "readonly": True}]},
        {"properties": {"maxRows": "många"}},
    ],
)
def test_a_list_that_cannot_be_drawn_is_a_defect_of_the_model(more: dict[str, Any]) -> None:
    with pytest.raises(FormDescriptionError):
        read_schema(described(**more))


def drawn(of: StepForm) -> str:
    sheet = {"url": "/here/", "preview_url": "/here/preview/"}
    return render_to_string("web/form/fields.html", {"form": of, "sheet": sheet})


def test_the_page_names_every_row_and_every_button() -> None:
    page = drawn(form(sources__rows="2", sources__0__name="A"))

    assert "<legend>Rad 1</legend>" in page
    assert 'name="rows" value="remove:sources:1" formaction="/here/#part-sources"' in page
    assert 'name="rows" value="add:sources"' in page
    assert 'hx-post="/here/preview/"' in page
    assert 'name="sources-rows" value="2"' in page
    assert 'id="part-sources-0-why"' in page
    assert "onclick" not in page
    assert "<script" not in page


def test_enter_presses_the_forms_own_button_and_not_one_of_a_row() -> None:
    page = drawn(StepForm(EVIDENCE))

    assert page.index("<button") < page.index('name="rows"')
    assert 'name="' not in page[page.index("<button") : page.index("</button>")]


def test_a_list_that_answers_to_another_begins_with_its_rows() -> None:
    schema = read_schema(described(properties={"rowsFrom": "asked"}))
    facts = {"asked": [{"name": "Journal", "due": None}, {"name": "Samtal"}]}

    begun = StepForm(schema, facts=facts)
    written = StepForm.half_written(schema, data=sent(sources__rows="1", sources__0__name="Annat"), facts=facts)

    assert [row["name"].value() for row in begun.rows["sources"].forms] == ["Journal", "Samtal"]
    assert [row["name"].value() for row in written.rows["sources"].forms] == ["Annat"]


def test_a_row_that_stands_ready_answers_nothing_so_that_what_asks_instead_is_shown() -> None:
    listed = {
        "type": "dynamiclist",
        "id": "earlier",
        "path": "earlier",
        "label": "Tidigare beslut",
        "components": [{"type": "textfield", "id": "number", "key": "number", "label": "Diarienummer"}],
    }
    why = {
        "type": "textfield",
        "id": "why_none",
        "key": "why_none",
        "label": "Om inget beaktas",
        "conditional": {"hide": "=earlier != null and count(earlier) > 0"},
    }
    schema = read_schema({"id": "form", "type": "default", "components": [listed, why]})

    assert StepForm(schema, facts={}).shown_ids == "why_none"
    assert StepForm(schema, initial={"earlier": [{"number": "DVO 2026-000001"}]}, facts={}).shown_ids == ""
