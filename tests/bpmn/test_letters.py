"""What shipped models send reaches each whom it concerns, as a letter of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from delegation import recipients
from delegation.recipients import Party
from tests.bpmn.models import BPMN_DIR, CASE_TYPES, MODELS, elements
from tests.workflow_app.conftest import BEGINNING, NOW
from workflow_app.cases.models import Case, LetterRequest
from workflow_app.cli import demo_authority
from workflow_app.letters import data
from workflow_app.modeler import scenarios
from workflow_app.modeler.playing import Play

KNOWN = {
    "unit_id": "ENH-000417",
    "provider_id": "UTF-00031",
    "principal_id": "KOM-001",
    "municipality_board": "Socialnämnden, Kommun 001",
    "licensed_person_id": "LEG-000204",
}
Tell = Callable[..., Case]


@pytest.fixture
def tell(db: None) -> Tell:
    """Tell a shipped scenario to its end."""
    demo_authority.build(
        beginning=BEGINNING,
        at=NOW - timedelta(days=1),
        say=lambda text: None,
        processes=["ekp", "evb", "evb_quarter"],
    )

    def told(folder: str, name: str, **first: Any) -> Case:
        book = scenarios.read((BPMN_DIR / folder / "scenarios.toml").read_text(encoding="utf-8"))
        scenario = next(one for one in book.scenarios if one.name.startswith(name))
        beginning, *rest = scenario.steps
        play = Play.opened(scenario, clock=NOW).after(replace(beginning, fields={**beginning.fields, **first}))
        for step in rest:
            play = play.after(step)
        return Case.objects.get(pk=play.case)

    return told


def asked_for() -> Iterator[tuple[str, str]]:
    """Yield case type and letter of every operation that sends one; a shared page's for each case type."""
    for path in MODELS:
        letters = [
            str(found.get("letter")) for each in elements(path) if (found := each.extension("operation")) is not None
        ]
        for folder in [path.parent] if path.parent.name != "shared" else CASE_TYPES:
            (process,) = elements(folder / "process.bpmn", "process")
            case_type = str(process.extension("process").get("caseType"))
            if path.parent.name == "shared" and case_type == "UPPL":
                # Information is nobody's case: none of the pages that write to parties is on its way.
                continue
            yield from ((case_type, letter) for letter in letters if letter != "None")


@pytest.mark.parametrize(("case_type", "letter"), sorted(set(asked_for())))
def test_every_letter_that_a_model_sends_is_for_somebody_outside(case_type: str, letter: str) -> None:
    found = recipients.of_letter(case_type=case_type, letter=letter, decision_type="", facts=KNOWN)

    assert found
    assert Party.DEPARTMENTS not in {each.party for each in found}


def test_a_draft_and_the_decision_go_to_the_complainant_the_provider_and_each_respondent(tell: Tell) -> None:
    """PSL 7:18"""
    case = tell("ekp", "DO-103 och DO-104")

    for letter in ("draft_decision", "decision"):
        copies = LetterRequest.objects.filter(case=case, letter=letter)
        assert sorted((copy.party, copy.recipient) for copy in copies) == [
            ("COMPLAINANT", "Klaganden"),
            ("PROVIDER", "Region 02 (egen regi)"),
            ("RESPONDENT", "Demo Sjukvård 014 AB"),
        ]
        assert len({copy.node for copy in copies}) == len({copy.at for copy in copies}) == 1


def test_each_silent_board_is_reminded_by_a_letter_of_its_own_with_its_own_cases_alone(tell: Tell) -> None:
    """LSS 28 f–g §§"""
    case = tell("evb", "Vägras: begäran utan uppgift om börda")
    boards = [{"principal_id": f"KOM-00{number}", "board": "Socialnämnden", "reported": "NO"} for number in (1, 2)]
    reported = {"principal_id": "KOM-003", "board": "Socialnämnden", "reported": "YES"}

    quarter = tell("evb_quarter", "En nämnd som aldrig rapporterar", quarter_boards=[*boards, reported])

    first, second = LetterRequest.objects.filter(case=quarter).order_by("party_code")
    assert (first.party, first.recipient) == ("BOARD", "Socialnämnden, Kommun 001")
    assert (second.party, second.recipient) == ("BOARD", "Socialnämnden, Kommun 002")
    assert data.of(first)["texts"]["board_cases"] == f"{case.case_number}, lopnr-00417, 1 mars 2026".replace(
        " mars ", "\xa0mars\xa0"
    )
    assert data.of(second)["texts"]["board_cases"] is None
    assert data.of(first)["also_to"] == []
