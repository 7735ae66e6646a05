"""New information about a unit reaches the head of unit of every case that follows up its plan (S-73)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.bpmn.models import BPMN_DIR
from tests.workflow_app.conftest import BEGINNING, NOW
from tests.workflow_app.office import Office
from workflow_app.cases import links, selectors, typed_json
from workflow_app.cases.models import Case, CaseLink, WorkItem
from workflow_app.cases.services import informing, opening, work
from workflow_app.cli import demo_authority
from workflow_app.jobs import runner
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger import verification
from workflow_app.modeler import scenarios
from workflow_app.modeler.playing import Play


@pytest.fixture
def authority(db: None) -> Office:
    demo_authority.build(
        beginning=BEGINNING, at=NOW - timedelta(days=1), say=lambda text: None, processes=["lma", "uppl"]
    )
    return Office(at=NOW, client=uuid.uuid4().hex)


def _followed_up(office: Office) -> Case:
    """Tell of a lex Maria case to where its plan has been made."""
    book = scenarios.read((BPMN_DIR / "lma/scenarios.toml").read_text(encoding="utf-8"))
    scenario = next(one for one in book.scenarios if any(step.message for step in one.steps))
    play = Play.opened(scenario, clock=office.at)
    for step in scenario.steps:
        if step.message:
            break
        play = play.after(step)
    office.at = play.now
    return Case.objects.get(pk=play.case)


def _news(office: Office, unit: str) -> Case:
    """Register information about a unit, and do the jobs it leaves."""
    case = opening.open_case(
        case_type="UPPL",
        title="Tips",
        fields={
            "received_on": office.at.date(),
            "information_channel": "PHONE",
            "notifier_type": "STAFF",
            "signal_summary": "För få i personalen på natten.",
        },
        by=office.person("uppl_03"),
        key=office.key(),
        at=office.tick(),
    )
    item = office.item(case, "register_information")
    office.claim(item, "uppl_03")
    work.complete(
        item=item.pk,
        by=office.person("uppl_03"),
        fields={"information_kind": "SUPERVISION_SIGNAL", "unit_id": unit},
        key=office.key(),
        at=office.tick(),
    )
    at = office.tick()
    assert runner.drain(clock=lambda: at).failed == 0
    case.refresh_from_db()
    return case


def _reassessments(case: Case) -> list[WorkItem]:
    return [item for item in selectors.open_items(case) if item.node.endswith("/reassess_informed_unit")]


def test_an_open_plan_is_reassessed_by_the_head_of_unit(authority: Office) -> None:
    plan = _followed_up(authority)
    before = {item.pk for item in selectors.open_items(plan)}

    news = _news(authority, str(plan.unit_id))

    (item,) = _reassessments(plan)
    assert item.roles.split() == ["EC_N"]
    assert before < {item.pk for item in selectors.open_items(plan)}
    assert ledger.of_stream(str(plan.pk))[-1].data["source"] == str(news.pk)
    assert ledger.of_stream(str(news.pk))[-1].data["to"] == str(plan.pk)
    (row,) = links.links(plan, authority.person("EC-35"), authority.at).rows
    assert (row.code, row.case_number) == ("INFORMATION_IN", news.case_number)
    assert verification.verify(selectors.heads()).ok


def test_the_same_information_is_brought_once(authority: Office) -> None:
    plan = _followed_up(authority)
    news = _news(authority, str(plan.unit_id))

    assert informing.bring(case=news.pk, at=authority.tick()) == 0
    assert len(_reassessments(plan)) == 1
    assert CaseLink.objects.count() == 1


def test_every_new_case_about_the_unit_is_information_of_its_own(authority: Office) -> None:
    plan = _followed_up(authority)

    _news(authority, str(plan.unit_id))
    _news(authority, str(plan.unit_id))

    assert len(_reassessments(plan)) == 2


def test_information_about_another_unit_disturbs_no_plan(authority: Office) -> None:
    plan = _followed_up(authority)

    _news(authority, "ENH-000417")

    assert _reassessments(plan) == []


@pytest.mark.parametrize(("months", "remembered"), [(23, True), (25, False)])
def test_whoever_weighs_information_is_told_of_a_plan_closed_within_24_months(
    authority: Office, months: int, remembered: bool
) -> None:
    plan = _followed_up(authority)
    facts = typed_json.dumps({**typed_json.loads(plan.facts), "plan_kept": True})
    closed_at = authority.at - timedelta(days=30.44 * months)
    Case.objects.filter(pk=plan.pk).update(facts=facts, state=Case.State.CLOSED, closed_at=closed_at)

    news = _news(authority, str(plan.unit_id))

    assert typed_json.loads(news.facts)["recent_plan"] is remembered
    assert not CaseLink.objects.exists()
