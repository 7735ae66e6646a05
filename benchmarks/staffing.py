"""Whether a lawful set of people remains: offices of up to 800 people, drawn by lot.

``python -m benchmarks.staffing [--quick] [--format json]``
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from typing import Any

from benchmarks import measuring
from delegation.staffing import AtMost, Constraint, Plan, Separation, Step, critical_persons, satisfiable

#: Share of the pairs of steps that must have different persons.
DENSITIES = (0.1, 0.2, 0.4)


def an_office(seed: int, *, steps: int, people: int, density: float, most: int, limits: int = 0) -> Plan:
    """Draw a plan: who can do what, which steps are kept apart, and limits of three persons over five steps."""
    rng = random.Random(seed)
    names = [f"step {number:02}" for number in range(steps)]
    everyone = [f"person {number:03}" for number in range(people)]
    apart: list[Constraint] = [
        Separation(a=a, b=b, rule_id="R-64") for a, b in itertools.combinations(names, 2) if rng.random() < density
    ]
    few: list[Constraint] = [
        AtMost(steps=frozenset(rng.sample(names, 5)), persons=3, rule_id="R-64") for _ in range(limits)
    ]
    return Plan(
        steps=tuple(Step(id=name, people=frozenset(rng.sample(everyone, rng.randint(1, most)))) for name in names),
        constraints=(*apart, *few),
    )


def satisfied(*, plans: int) -> dict[str, Any]:
    """The answer, with its reasons where nobody is left."""
    figures: dict[str, Any] = {}
    for people, most, limits in ((800, 800, 0), (800, 6, 0), (800, 800, 5), (15, 4, 0), (15, 4, 3)):
        drawn = [
            an_office(seed, steps=20, people=people, density=density, most=most, limits=limits)
            for density in DENSITIES
            for seed in range(plans)
        ]
        timed = measuring.timing(measuring.each(satisfiable, drawn))
        figures[f"{people} people, up to {most} a step, {limits} limits"] = {
            "unsatisfiable": sum(satisfiable(plan).witness is None for plan in drawn),
            **measuring.plain(timed),
        }
    return figures


def missed(*, plans: int) -> dict[str, Any]:
    """Whose absence blocks: a case with eight steps left, among 433 people."""
    drawn = [an_office(seed, steps=8, people=433, density=0.3, most=most) for most in (2, 433) for seed in range(plans)]
    return {
        f"{away} away": measuring.plain(
            measuring.timing(measuring.each(lambda plan, away=away: critical_persons(plan, away=away), drawn))
        )
        for away in (1, 2)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer plans")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    plans = 5 if options.quick else 60
    figures = {"20_steps": satisfied(plans=plans), "persons_away": missed(plans=plans)}
    if options.format == "json":
        print(json.dumps(figures, indent=2))
        return
    for name, figure in figures.items():
        print(f"\n{name}")
        for key, value in figure.items():
            print(f"    {key:44} {value}")


if __name__ == "__main__":
    main()
