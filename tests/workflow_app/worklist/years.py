"""Small random years for tests of the plan, and the best plan of one found by trying every team."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import strategies as st

from workflow_app.worklist.rotation_plan import Home, Inspector, Problem, Visit, distance, missing

YEAR = 2027
KINDS = ("HVB", "SIS")
CODES = ("A", "B", "C", "D", "E")
_places = st.tuples(st.integers(0, 30), st.integers(0, 30))
_pairs = st.permutations(CODES).map(lambda codes: (codes[0], codes[1]))


@st.composite
def _homes(draw: st.DrawFn, number: int) -> Home:
    teams = draw(st.lists(_pairs, max_size=3))
    return Home(
        code=f"H{number}",
        kind=draw(st.sampled_from(KINDS)),
        place=draw(_places),
        visits=tuple(
            Visit(year=YEAR - ago, lead=lead, second=second) for ago, (lead, second) in enumerate(teams, start=1)
        ),
        conflicts=draw(st.frozensets(st.sampled_from(CODES), max_size=1)),
    )


@st.composite
def _inspectors(draw: st.DrawFn, code: str) -> Inspector:
    return Inspector(
        code=code,
        senior=draw(st.booleans()),
        kinds=draw(st.frozensets(st.sampled_from(KINDS), min_size=1)),
        place=draw(_places),
        room=draw(st.integers(0, 3)),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to three homes and five inspectors, some of them too few."""
    return Problem(
        year=YEAR,
        homes=tuple(draw(_homes(number)) for number in range(draw(st.integers(1, 3)))),
        inspectors=tuple(draw(_inspectors(code)) for code in CODES[: draw(st.integers(2, 5))]),
        reach=draw(st.integers(2, 5)),
    )


def best(problem: Problem) -> tuple[int, int]:
    """Return the fewest homes without a team and the least travel then: every team of every home is tried."""
    rooms = {one.code: one.room for one in problem.inspectors}
    found: list[tuple[int, int]] = []

    def go_on(left: tuple[Home, ...], used: Counter[str], lacking: int, km: int) -> None:
        if any(used[code] > rooms[code] for code in used):
            return
        if not left:
            found.append((lacking, km))
            return
        home, *rest = left
        able = problem.candidates(home)
        go_on(tuple(rest), used, lacking + 1, km)
        for pair in combinations(able, 2):
            if not missing(problem, home, pair):
                travel = sum(distance(home, one) for one in pair)
                go_on(tuple(rest), used + Counter(one.code for one in pair), lacking, km + travel)

    go_on(problem.homes, Counter(), 0, 0)
    return min(found)
