"""The plan of a year is lawful, the best there is, explained, and the same every time (R-16, R-24)."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder
from tests.delegation.authority import codes, grant, request
from tests.workflow_app.worklist.years import YEAR, best, problems
from workflow_app.worklist import proposal, reasons, solving
from workflow_app.worklist.errors import NoPlan
from workflow_app.worklist.reasons import Why
from workflow_app.worklist.rotation_plan import Home, Inspector, Plan, Problem, Rule, Team, Visit, missing
from workflow_app.worklist.solving import solve


def _inspector(code: str, *, senior: bool = False, km: int = 0, room: int = 5, kind: str = "HVB") -> Inspector:
    return Inspector(code=code, senior=senior, kinds=frozenset({kind}), place=(km, 0), room=room)


def _home(*visits: tuple[int, str, str], code: str = "H", conflicts: str = "") -> Home:
    told = tuple(Visit(year=year, lead=lead, second=second) for year, lead, second in visits)
    return Home(code=code, kind="HVB", place=(0, 0), visits=told, conflicts=frozenset(conflicts))


def _year(*inspectors: Inspector, homes: tuple[Home, ...]) -> Problem:
    return Problem(year=YEAR, homes=homes, inspectors=inspectors)


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_no_plan_is_better_than_the_solvers(problem: Problem) -> None:
    plan = solve(problem, seed=1)

    assert (len(plan.shortages), plan.km) == best(problem)
    assert len(plan.teams) + len(plan.shortages) == len(problem.homes)


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_every_proposed_team_meets_every_rule(problem: Problem) -> None:
    """R-16, R-24"""
    plan = solve(problem, seed=1)

    homes = {home.code: home for home in problem.homes}
    for team in plan.teams:
        home, pair = homes[team.home], [problem.by_code[team.lead], problem.by_code[team.second]]
        assert missing(problem, home, pair) == ()
        assert problem.may_lead(home, team.lead)
        assert all(home.kind in one.kinds and one.code not in home.conflicts for one in pair)
    assert all(count <= problem.by_code[code].room for code, count in plan.visits().items())
    assert {team.home for team in plan.teams} | {each.home for each in plan.shortages} == set(homes)


@settings(max_examples=40, deadline=None)
@given(problem=problems())
def test_the_order_permits_what_the_plan_proposes(problem: Problem, order: DelegationOrder) -> None:
    """R-16: the numbers are those of ``delegation``."""
    homes = {home.code: home for home in problem.homes}
    for team in solve(problem, seed=1).teams:
        visits = [visit for visit in homes[team.home].visits if {visit.lead, visit.second} == {team.lead, team.second}]
        facts = {
            "lead_consecutive_years": problem.leads_on_end(homes[team.home], team.lead),
            "pair_consecutive_years": sum(visit.year == YEAR - 1 for visit in visits),
        }
        asked = request("ASSIGN_INSPECTORS", grant("EC_N", "FTB"), case_type="FTB", facts=facts)
        assert codes(is_authorized(asked, order)) == set()


@settings(max_examples=30, deadline=None)
@given(problem=problems())
def test_the_same_seed_gives_the_same_plan_whatever_order_the_year_is_told_in(problem: Problem) -> None:
    shuffled = list(problem.homes), list(problem.inspectors)
    for some in shuffled:
        Random(7).shuffle(some)
    again = replace(problem, homes=tuple(shuffled[0]), inspectors=tuple(shuffled[1]))

    assert again.sha256 == problem.sha256
    assert solve(again, seed=3) == solve(problem, seed=3)


def test_lots_are_drawn_between_those_who_travel_equally_far() -> None:
    year = _year(*(_inspector(code, senior=True) for code in "ABCDEF"), homes=(_home(),))

    drawn = {solve(year, seed=seed).teams[0] for seed in range(12)}

    assert len(drawn) > 1
    assert {team.km for team in drawn} == {(0, 0)}


def test_who_has_led_for_two_years_on_end_comes_along_without_leading() -> None:
    """R-16"""
    visits = ((YEAR - 1, "A", "C"), (YEAR - 2, "A", "C"))
    year = _year(_inspector("A", senior=True), _inspector("B"), homes=(_home(*visits),))

    assert solve(year, seed=1).teams == (Team(home="H", lead="B", second="A", km=(0, 0)),)


def test_who_has_paused_for_a_year_may_lead_again() -> None:
    """R-16"""
    visits = ((YEAR - 2, "A", "C"), (YEAR - 3, "A", "C"))
    year = _year(_inspector("A", senior=True), _inspector("B"), homes=(_home(*visits),))

    assert solve(year, seed=1).teams[0].lead == "A"


@pytest.mark.parametrize(
    ("year", "rule"),
    [
        (_year(_inspector("A", senior=True), homes=(_home(),)), Rule.TWO_PERSONS),
        (_year(_inspector("A", senior=True), _inspector("B"), homes=(_home(conflicts="B"),)), Rule.TWO_PERSONS),
        (_year(_inspector("A", senior=True), _inspector("B", kind="SIS"), homes=(_home(),)), Rule.TWO_PERSONS),
        (_year(_inspector("A", senior=True), _inspector("B", room=0), homes=(_home(),)), Rule.ROOM),
        (_year(_inspector("A"), _inspector("B"), homes=(_home(),)), Rule.SENIOR),
        (
            _year(_inspector("A", senior=True), _inspector("B"), homes=(_home((YEAR - 1, "B", "A")),)),
            Rule.PAIR_ROTATES,
        ),
        (
            _year(
                _inspector("A", senior=True),
                _inspector("B"),
                homes=(_home((YEAR - 1, "A", "C"), (YEAR - 2, "A", "C"), (YEAR - 1, "B", "D"), (YEAR - 2, "B", "D")),),
            ),
            Rule.LEAD_ROTATES,
        ),
    ],
)
def test_a_year_without_a_lawful_plan_names_the_home_and_the_rule(year: Problem, rule: Rule) -> None:
    """R-16, R-24"""
    plan = solve(year, seed=1)

    assert plan.teams == ()
    assert [(each.home, each.rule) for each in plan.shortages] == [("H", rule)]


def test_the_shortage_is_the_smallest_and_every_other_home_gets_its_team() -> None:
    homes = tuple(_home(code=f"H{number}") for number in range(4))
    year = _year(_inspector("A", senior=True, room=3), _inspector("B", room=3), homes=homes)

    plan = solve(year, seed=1)

    assert (len(plan.teams), len(plan.shortages)) == (3, 1)
    assert (plan.shortages[0].rule, plan.shortages[0].rule.rule_id, plan.shortages[0].candidates) == (
        Rule.ROOM,
        "R-24",
        2,
    )


def test_the_nearest_go_first_and_only_as_far_as_the_reach() -> None:
    near, far = _inspector("A", senior=True), _inspector("C", km=90)
    year = _year(near, _inspector("B", km=5), far, homes=(_home(),))

    assert solve(year, seed=1).teams[0].km == (0, 5)
    assert solve(replace(year, reach=1), seed=1).shortages[0].rule is Rule.TWO_PERSONS


def test_each_is_told_why() -> None:
    visits = ((YEAR - 1, "A", "C"), (YEAR - 2, "A", "C"))
    year = _year(_inspector("A", senior=True), _inspector("B", km=3), homes=(_home(*visits),))
    plan = solve(year, seed=1)

    ((_team, told),) = reasons.of_plan(year, plan)

    assert [reason.why for reason in told["B"]] == [Why.MAY_LEAD, Why.OTHER_PAUSES, Why.NEAR, Why.ROOM]
    assert [reason.why for reason in told["A"]] == [Why.PAUSES, Why.ONLY_SENIOR, Why.NEAR, Why.ROOM]
    assert dict(told["B"][2].numbers) == {"place": 2, "km": 3}
    kept = proposal.explain(year, plan)
    assert proposal.Proposal.loads(kept.dumps()) == kept


def test_a_solver_that_is_out_of_time_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving.pywraplp.Solver, "Solve", lambda *_: solving.pywraplp.Solver.NOT_SOLVED)

    with pytest.raises(NoPlan, match="no plan was proved best"):
        solve(_year(_inspector("A"), homes=(_home(),)), seed=1)


def test_a_plan_without_teams_travels_nowhere() -> None:
    assert Plan(year=YEAR, seed=1, teams=(), shortages=()).km == 0
