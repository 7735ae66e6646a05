"""Stories about homes for children, those who run them, and licensed staff."""

from __future__ import annotations

from datetime import date

from tests.stories.conftest import Tell
from workflow_app.cases.models import CaseAct, Timer
from workflow_app.statistics import selectors as statistics
from workflow_app.statistics.measures import Share


def test_01_a_managers_word_that_it_was_a_false_alarm_verifies_nothing(tell: Tell) -> None:
    """R-41, R-42."""
    told = tell(1)

    assert told.refusals() == [("EC-15", ["PLAN_VERIFIED:R-41", "VERIFIED_AS_REQUIRED:R-42"])]
    assert told.decisions()[-1][0] == "DO-077"


def test_05_a_permit_for_an_owner_under_serious_supervision_is_prepared_together(tell: Tell) -> None:
    """R-31, JB-4."""
    told = tell(5)

    supervision, permit = told.cases
    assert supervision.provider_id == permit.provider_id
    answers = CaseAct.objects.filter(case=permit, act="ANSWER", joint_code="JB-4")
    assert {answer.role for answer in answers} == {"AC_T", "AC_N", "BCJ"}
    assert told.decisions()[-1] == ("DO-082", "ECT-01")


def test_06_waiting_for_a_judgment_is_the_head_of_departments_and_looked_at_again_in_thirty_days(tell: Tell) -> None:
    """R-89."""
    told = tell(6)

    assert told.refusals() == [("EC-30", ["LEVEL_TOO_LOW:R-09"])]
    assert told.decisions()[-1] == ("DO-116", "AC-E")
    waiting = Timer.objects.filter(case=told.cases[0], fired_at=None, cancelled_at=None)
    assert [timer.boundary.rpartition("/")[2] for timer in waiting if timer.rule == "P30D"]


def test_12_a_third_year_at_the_same_home_needs_an_exemption(tell: Tell) -> None:
    """R-16."""
    told = tell(12)

    assert told.refusals() == [("EC-15", ["LEVEL_TOO_LOW:R-09"])]
    assert told.decisions() == [("DO-073", "AC-C"), ("DO-072", "EC-15")]


def test_15_a_decider_who_never_finds_deficiencies_is_marked_without_being_named(tell: Tell) -> None:
    """R-10, M-06."""
    tell(15)

    measure = statistics.report(first=date(2026, 8, 1), last=date(2026, 11, 30)).measure("M-06")

    assert measure.figure == Share(numerator=11, denominator=22)
    assert [(group.figure, group.alert) for group in measure.by["decider"]] == [
        (Share(numerator=1, denominator=12), "WARNING"),
        (Share(numerator=10, denominator=10), "ALERT"),
    ]
    assert not any("EC-15" in group.key for group in measure.by["decider"])
