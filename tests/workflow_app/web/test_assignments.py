"""The page of proposed inspectors: asked for, read, and laid before the homes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.cases.models import Case
from workflow_app.engine import bundles
from workflow_app.modeler import scenarios
from workflow_app.modeler import services as modeler
from workflow_app.modeler.playing import play
from workflow_app.organisation.models import Account, Person
from workflow_app.worklist import demo, services
from workflow_app.worklist.models import AssignmentPlan
from workflow_app.worklist.proposal import Proposal

FOLDER = settings.BEREDD_BPMN_DIR / "ftb_plan"


@pytest.fixture
def case(office: Office) -> Case:
    """A yearly plan whose homes are laid down."""
    modeler.deploy(files=bundles.read_bundle(FOLDER), at=office.tick(), by="test")
    demo.create()
    book = scenarios.read((FOLDER / "scenarios.toml").read_text(encoding="utf-8"))
    story = next(one for one in book.scenarios if one.name.startswith("DO-071"))
    told = play(replace(story, steps=story.steps[:1], ends=False, expect={}), clock=office.tick())
    office.at = told.now
    return Case.objects.get(pk=told.case)


@pytest.fixture
def plan(office: Office, case: Case) -> AssignmentPlan:
    """A made plan."""
    asked = services.ask(case=case.pk, seed=1, by=office.person("ecn_ftb_01"), at=office.tick())
    return services.make(plan=asked.pk, at=office.tick())


def test_a_head_of_unit_asks_for_a_plan_and_is_told_that_it_is_being_made(office: Office, case: Case) -> None:
    client = logged_in("ecn_ftb_01")
    assert "Ingen plan" not in (first := client.get(f"/cases/{case.pk}/assignments/").content.decode())
    assert "Begär en plan" in first

    answer = client.post(f"/cases/{case.pk}/assignments/ask/", {"seed": "7"}, follow=True)

    assert "Planen görs" in answer.content.decode()
    assert AssignmentPlan.objects.get().seed == 7
    assert client.post(f"/cases/{case.pk}/assignments/ask/", {"seed": "7"}).status_code == 409
    assert client.post(f"/cases/{case.pk}/assignments/ask/", {"seed": "-1"}).status_code == 422


def test_an_inspector_reads_why_and_neither_asks_nor_accepts(office: Office, case: Case, plan: AssignmentPlan) -> None:
    client = logged_in("insp_ftb_01")
    page = client.get(f"/cases/{case.pk}/assignments/").content.decode()

    assert "HVB Enhet 0417" in page
    assert ", eftersom rotationen tillåter ledning där (inte året före, R-16)" in page
    assert "Begär en" not in page
    assert "Lägg planen" not in page
    assert client.post(f"/cases/{case.pk}/assignments/ask/", {"seed": "7"}).status_code == 403
    refused = client.post(f"/cases/{case.pk}/assignments/{plan.pk}/accept/", {"key": new_key()})
    assert refused.status_code == 403
    assert "Försöket är antecknat" in refused.content.decode()


def test_whoever_is_proposed_is_told_you_because(office: Office, case: Case, plan: AssignmentPlan) -> None:
    lead = Proposal.loads(plan.content).teams[0].team.lead
    Account.objects.create_user("proposed", Person.objects.get(code=lead))

    page = logged_in("proposed").get(f"/cases/{case.pk}/assignments/?mine").content.decode()

    assert "Du, eftersom" in page


def test_a_plan_is_laid_before_the_homes_by_who_declares(office: Office, case: Case, plan: AssignmentPlan) -> None:
    """R-01"""
    client = logged_in("ecn_ftb_01")
    url = f"/cases/{case.pk}/assignments/{plan.pk}/accept/"

    undeclared = client.post(url, {"key": new_key()})
    declared = client.post(url, {"key": new_key(), "declares": "no_circumstance"}, follow=True)

    assert undeclared.status_code == 403
    assert "Planen är lagd för hemmen" in declared.content.decode()
    plan.refresh_from_db()
    assert plan.accepted_by_id == office.person("ecn_ftb_01")


def test_the_case_leads_to_its_plan_and_other_cases_to_none(office: Office, case: Case) -> None:
    other = office.open_case()

    assert "/assignments/" in logged_in("ecn_ftb_01").get(f"/cases/{case.pk}/").content.decode()
    assert "/assignments/" not in logged_in("uppl_03").get(f"/cases/{other.pk}/").content.decode()
    assert logged_in("uppl_03").get(f"/cases/{other.pk}/assignments/").status_code == 409
    assert logged_in("po_01").get(f"/cases/{case.pk}/assignments/").status_code == 404
