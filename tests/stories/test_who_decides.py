"""Stories about who may decide: grants, levels, volumes, and an order that changes under way."""

from __future__ import annotations

from django.conf import settings

from tests.stories.conftest import Tell
from workflow_app.cases.models import Proposal
from workflow_app.modeler import stories
from workflow_app.organisation.demo import LOGINS


def test_03_a_third_demand_is_the_head_of_departments_and_says_why_no_harder_step_is_taken(tell: Tell) -> None:
    """R-36."""
    told = tell(3)

    assert told.decisions()[-3:] == [("DO-042", "EC-01"), ("DO-043", "AC-A"), ("DO-043", "AC-A")]
    assert told.refusals() == [("EC-01", ["LEVEL_TOO_LOW:R-09"])]
    third = Proposal.objects.filter(case=told.cases[0], decision_type="DEMAND_REPORT_3").get()
    assert "next_level_reason" in third.content


def test_09_nobody_without_a_grant_refuses_a_disclosure(tell: Tell) -> None:
    """R-08 (JO 3869-2013)."""
    told = tell(9)

    assert [who for who, _ in told.refusals()] == ["HL-061", "INSP-017"]
    assert told.decisions() == [("DO-131", "AJ-16")]


def test_10_a_grant_revoked_while_the_task_is_open_is_worth_nothing_the_same_minute(tell: Tell) -> None:
    """R-28."""
    told = tell(10)

    who, bars = told.refusals()[0]
    assert who == "EC-08"
    assert any(bar.endswith("R-08") for bar in bars)
    assert told.decisions()[-1] == ("DO-045", "EC-01")


def test_11_the_order_in_force_when_the_decision_is_signed_decides(tell: Tell) -> None:
    """R-29."""
    told = tell(11)

    assert told.refusals() == [("EC-01", ["LEVEL_TOO_LOW:R-09"])]
    assert told.decisions()[-1] == ("DO-054", "AC-A")
    first, *_, last = told.cases[0].decisions.order_by("decided_at")
    assert (first.order_number, last.order_number) == ("DEMO-1", "DEMO-1-2")


def test_14_a_request_for_767_journals_is_the_head_of_departments(tell: Tell) -> None:
    """R-87."""
    told = tell(14)

    assert told.refusals() == [("EC-24", ["LEVEL_TOO_LOW:R-09"])]
    assert told.decisions()[-1] == ("DO-008", "AC-D")


def test_every_story_of_the_domain_is_told_and_leads_somebody_to_a_page() -> None:
    told = stories.read(settings.BEREDD_BPMN_DIR)

    assert sorted(story.number for story in told) == list(range(1, 19))
    assert {story.log_in for story in told} <= set(LOGINS)
