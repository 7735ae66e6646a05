"""A plan is asked for, made, accepted and laid before the homes; it gives nobody a right (R-16)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from tests.workflow_app.office import Office
from workflow_app.cases import selectors as cases
from workflow_app.cases import typed_json
from workflow_app.cases.errors import NotAuthorised, UnknownCase
from workflow_app.cases.models import Case, CaseLink
from workflow_app.engine import bundles
from workflow_app.jobs import runner
from workflow_app.ledger import selectors as ledger
from workflow_app.modeler import scenarios
from workflow_app.modeler import services as modeler
from workflow_app.modeler.playing import play
from workflow_app.worklist import demo, planning_data, selectors, services
from workflow_app.worklist.errors import DataRefused, NotPlanned, NotYours
from workflow_app.worklist.models import AssignmentPlan, InspectorProfile

BPMN = settings.BEREDD_BPMN_DIR


@pytest.fixture
def planned(office: Office) -> tuple[Office, Case]:
    """A yearly plan of two homes, decided and not yet dispatched; and inspectors that are described."""
    for process in ("ftb_plan", "ftb"):
        modeler.deploy(files=bundles.read_bundle(BPMN / process), at=office.tick(), by="test")
    demo.create()
    book = scenarios.read((BPMN / "ftb_plan" / "scenarios.toml").read_text(encoding="utf-8"))
    story = next(one for one in book.scenarios if one.name.startswith("DO-071"))
    steps = story.steps[:2]
    told = play(replace(story, steps=steps, ends=False, expect={}), clock=office.tick())
    office.at = told.now
    return office, Case.objects.get(pk=told.case)


def _made(office: Office, case: Case, seed: int = 1) -> AssignmentPlan:
    plan = services.ask(case=case.pk, seed=seed, by=office.person("ecn_ftb_01"), at=office.tick())
    at = office.tick()
    assert runner.drain(clock=lambda: at).failed == 0
    plan.refresh_from_db()
    return plan


def _facts(case: Case) -> dict[str, Any]:
    case.refresh_from_db()
    return typed_json.loads(case.facts)


def _accept(office: Office, plan: AssignmentPlan, who: str = "ecn_ftb_01", *, declares: bool = True) -> None:
    services.accept(
        plan=plan.pk, by=office.person(who), key=office.key(), at=office.tick(), declares_no_circumstance=declares
    )


def test_a_plan_is_made_by_a_job_and_shown_with_its_reasons(planned: tuple[Office, Case]) -> None:
    office, case = planned
    plan = _made(office, case)

    page = selectors.plan_page(case.pk, office.person("ecn_ftb_01"), office.at)

    assert page.proposal is not None
    assert [each.team.home for each in page.proposal.teams] == ["ENH-000417", "ENH-000418"]
    assert set(page.homes) == {"ENH-000417", "ENH-000418"}
    assert all(each.because[each.team.lead] for each in page.proposal.teams)
    assert (plan.year, plan.seed, plan.problem_sha256) == (2027, 1, page.proposal.problem_sha256)


def test_the_same_seed_makes_the_same_plan_again(planned: tuple[Office, Case]) -> None:
    office, case = planned

    assert _made(office, case).content == _made(office, case).content


def test_an_accepted_plan_is_what_each_homes_case_begins_with(planned: tuple[Office, Case]) -> None:
    office, case = planned
    plan = _made(office, case)
    _accept(office, plan)

    assert selectors.plan_page(case.pk, office.person("ecn_ftb_01"), office.at).plan.accepted_at == office.at
    assert ledger.of_stream(str(case.pk))[-1].kind == "TEAMS_PROPOSED"
    proposed = {home["unit_id"]: home["proposed_answers"] for home in _facts(case)["homes"]}
    page = selectors.plan_page(case.pk, office.person("ecn_ftb_01"), office.at)
    assert proposed == {
        each.team.home: {"lead_inspector": each.team.lead, "second_inspector": each.team.second}
        for each in page.proposal.teams
    }
    assert not case.decisions.exists(), "laying a plan before the homes decides nothing"


def test_homes_whose_cases_are_open_get_their_teams_too_unless_they_have_inspectors(office: Office) -> None:
    for process in ("ftb_plan", "ftb"):
        modeler.deploy(files=bundles.read_bundle(BPMN / process), at=office.tick(), by="test")
    demo.create()
    book = scenarios.read((BPMN / "ftb_plan" / "scenarios.toml").read_text(encoding="utf-8"))
    story = next(one for one in book.scenarios if one.name.startswith("DO-071"))
    adopted = next(place for place, step in enumerate(story.steps) if step.close_child is not None)
    told = play(replace(story, steps=story.steps[:adopted], ends=False, expect={}), clock=office.tick())
    office.at = told.now
    case = Case.objects.get(pk=told.case)
    at = office.tick()
    assert runner.drain(clock=lambda: at).failed == 0
    first, second = (link.to_case for link in CaseLink.objects.filter(from_case=case).order_by("hand_over__ordinal"))
    office.do(first, "ecn_ftb_01", "propose_inspectors", lead_inspector="INSP-160", second_inspector="INSP-161")
    plan = _made(office, case)

    _accept(office, plan)
    at = office.tick()
    assert runner.drain(clock=lambda: at).failed == 0

    assert "proposed_answers" not in _facts(first)
    team = _facts(second)["proposed_answers"]
    item = office.item(second, "propose_inspectors")
    office.claim(item, "ecn_ftb_01")
    page = cases.item_page(item.pk, office.person("ecn_ftb_01"), office.at)
    assert page.initial == team
    assert services.spread(plan=plan.pk, at=office.tick()) == 0, "once is enough"
    assert [event.person for event in ledger.of_stream(str(second.pk)) if event.kind == "TEAMS_PROPOSED"] == [""]


@pytest.mark.parametrize("who", ["insp_ftb_01", "aca", "ecn_etv_01"])
def test_only_heads_of_unit_and_project_leaders_accept(planned: tuple[Office, Case], who: str) -> None:
    """R-09: an inspector does not choose the own homes."""
    office, case = planned
    plan = _made(office, case)

    with pytest.raises(NotAuthorised):
        _accept(office, plan, who)

    plan.refresh_from_db()
    assert plan.accepted_at is None
    assert ledger.of_stream(str(case.pk))[-1].kind == "ACT_REFUSED"


def test_who_has_not_declared_does_not_accept(planned: tuple[Office, Case]) -> None:
    """R-01"""
    office, case = planned
    plan = _made(office, case)

    with pytest.raises(NotAuthorised) as refusal:
        _accept(office, plan, declares=False)
    assert {bar.rule_id for bar in refusal.value.verdict.bars} == {"R-01"}


def test_a_proposed_team_is_asked_about_again_when_it_is_assigned(planned: tuple[Office, Case]) -> None:
    """R-16: a proposal is no right; what it says of the past is not read."""
    office, case = planned
    plan = _made(office, case)
    _accept(office, plan)
    assert not {"lead_inspector", "lead_consecutive_years"} & _facts(case).keys()


def test_an_older_plan_is_not_accepted(planned: tuple[Office, Case]) -> None:
    office, case = planned
    older = _made(office, case)
    _made(office, case, seed=2)

    with pytest.raises(NotPlanned, match="not the newest"):
        _accept(office, older)


def test_a_plan_that_is_not_made_is_not_accepted_and_no_other_is_begun(planned: tuple[Office, Case]) -> None:
    office, case = planned
    plan = services.ask(case=case.pk, seed=1, by=office.person("ecn_ftb_01"), at=office.tick())

    with pytest.raises(NotPlanned, match="not made"):
        _accept(office, plan)
    with pytest.raises(NotPlanned, match="being made"):
        services.ask(case=case.pk, seed=1, by=office.person("ecn_ftb_01"), at=office.tick())


def test_why_no_plan_could_be_made_is_kept(planned: tuple[Office, Case]) -> None:
    office, case = planned
    InspectorProfile.objects.all().delete()

    plan = _made(office, case)

    assert (plan.content, plan.failure[:16]) == ("", "there is no home")
    assert services.make(plan=plan.pk, at=office.tick()).made_at == plan.made_at


def test_a_plan_is_asked_for_in_the_case_of_a_year_with_homes(office: Office) -> None:
    modeler.deploy(files=bundles.read_bundle(BPMN / "ftb_plan"), at=office.tick(), by="test")
    book = scenarios.read((BPMN / "ftb_plan" / "scenarios.toml").read_text(encoding="utf-8"))
    story = next(one for one in book.scenarios if one.name.startswith("DO-071"))
    told = play(replace(story, steps=(), ends=False, expect={}), clock=office.tick())
    other = office.open_case()

    with pytest.raises(NotPlanned, match="not laid down"):
        services.ask(case=told.case, seed=1, by=office.person("ecn_ftb_01"), at=office.tick())
    with pytest.raises(NotPlanned, match="yearly plan"):
        services.ask(case=other.pk, seed=1, by=office.person("ecn_etv_01"), at=office.tick())
    with pytest.raises(UnknownCase):
        services.ask(case=told.case, seed=1, by=office.person("po_01"), at=office.tick())
    with pytest.raises(NotYours):
        services.ask(case=told.case, seed=1, by=office.person("insp_ftb_01"), at=office.tick())


INSPECTOR = {"inspector": "INSP-160", "senior": "YES", "kinds": "HVB SIS", "station": "KOM-001", "visits": "20"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"inspector": "INSP-999"}, "nobody has the staff code"),
        ({"senior": "maybe"}, "YES or NO"),
        ({"kinds": "HVB CASTLE"}, "kinds of units"),
        ({"kinds": " "}, "kinds of units"),
        ({"station": "KOM-999"}, "no municipality"),
        ({"visits": "-1"}, "whole number"),
        ({"visits": "99999"}, "whole number"),
    ],
)
def test_a_file_about_inspectors_is_taken_whole_or_not_at_all(
    office: Office, change: dict[str, str], said: str
) -> None:
    with pytest.raises(DataRefused, match=f"line 3: .*{said}"):
        planning_data.take_inspectors([INSPECTOR, INSPECTOR | change])
    assert not InspectorProfile.objects.exists()
    assert planning_data.take_inspectors([INSPECTOR]) == 1


def test_a_place_is_a_known_municipalitys(office: Office) -> None:
    with pytest.raises(DataRefused, match="line 2: no municipality"):
        planning_data.take_places([{"municipality": "KOM-999", "east": "1", "north": "2"}])
