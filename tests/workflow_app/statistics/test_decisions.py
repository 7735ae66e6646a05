"""M-06 and M-10: decisions without deficiencies by decider, and the stages of national supervision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from workflow_app.modeler import histories
from workflow_app.statistics import decisions, report
from workflow_app.statistics.decisions import Decided, Stage
from workflow_app.statistics.events import Period
from workflow_app.statistics.measures import Share

YEAR = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))
AT = datetime(2023, 5, 2, 10, tzinfo=UTC)
#: FTB-14 (domain 6.6): decisions of each decider, and how many of them were without deficiencies.
FTB_14 = (
    (60, 12),
    (75, 24),
    (80, 32),
    (70, 35),
    (65, 36),
    (72, 43),
    (68, 44),
    (60, 42),
    (62, 47),
    (58, 47),
    (55, 47),
    (50, 45),
    (50, 48),
    (25, 25),
)


def one(case: str, decision_type: str, *, decider: str = "1", case_type: str = "FTB", days: int = 0) -> Decided:
    at = AT + timedelta(days=days)
    return Decided(case=case, case_type=case_type, decision_type=decision_type, decider=decider, dispatched_at=at)


def fourteen() -> Iterator[Decided]:
    for decider, (all_, without) in enumerate(FTB_14):
        for number in range(all_):
            found = "NO_DEFICIENCY" if number < without else "DEFICIENCY_NO_DEMAND"
            yield one(f"{decider}-{number}", found, decider=f"decider {decider}")


def test_m_06_of_the_fixture_is_527_of_850_and_reaches_from_20_to_100_percent() -> None:
    outcomes = decisions.first_outcomes(fourteen(), YEAR)
    shares = decisions.by_decider(outcomes)

    assert decisions.without_deficiencies(outcomes) == Share(numerator=527, denominator=850)
    assert len(shares) == 14
    assert [share.percent for share in (*shares.values(),)][:: len(shares) - 1] == [Decimal("20.00"), Decimal("100.00")]


def test_a_decider_who_never_finds_a_deficiency_is_very_unusual() -> None:
    compiled = report.compile_report(presentations=(), reviews=(), decided=tuple(fourteen()), period=YEAR, forum="OPS")

    groups = compiled.measure("M-06").by["decider"]
    assert groups[-1].figure == Share(numerator=25, denominator=25)
    assert groups[-1].alert == "ALERT"
    assert groups[0].alert == "ALERT"
    assert {group.alert for group in groups} == {"", "WARNING", "ALERT"}


def test_nobody_with_few_decisions_is_shown_and_nobody_by_id() -> None:
    few = [one(str(number), "NO_DEFICIENCY", decider="a person") for number in range(9)]

    assert decisions.by_decider(few) == {}
    assert "a person" not in decisions.by_decider([*few, one("9", "NO_DEFICIENCY", decider="a person")])


def test_a_case_with_two_outcomes_counts_the_first() -> None:
    two = [one("1", "DEFICIENCY_NO_DEMAND", days=1), one("1", "NO_DEFICIENCY", days=2), one("1", "FINE_APPLICATION")]

    assert [each.decision_type for each in decisions.first_outcomes(two, YEAR)] == ["DEFICIENCY_NO_DEMAND"]


def test_an_outcome_dispatched_before_the_period_is_not_of_it() -> None:
    before = [one("1", "NO_DEFICIENCY", days=-365), one("1", "DEFICIENCY_NO_DEMAND")]

    assert decisions.first_outcomes(before, YEAR) == []


@pytest.mark.parametrize("whole", [Share(numerator=0, denominator=0), Share(numerator=20, denominator=20)])
def test_where_all_decide_alike_nobody_is_unusual(whole: Share) -> None:
    assert decisions.outliers({"alike": Share(numerator=20, denominator=20)}, whole) == {}


def test_the_stage_of_a_demand_is_its_place_in_the_case_also_when_the_first_came_before_the_period() -> None:
    told = [
        one("1", "DEMAND_REPORT_1", case_type="NTS", days=-365),
        one("1", "DEMAND_REPORT_2", case_type="NTS"),
        one("1", "DEMAND_REPORT_3", case_type="NTS", days=1),
        one("1", "DEMAND_REPORT_4", case_type="NTS", days=2),
        one("1", "INJUNCTION", case_type="NTS", days=3),
        one("1", "FINAL_ACCEPTED", case_type="NTS", days=4),
        one("1", "INSPECTION", case_type="NTS", days=5),
    ]

    assert decisions.stages(told, YEAR) == {
        Stage.DEMAND_1: 0,
        Stage.DEMAND_2: 1,
        Stage.DEMAND_3: 2,
        Stage.INTERVENTION: 1,
        Stage.FINAL: 1,
    }


def test_the_past_of_the_demo_holds_the_1154_decisions_of_the_source() -> None:
    """NTS-TABLE1 (domain 6.4), from the histories that `manage.py demo_data` plays."""
    told = []
    for number, history in enumerate(histories.read(settings.BEREDD_BPMN_DIR)):
        if history.scenario.process != "nts_child":
            continue
        types, dispatched = "", []
        for step in history.scenario.steps:
            types = step.fields.get("decision_type", types)
            if step.element == "dispatch_decision":
                dispatched.append(types)
        for case in range(history.count["demo"]):
            told += [one(f"{number}-{case}", each, case_type="NTS", days=day) for day, each in enumerate(dispatched)]

    counted = decisions.stages(told, YEAR)

    assert counted.total() == 1154
    assert counted == {
        Stage.DEMAND_1: 450,
        Stage.DEMAND_2: 150,
        Stage.DEMAND_3: 28,
        Stage.FINAL: 436,
        Stage.INTERVENTION: 90,
    }
