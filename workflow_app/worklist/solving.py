"""The best lawful rotation plan, or the smallest shortage, as a mixed-integer programme (HiGHS through OR-tools).

A variable says that an inspector visits a home, another that a home goes without. Leads need no variables: of a lawful
pair, one may lead. To go without costs more than all the travel that any plan could need, so that the best plan leaves
out the fewest homes, none if it can be helped, and then travels least.
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
    #: Whether a home goes without a team.
    without: dict[str, Any] = field(default_factory=dict)

    def solve(self) -> None:
        """Solve it, in the same way every time. Raises ``NoPlan`` when nothing is proved best in time."""
        parameters = pywraplp.MPSolverParameters()
        parameters.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, 0.0)
        if self.solver.Solve(parameters) != pywraplp.Solver.OPTIMAL:
            raise NoPlan(
                f"no plan was proved best within {TIME_LIMIT // 1000} seconds; let each home choose among fewer"
            )


def solve(problem: Problem, *, seed: int) -> Plan:
    """Return the lawful plan with the least travel, lots drawn by ``seed`` among equals, or the smallest shortage.

    The same problem and seed give the same plan. Raises ``NoPlan`` when no best plan is found in time.
    """
    programme = _programme(problem)
    _cost(programme, seed)
    programme.solve()
    return _read(programme, seed)


def _programme(problem: Problem) -> _Programme:
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
        _team_of(programme, home)
    for inspector in problem.inspectors:
        if at_work[inspector.code]:
            solver.Add(solver.Sum(at_work[inspector.code]) <= inspector.room)
    return programme


def _team_of(programme: _Programme, home: Home) -> None:
    """Write down what the team of a home must meet, or that it goes without one."""
    problem, solver, chosen = programme.problem, programme.solver, programme.visits[home.code]
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


def _cost(programme: _Programme, seed: int) -> None:
    objective = programme.solver.Objective()
    furthest = 0
    for home in programme.problem.homes:
        chosen = programme.visits[home.code]
        furthest += sum(sorted(distance(home, one) for one, _variable in chosen)[-INSPECTORS:])
        for one, variable in chosen:
            objective.SetCoefficient(variable, distance(home, one) + draw(seed, home, one))
    for variable in programme.without.values():
        # A kilometre more for the lots, which come to less than that together.
        objective.SetCoefficient(variable, furthest + 2)
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
