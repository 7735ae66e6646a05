"""A year's plan of inspectors: 433 of them, 850 homes, two for each; and a year in which some homes must go without.

``python -m benchmarks.rotation [--quick] [--format json]``
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from typing import Any

from workflow_app.worklist.rotation_plan import Home, Inspector, Problem, Visit
from workflow_app.worklist.solving import solve

YEAR = 2027
KINDS = ("HVB", "SUPPORTED_HOUSING", "SIS", "LSS_CHILDREN")


def year(seed: int, *, inspectors: int = 433, homes: int = 850, room: int) -> Problem:
    """Return a random year: places all over the country, three earlier visits to each home, two in conflict there."""
    drawn = random.Random(seed)

    def place() -> tuple[int, int]:
        return drawn.randrange(500), drawn.randrange(1500)

    staff = [f"INSP-{number:03d}" for number in range(1, inspectors + 1)]
    people = tuple(
        Inspector(
            code=code,
            senior=drawn.random() < 0.4,
            kinds=frozenset(drawn.sample(KINDS, drawn.randint(2, 4))),
            place=place(),
            room=room + drawn.randint(-1, 1),
        )
        for code in staff
    )
    found = []
    for number in range(1, homes + 1):
        teams = [drawn.sample(staff, 2) for _ in range(3)]
        found.append(
            Home(
                code=f"ENH-{number:06d}",
                kind=drawn.choice(KINDS),
                place=place(),
                visits=tuple(
                    Visit(year=YEAR - ago, lead=lead, second=second)
                    for ago, (lead, second) in enumerate(teams, start=1)
                ),
                conflicts=frozenset(drawn.sample(staff, 2)),
            )
        )
    return Problem(year=YEAR, homes=tuple(found), inspectors=people)


def measure(*, room: int, runs: int, inspectors: int = 433, homes: int = 850) -> dict[str, Any]:
    """Solve some years and return the median time with what came out."""
    seconds, without = [], []
    for seed in range(1, runs + 1):
        problem = year(seed, inspectors=inspectors, homes=homes, room=room)
        begun = time.perf_counter()
        plan = solve(problem, seed=seed)
        seconds.append(time.perf_counter() - begun)
        without.append(len(plan.shortages))
    return {
        "inspectors": inspectors,
        "homes": homes,
        "runs": runs,
        "median_s": round(statistics.median(seconds), 2),
        "slowest_s": round(max(seconds), 2),
        "homes_without": without,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small year once, to see that it runs")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    size = {"inspectors": 40, "homes": 60, "runs": 1} if options.quick else {"runs": 5}
    found = {"room for all": measure(room=6, **size), "too little room": measure(room=3, **size)}
    if options.format == "json":
        print(json.dumps(found, indent=2))
        return
    for name, one in found.items():
        print(
            f"{name}: {one['inspectors']} inspectors, {one['homes']} homes, {one['runs']} years: "
            f"median {one['median_s']} s, slowest {one['slowest_s']} s; homes without: {one['homes_without']}"
        )


if __name__ == "__main__":
    main()
