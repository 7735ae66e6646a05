"""Scenarios of processes that nobody registers: opened by a case or by the calendar, or waiting for their children."""

from __future__ import annotations

import pytest

from tests.workflow_app.cases.linked import Linked
from tests.workflow_app.office import Office
from workflow_app.engine import selectors as engine
from workflow_app.engine.models import ProcessDefinition
from workflow_app.modeler import rehearsal, scenarios
from workflow_app.modeler.errors import InvalidScenarios

CLOCK = "clock = 2026-11-23T08:00:00+01:00\n"


@pytest.fixture
def linked(office: Office) -> Linked:
    return Linked(office)


def _rehearse(linked: Linked, definition: ProcessDefinition, story: str) -> rehearsal.Report:
    files = {name: text.encode() for name, text in engine.files(definition).items()}
    return rehearsal.rehearse(scenarios.read(CLOCK + story), files, clock=linked.office.at)


def test_a_parents_scenario_closes_its_children(linked: Linked) -> None:
    story = """
        [[scenario]]
        name = "Två barn"
        case_type = "EKP"
        opened_by = "reg_05"
        end = "ended"
        step = [
          { as = "reg_05", element = "choose_sample", fields = { sample_units = [
            { unit_id = "ENH-0001" },
            { unit_id = "ENH-0002" },
          ] } },
          { close_child = { decided_type = "NO_DEFICIENCY" } },
          { close_child = { decided_type = "INJUNCTION" } },
          { as = "reg_05", element = "compile" },
        ]
    """
    report = _rehearse(linked, linked.deploy_parent(), story)

    assert report.failed == ()
    assert (report.elements.never, report.flows.never) == ((), ())


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        ("close_child = {}", "no child is waited for; the case waits at choose_sample"),
        ('message = "new_information"', "no message `new_information` is waited for; the case waits at choose_sample"),
    ],
)
def test_what_is_not_waited_for_fails_the_scenario(linked: Linked, step: str, complaint: str) -> None:
    story = f"""
        [[scenario]]
        name = "För tidigt"
        case_type = "EKP"
        opened_by = "reg_05"
        end = "open"
        step = [ {{ {step} }} ]
    """
    (failed,) = _rehearse(linked, linked.deploy_parent(), story).failed

    assert complaint in failed


def test_a_scenario_of_a_case_that_another_opened_names_its_process(linked: Linked) -> None:
    story = """
        [[scenario]]
        name = "Ett barn"
        case_type = "EKP"
        process = "p_child"
        opened_by = "CASE"
        start = { unit_id = "ENH-0001" }
        end = "ended"
        step = [ { as = "reg_05", element = "look" } ]
    """
    report = _rehearse(linked, linked.deploy_child(), story)

    assert report.failed == ()
    assert report.elements.never == ()


def test_a_scenario_that_the_calendar_opens_begins_at_its_start(linked: Linked) -> None:
    story = """
        [[scenario]]
        name = "Av kalendern"
        case_type = "UTL"
        process = "p_yearly"
        opened_by = "CALENDAR"
        end = "ended"
        step = [ { as = "reg_05", element = "plan" }, { as = "reg_05", element = "register" } ]

        [[scenario]]
        name = "Av en person"
        case_type = "UTL"
        opened_by = "reg_05"
        end = "ended"
        step = [ { as = "reg_05", element = "register" } ]
    """
    report = _rehearse(linked, linked.deploy_yearly(), story)

    assert report.failed == ()
    assert (report.elements.never, report.flows.never) == ((), ())


@pytest.mark.parametrize("who", ['opened_by = "CASE"', 'opened_by = "reg_05"\nprocess = "p_child"'])
def test_a_process_is_named_exactly_where_nobody_registers_the_case(who: str) -> None:
    story = f'[[scenario]]\nname = "S"\ncase_type = "EKP"\n{who}\nend = "open"\n'

    with pytest.raises(InvalidScenarios, match="`process` belongs with `opened_by`"):
        scenarios.read(CLOCK + story)
