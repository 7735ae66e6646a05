"""Shipped case types go over into each other: the new case stands at its first step and knows what it is about."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.bpmn.models import BPMN_DIR, CASE_TYPES, MODELS, elements, name_of
from tests.workflow_app.conftest import BEGINNING, NOW
from tests.workflow_app.office import Office
from workflow_app.cases import commands, operations, selectors, typed_json
from workflow_app.cases.commands import Command
from workflow_app.cases.models import Case, CaseLink, HandOver
from workflow_app.cases.turn import Turn
from workflow_app.cli import demo_authority
from workflow_app.jobs import runner
from workflow_app.ledger.events import EventKind
from workflow_app.modeler import scenarios
from workflow_app.modeler.playing import Play

PROCESSES = {process.id for folder in CASE_TYPES for process in elements(folder / "process.bpmn", "process")}


def test_every_process_that_a_model_opens_a_case_of_is_shipped() -> None:
    for path in MODELS:
        for element in elements(path):
            operation = element.extension("operation")
            process = operation.get("process") if operation is not None else None
            assert process is None or process in PROCESSES, f"{name_of(path)}: {element.id} opens {process}"


@pytest.fixture
def authority(db: None) -> Office:
    demo_authority.build(
        beginning=BEGINNING,
        at=NOW - timedelta(days=1),
        say=lambda text: None,
        processes=["ekp", "etv", "evb", "ftb", "lma", "lsa", "til", "tlp", "tlp_probation", "uppl", "utl"],
    )
    return Office(at=NOW, client=uuid.uuid4().hex)


def _tell(office: Office, folder: str, name: str) -> Case:
    """Tell a shipped scenario to its end, and do the jobs it leaves."""
    book = scenarios.read((BPMN_DIR / folder / "scenarios.toml").read_text(encoding="utf-8"))
    scenario = next(one for one in book.scenarios if one.name.startswith(name))
    play = Play.opened(scenario, clock=office.at)
    for step in scenario.steps:
        play = play.after(step)
    at = play.now + timedelta(minutes=1)
    runner.drain(clock=lambda: at)
    return Case.objects.get(pk=play.case)


@pytest.mark.parametrize(
    ("folder", "story", "case_type", "first"),
    [
        ("ekp", "DO-106: övergång till tillsyn av verksamheten", "ETV", "assess_risk"),
        ("lma", "DO-121: ärendet övergår till tillsyn av verksamheten", "ETV", "assess_risk"),
        ("lsa", "DO-123: ärendet övergår till tillsyn av verksamheten", "ETV", "assess_risk"),
        ("uppl", "DO-032: akut fara", "ETV", "assess_risk"),
        ("uppl", "Upplysningen är en lex Maria-anmälan", "LMA", "declare_conflict"),
        ("uppl", "Upplysningen är en lex Sarah-anmälan", "LSA", "declare_conflict"),
        ("uppl", "Upplysningen är ett klagomål", "EKP", "declare_conflict"),
        ("uppl", "Upplysningen är en begäran om handling", "UTL", "find_document"),
        ("til", "DO-082: nytt tillstånd för ett hem för barn", "FTB", "propose_inspectors"),
        ("ekp", "DO-106: övergång till tillsyn av en yrkesutövare", "TLP", "declare_conflict"),
        ("lma", "DO-121: ärendet övergår till tillsyn av en yrkesutövare", "TLP", "declare_conflict"),
        ("tlp", "DO-113: prövotid, planen kommuniceras", "TLP", "plan_probation"),
    ],
)
def test_a_case_goes_over_into_the_right_case_type(
    authority: Office, folder: str, story: str, case_type: str, first: str
) -> None:
    source = _tell(authority, folder, story)

    target = CaseLink.objects.get(from_case=source).to_case

    assert target.case_type == case_type
    assert [item.node.rpartition("/")[2] for item in selectors.open_items(target)] == [first]
    facts = typed_json.loads(target.facts)
    assert facts["source_case"] == source.case_number
    if case_type in ("ETV", "LMA", "LSA"):
        assert target.unit_id == typed_json.loads(source.facts)["unit_id"]
    if case_type == "ETV":
        assert facts["signal_summary"]
    if folder in ("ekp", "lma") and case_type == "TLP":
        assert facts["trigger_on"] == typed_json.loads(source.facts)["event_on"]
        assert (facts["report_kind"], facts["report_summary"]) == (
            {"ekp": "COMPLAINT", "lma": "PROVIDER"}[folder],
            typed_json.loads(source.facts)["signal_summary"],
        )


def test_what_is_handed_over_again_opens_no_second_case_while_the_first_is_open(authority: Office) -> None:
    """S-42."""
    source = _tell(authority, "uppl", "DO-032: akut fara")
    (link,) = CaseLink.objects.filter(from_case=source)
    node = HandOver.objects.get(from_case=source).node

    def again(key: str) -> int:
        def verb(turn: Turn) -> None:
            operations.hand_over(turn, node)
            turn.name(EventKind.STEP_COMPLETED, node=node, act="HANDLE")

        commands.run(Command(key=key, person=None, at=authority.at, case=source.pk, also_closed=True), verb)
        runner.drain(clock=lambda: authority.at)
        return CaseLink.objects.filter(from_case=source).count()

    authority.at = link.at + timedelta(hours=1)
    assert again("again") == 1
    Case.objects.filter(pk=link.to_case_id).update(state=Case.State.CLOSED, closed_at=authority.at)
    assert again("anew") == 2


def test_a_pattern_is_handed_over_also_where_no_fee_is_applied_for(authority: Office) -> None:
    """S-75."""
    source = _tell(authority, "evb", "Mönster hos kommunen: rapporten avslutas")

    target = CaseLink.objects.get(from_case=source).to_case
    assert (source.state, target.case_type, target.principal_id) == (Case.State.CLOSED, "ETV", source.principal_id)
    assert typed_json.loads(target.facts)["of_principal"] is True


def test_a_pattern_goes_over_into_supervision_of_the_principal(authority: Office) -> None:
    """DO-037, S-75: the new case is about the municipality, and about no unit."""
    source = _tell(authority, "evb", "Mönster hos kommunen: ärendet lämnas till tillsyn")

    target = CaseLink.objects.get(from_case=source).to_case

    assert (target.case_type, target.principal_id, target.unit_id) == ("ETV", source.principal_id, None)
    facts = typed_json.loads(target.facts)
    assert (facts["of_principal"], facts["signal_source"], facts["source_case"]) == (
        True,
        "ANALYSIS",
        source.case_number,
    )
    assert facts["signal_summary"]
    assert not CaseLink.objects.filter(to_case=source).exists()


def test_a_pattern_alone_opens_no_supervision(authority: Office) -> None:
    source = _tell(authority, "evb", "Mönster hos kommunen: tillsyn av huvudmannen begärs inte")

    assert not CaseLink.objects.filter(from_case=source).exists()
