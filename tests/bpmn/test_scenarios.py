"""The shipped scenarios, played against the shipped order in the demo authority."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bpmn.models import CASE_TYPES
from tests.workflow_app.office import Office
from workflow_app.engine import bundles
from workflow_app.modeler import playing, rehearsal, scenarios
from workflow_app.modeler.errors import ScenarioFailed

ETV = next(folder for folder in CASE_TYPES if folder.name == "etv")
#: The rows of domain 3.3 for each case type; those about not opening supervision belong to two.
ROWS = {
    "etv": range(33, 55),
    "ekp": range(100, 107),
    "lma": range(120, 122),
    "lsa": range(122, 124),
    "evb": range(90, 97),
    # The calendar's rounds decide nothing; what follows is decided in cases of their own.
    "evb_quarter": (),
    "til": range(80, 89),
    "tlp": range(110, 119),
    "tlp_probation": range(114, 117),
    "nts": (60, 61, 70),
    "nts_child": (*range(62, 67), 69),
    "ftb": range(72, 79),
    "ftb_plan": (71,),
    "uppl": range(30, 36),
    "uppl_triage": (),
    "utl": range(130, 133),
}

each_case_type = pytest.mark.parametrize("folder", CASE_TYPES, ids=lambda path: path.name)


def _book(folder: Path) -> scenarios.Book:
    return scenarios.read((folder / "scenarios.toml").read_text(encoding="utf-8"))


@each_case_type
def test_every_row_of_the_case_type_is_decided_in_a_scenario(folder: Path) -> None:
    decided = {step.row for scenario in _book(folder).scenarios for step in scenario.steps if not step.refuse}

    assert decided >= {f"DO-{number:03d}" for number in ROWS[folder.name]}


@each_case_type
def test_every_scenario_that_must_be_refused_says_why_or_by_whom(folder: Path) -> None:
    for scenario in _book(folder).scenarios:
        assert scenario.name.startswith("Vägras: ") == any(step.refuse for step in scenario.steps), scenario.name


@each_case_type
def test_every_scenario_goes_as_told_and_every_element_and_flow_is_reached(office: Office, folder: Path) -> None:
    report = rehearsal.rehearse(_book(folder), bundles.read_bundle(folder), clock=office.at)

    assert report.failed == ()
    assert (report.elements.never, report.flows.never) == ((), ())


def test_a_model_that_asks_for_no_review_only_builds_a_case_that_is_refused_at_the_decision(office: Office) -> None:
    files = bundles.read_bundle(ETV)
    name = "shared/beredning.bpmn"
    asked = b"four_eyes_required = true"
    assert asked in files[name]
    files[name] = files[name].replace(asked, b"false")
    steps = """
        step = [
          { as = "insp_017", element = "assess_risk" },
          { as = "insp_017", element = "write_proposal", fields = { decision_type = "NO_SUPERVISION" } },
          { as = "insp_017", element = "present_for_decision" },
          { as = "ecn_etv_01", element = "decide", refuse = true, code = "FOUR_EYES", rule = "R-25" },
        ]
    """
    told = (ETV / "scenarios.toml").read_text(encoding="utf-8").partition("[[fragment]]")[0]
    story = f'[[scenario]]\nname = "utan granskning"\ncase_type = "ETV"\nopened_by = "uppl_03"\nend = "open"\n{steps}'

    report = rehearsal.rehearse(scenarios.read(f"{told}\n{story}"), files, clock=office.at)

    assert report.failed == ()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"row": "DO-034"}, "rests on DO-033, not on DO-034"),
        ({"refuse": True}, "was allowed, and should have been refused"),
        ({"person": "insp_018"}, "insp_018 at decide was refused"),
        ({"element": "inspect"}, "the case does not wait there but at"),
        ({"fire_timer": "next_year", "element": "", "person": ""}, "no timer `next_year` is running"),
        ({"person": "nobody"}, "nobody has the log-in or staff code `nobody`"),
    ],
)
def test_a_case_that_goes_otherwise_fails_its_scenario_at_the_step(
    office: Office, change: dict[str, object], complaint: str
) -> None:
    told = next(scenario for scenario in _book(ETV).scenarios if scenario.name.startswith("DO-033"))
    steps = tuple(replace(step, **change) if step.element == "decide" else step for step in told.steps)

    with pytest.raises(ScenarioFailed) as failure:
        playing.play(replace(told, steps=steps), clock=office.at)

    assert complaint in str(failure.value)


def test_a_scenario_that_ends_too_early_fails(office: Office) -> None:
    told = next(scenario for scenario in _book(ETV).scenarios if scenario.name.startswith("DO-033"))

    with pytest.raises(ScenarioFailed, match=r"the case is open after its last step and waits at inform_notifier"):
        playing.play(replace(told, steps=told.steps[:-1]), clock=office.at)
