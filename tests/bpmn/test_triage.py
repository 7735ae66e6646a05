"""The week's triage is made from the cases that wait, and not from typed numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bpmn.models import BPMN_DIR
from tests.workflow_app.conftest import BEGINNING, NOW
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case
from workflow_app.cli import demo_authority
from workflow_app.modeler import scenarios
from workflow_app.modeler.playing import Play

ROW = {"class_seen": "HIGH", "triggers_seen": ["SERIOUS"], "way_seen": "TO_SUPERVISION"}


@pytest.fixture
def authority(db: None) -> None:
    demo_authority.build(
        beginning=BEGINNING, at=NOW - timedelta(days=1), say=lambda text: None, processes=["uppl", "uppl_triage"]
    )


def begun(folder: str, name: str, steps: int) -> tuple[Play, scenarios.Scenario]:
    """Tell the first steps of a shipped scenario."""
    text = Path(BPMN_DIR / folder / "scenarios.toml").read_text(encoding="utf-8")
    scenario = next(one for one in scenarios.read(text).scenarios if one.name.startswith(name))
    play = Play.opened(scenario, clock=NOW)
    for step in scenario.steps[:steps]:
        play = play.after(step)
    return play, scenario


def facts_of(play: Play) -> dict[str, Any]:
    return typed_json.loads(Case.objects.get(pk=play.case).facts)


def test_the_list_begins_with_every_case_that_waits(authority: None) -> None:
    waiting, _ = begun("uppl", "Vägras: ", 1)

    triage, _ = begun("uppl_triage", "Två inspektörer", 0)

    number = Case.objects.get(pk=waiting.case).case_number
    (row,) = facts_of(triage)["waiting_cases"]
    assert (row["information_number"], facts_of(triage)["waiting_numbers"]) == (number, [number])


def test_a_case_that_does_not_wait_is_refused_in_the_list(authority: None) -> None:
    begun("uppl", "Vägras: ", 1)
    triage, scenario = begun("uppl_triage", "Två inspektörer", 0)
    (number,) = facts_of(triage)["waiting_numbers"]

    def listed(play: Play, number: str, **told: Any) -> Play:
        rows = [{"information_number": number, **ROW}]
        return play.after(replace(scenario.steps[0], fields={"waiting_information": rows}, **told))

    refused = listed(triage, "DVO 1999-000001", refuse=True, code="FORM_REFUSED")
    assert facts_of(refused).get("waiting_information") is None
    assert facts_of(listed(refused, number))["waiting_information"][0]["information_number"] == number


def test_where_no_case_waits_there_is_nothing_to_list(authority: None) -> None:
    triage, _ = begun("uppl_triage", "Två inspektörer", 1)

    assert facts_of(triage)["waiting_cases"] == []
    assert facts_of(triage).get("waiting_information") is None
