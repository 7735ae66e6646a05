"""Why an inspector is proposed for a home: what speaks for it, and what the rotation has to say (R-16, R-24)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflow_app.worklist.rotation_plan import Home, Inspector, Plan, Problem, Team, distance


class Why(StrEnum):
    """A reason; ``words`` says it as a sentence."""

    #: Of those who are competent and free of conflict, the ``place``-th nearest, ``km`` away.
    NEAR = "NEAR"
    #: The team needs a senior, and the other is none.
    ONLY_SENIOR = "ONLY_SENIOR"
    SENIOR = "SENIOR"
    #: The other has led at the home for ``years`` years on end, and must pause.
    OTHER_PAUSES = "OTHER_PAUSES"
    #: Has led there for ``years`` years on end, and so comes along without leading.
    PAUSES = "PAUSES"
    MAY_LEAD = "MAY_LEAD"
    #: ``visits`` of the year's ``room`` are proposed.
    ROOM = "ROOM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason with its numbers."""

    why: Why
    numbers: tuple[tuple[str, int], ...] = ()


def of_plan(problem: Problem, plan: Plan) -> Iterator[tuple[Team, dict[str, tuple[Reason, ...]]]]:
    """Yield every team with the reasons of each of it, by staff code."""
    homes, visits = {home.code: home for home in problem.homes}, plan.visits()
    for team in plan.teams:
        yield team, _of_team(problem, homes[team.home], team, visits)


def _of_team(problem: Problem, home: Home, team: Team, visits: Mapping[str, int]) -> dict[str, tuple[Reason, ...]]:
    lead, second = problem.by_code[team.lead], problem.by_code[team.second]
    near = {one.code: place for place, one in enumerate(problem.candidates(home), start=1)}

    def common(one: Inspector) -> Iterator[Reason]:
        yield Reason(why=Why.NEAR, numbers=(("place", near[one.code]), ("km", distance(home, one))))
        yield Reason(why=Why.ROOM, numbers=(("visits", visits[one.code]), ("room", one.room)))

    return {
        lead.code: (*_as_lead(problem, home, lead, second), *common(lead)),
        second.code: (*_as_second(problem, home, second, lead), *common(second)),
    }


def _as_lead(problem: Problem, home: Home, own: Inspector, other: Inspector) -> Iterator[Reason]:
    yield Reason(why=Why.MAY_LEAD, numbers=(("years", problem.leads_on_end(home, own.code)),))
    if not problem.may_lead(home, other.code):
        yield Reason(why=Why.OTHER_PAUSES, numbers=(("years", problem.leads_on_end(home, other.code)),))
    yield from _seniority(own, other)


def _as_second(problem: Problem, home: Home, own: Inspector, other: Inspector) -> Iterator[Reason]:
    if not problem.may_lead(home, own.code):
        yield Reason(why=Why.PAUSES, numbers=(("years", problem.leads_on_end(home, own.code)),))
    yield from _seniority(own, other)


def _seniority(own: Inspector, other: Inspector) -> Iterator[Reason]:
    if own.senior:
        yield Reason(why=Why.SENIOR if other.senior else Why.ONLY_SENIOR)
