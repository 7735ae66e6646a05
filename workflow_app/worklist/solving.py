"""The best lawful rotation plan, or the smallest shortage, as a mixed-integer programme (HiGHS through OR-tools).

A variable says that an inspector visits a home. Leads need no variables: of a lawful pair, one may lead. A problem
without a lawful plan is solved twice more, each home now free to go without: first for the fewest homes that do, then
for the least travel among the plans that leave out so few.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from ortools.linear_solver import pywraplp

from delegation.duties.rotation import INSPECTORS
from workflow_app.worklist.errors import NoPlan
from workflow_app.worklist.rotation_plan import (
    Home,
    Inspector,
    Plan,
    Problem,
    Shortage,
    Team,
    distance,
    draw,
    shortage,
    team,
)

#: Milliseconds for one solve; a year of the whole country takes a tenth of this.
TIME_LIMIT: Final = 60_000


@dataclass(slots=True)
class _Programme:
    """A programme being written: who may visit which home, and which homes go without."""

    problem: Problem
    solver: Any
    #: (inspector, variable) of each home.
    visits: dict[str, list[tuple[Inspector, Any]]] = field(default_factory=dict)
    #: Whether a home goes without a team; nothing where each must have one.
    without: dict[str, Any] = field(default_factory=dict)

    def solve(self) -> int:
        """Return the status of the solver. The same programme is solved in the same way every time."""
        parameters = pywraplp.MPSolverParameters()
        parameters.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, 0.0)
        status: int = self.solver.Solve(parameters)
        if status not in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.INFEASIBLE}:
            raise NoPlan(
                f"no plan was proved best within {TIME_LIMIT // 1000} seconds; let each home choose among fewer"
            )
        return status


def solve(problem: Problem, *, seed: int) -> Plan:
    """Return the lawful plan with the least travel, lots drawn by ``seed`` among equals, or the smallest shortage.

    The same problem and seed give the same plan. Raises ``NoPlan`` when no best plan is found in time.
    """
    # A home that fewer can come to than must needs no solver, which would not take a sum of nobody.
    if all(len(problem.candidates(home)) >= INSPECTORS for home in problem.homes):
        strict = _programme(problem, elastic=False)
        _least_travel(strict, seed)
        if strict.solve() == pywraplp.Solver.OPTIMAL:
            return _read(strict, seed)
    elastic = _programme(problem, elastic=True)
    fewest = elastic.solver.Sum(list(elastic.without.values()))
    elastic.solver.Minimize(fewest)
    elastic.solve()
    elastic.solver.Add(fewest <= round(elastic.solver.Objective().Value()))
    _least_travel(elastic, seed)
    elastic.solve()
    return _read(elastic, seed)


def _programme(problem: Problem, *, elastic: bool) -> _Programme:
    solver = pywraplp.Solver.CreateSolver("HIGHS")
    # One thread: several would find another of the best plans from one time to the next.
    solver.SetNumThreads(1)
    solver.SetTimeLimit(TIME_LIMIT)
    # Else it greets on standard output, which is the command line's answer.
    solver.SetSolverSpecificParametersAsString("output_flag=false")
    programme = _Programme(problem, solver)
    at_work: dict[str, list[Any]] = defaultdict(list)
    for home in problem.homes:
        chosen = [(one, solver.BoolVar("")) for one in problem.candidates(home)]
        programme.visits[home.code] = chosen
        for one, variable in chosen:
            at_work[one.code].append(variable)
        _team_of(programme, home, elastic=elastic)
    for inspector in problem.inspectors:
        if at_work[inspector.code]:
            solver.Add(solver.Sum(at_work[inspector.code]) <= inspector.room)
    return programme


def _team_of(programme: _Programme, home: Home, *, elastic: bool) -> None:
    """Write down what the team of a home must meet, or that it goes without one."""
    problem, solver, chosen = programme.problem, programme.solver, programme.visits[home.code]
    wanted: Any = 1
    if elastic:
        programme.without[home.code] = solver.BoolVar("")
        wanted = 1 - programme.without[home.code]
    solver.Add(solver.Sum([variable for _one, variable in chosen]) == INSPECTORS * wanted)
    for meets in (
        [variable for one, variable in chosen if one.senior],
        [variable for one, variable in chosen if problem.may_lead(home, one.code)],
    ):
        solver.Add(solver.Sum(meets) >= wanted)
    for pair in problem.barred_pairs(home):
        both = [variable for one, variable in chosen if one.code in pair]
        if len(both) == INSPECTORS:
            solver.Add(solver.Sum(both) <= 1)


def _least_travel(programme: _Programme, seed: int) -> None:
    homes = {home.code: home for home in programme.problem.homes}
    objective = programme.solver.Objective()
    objective.Clear()
    for code, chosen in programme.visits.items():
        for one, variable in chosen:
            cost = distance(homes[code], one) + draw(seed, homes[code], one)
            objective.SetCoefficient(variable, cost)
    objective.SetMinimization()


def _read(programme: _Programme, seed: int) -> Plan:
    problem = programme.problem
    teams: list[Team] = []
    shortages: list[Shortage] = []
    for home in problem.homes:
        chosen = programme.visits[home.code]
        pair = [one for one, variable in chosen if variable.solution_value() > 0.5]
        if pair:
            teams.append(team(problem, home, pair, seed))
        else:
            shortages.append(shortage(problem, home))
    return Plan(year=problem.year, seed=seed, teams=tuple(teams), shortages=tuple(shortages))
