"""A made plan as it is kept: teams with the reasons of each, and the homes that go without. Plain data and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from workflow_app.worklist import reasons
from workflow_app.worklist.reasons import Reason, Why
from workflow_app.worklist.rotation_plan import Plan, Problem, Rule, Shortage, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A team and why each of it is proposed, by staff code."""

    team: Team
    because: Mapping[str, tuple[Reason, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Everything a plan proposes."""

    year: int
    seed: int
    problem_sha256: str
    teams: tuple[Explained, ...]
    shortages: tuple[Shortage, ...]

    @property
    def km(self) -> int:
        """How far everybody travels, one way."""
        return sum(sum(each.team.km) for each in self.teams)

    def dumps(self) -> str:
        """Write as JSON."""
        teams = [
            {
                "home": each.team.home,
                "lead": each.team.lead,
                "second": each.team.second,
                "km": each.team.km,
                "because": {
                    code: [[reason.why.value, dict(reason.numbers)] for reason in told]
                    for code, told in each.because.items()
                },
            }
            for each in self.teams
        ]
        shortages = [
            {"home": each.home, "rule": each.rule.value, "rule_id": each.rule.rule_id, "candidates": each.candidates}
            for each in self.shortages
        ]
        plain = {
            "year": self.year,
            "seed": self.seed,
            "problem": self.problem_sha256,
            "km": self.km,
            "teams": teams,
            "shortages": shortages,
        }
        return json.dumps(plain, ensure_ascii=False)

    @classmethod
    def loads(cls, text: str) -> Proposal:
        """Read what ``dumps`` wrote."""
        plain = json.loads(text)
        teams = (
            Explained(
                team=Team(home=row["home"], lead=row["lead"], second=row["second"], km=(row["km"][0], row["km"][1])),
                because={
                    code: tuple(Reason(why=Why(why), numbers=tuple(numbers.items())) for why, numbers in told)
                    for code, told in row["because"].items()
                },
            )
            for row in plain["teams"]
        )
        return cls(
            year=plain["year"],
            seed=plain["seed"],
            problem_sha256=plain["problem"],
            teams=tuple(teams),
            shortages=tuple(
                Shortage(home=row["home"], rule=Rule(row["rule"]), candidates=row["candidates"])
                for row in plain["shortages"]
            ),
        )


def explain(problem: Problem, plan: Plan) -> Proposal:
    """Return a plan with the reasons of every team."""
    return Proposal(
        year=plan.year,
        seed=plan.seed,
        problem_sha256=problem.sha256,
        teams=tuple(Explained(team=team, because=told) for team, told in reasons.of_plan(problem, plan)),
        shortages=plan.shortages,
    )
