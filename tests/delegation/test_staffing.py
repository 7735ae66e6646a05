"""Can this still be decided: a lawful set of people, or why there is none (R-14, R-19, R-20, R-64)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest
from ortools.sat.python import cp_model

from delegation.errors import UnknownStep
from delegation.staffing import (
    AtMost,
    Binding,
    Constraint,
    Plan,
    Separation,
    Shortage,
    Step,
    critical_persons,
    satisfiable,
)


def step(name: str, *people: str) -> Step:
    return Step(id=name, people=frozenset(people))


def apart(a: str, b: str) -> Separation:
    return Separation(a=a, b=b, rule_id="R-64")


def bound(a: str, b: str) -> Binding:
    return Binding(a=a, b=b, rule_id="R-27")


def few(persons: int, *steps: str) -> AtMost:
    return AtMost(steps=frozenset(steps), persons=persons, rule_id="R-64")


def holds(constraint: Constraint, who: dict[str, str]) -> bool:
    """Say it again, in the plainest way."""
    if isinstance(constraint, Separation):
        return who[constraint.a] != who[constraint.b]
    if isinstance(constraint, Binding):
        return who[constraint.a] == who[constraint.b]
    return len({who[name] for name in constraint.steps}) <= constraint.persons


def is_lawful(plan: Plan, who: dict[str, str]) -> bool:
    return all(who[each.id] in each.people for each in plan.steps) and all(
        holds(constraint, who) for constraint in plan.constraints
    )


def by_trying(plan: Plan) -> bool:
    return any(
        is_lawful(plan, dict(zip([each.id for each in plan.steps], chosen, strict=True)))
        for chosen in itertools.product(*(sorted(each.people) for each in plan.steps))
    )


def by_cp_sat(plan: Plan) -> bool:
    """The same question to OR-tools."""
    model = cp_model.CpModel()
    place = {person: n for n, person in enumerate(sorted({p for each in plan.steps for p in each.people}))}
    who = {}
    for each in plan.steps:
        if not each.people:
            return False
        domain = cp_model.Domain.from_values(sorted(place[person] for person in each.people))
        who[each.id] = model.new_int_var_from_domain(domain, each.id)
    for constraint in plan.constraints:
        if isinstance(constraint, Separation):
            model.add(who[constraint.a] != who[constraint.b])
        elif isinstance(constraint, Binding):
            model.add(who[constraint.a] == who[constraint.b])
        else:
            seats = [model.new_int_var(0, len(place) - 1, "") for _ in range(constraint.persons)]
            for name in sorted(constraint.steps):
                sits = [model.new_bool_var("") for _ in seats]
                model.add_exactly_one(sits)
                for seat, here in zip(seats, sits, strict=True):
                    model.add(who[name] == seat).only_enforce_if(here)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
    return status != cp_model.INFEASIBLE


def an_office(seed: int, *, steps: int, people: int, most: int, density: float, limits: int, same: int = 0) -> Plan:
    rng = random.Random(seed)
    names = [f"step {n:02}" for n in range(steps)]
    everyone = [f"person {n:03}" for n in range(people)]
    pairs = list(itertools.combinations(names, 2))
    constraints: list[Constraint] = [apart(*pair) for pair in pairs if rng.random() < density]
    constraints += [few(3, *rng.sample(names, 5)) for _ in range(limits)]
    constraints += [bound(*rng.choice(pairs)) for _ in range(same)]
    return Plan(
        steps=tuple(step(name, *rng.sample(everyone, rng.randint(1, min(most, people)))) for name in names),
        constraints=tuple(constraints),
    )


def agrees(plan: Plan, expected: bool) -> None:
    answer = satisfiable(plan)
    assert (answer.witness is not None) is expected
    if answer.witness is not None:
        assert answer.reasons is None
        assert is_lawful(plan, dict(answer.witness))
    else:
        assert answer.reasons is not None


def test_one_person_for_each_step_when_nothing_is_asked() -> None:
    assert satisfiable(Plan(steps=())).witness == {}
    assert satisfiable(Plan(steps=(step("decide", "anna"),))).witness == {"decide": "anna"}


def test_r64_two_steps_kept_apart_need_two_persons() -> None:
    plan = Plan(
        steps=(step("prepare", "anna", "bo"), step("decide", "anna")), constraints=(apart("prepare", "decide"),)
    )
    assert satisfiable(plan).witness == {"prepare": "bo", "decide": "anna"}


def test_a_person_who_takes_the_wrong_step_leaves_nobody_for_the_other() -> None:
    plan = Plan(steps=(step("review", "anna", "bo"), step("decide", "bo")), constraints=(apart("review", "decide"),))
    assert satisfiable(plan).witness is not None
    answer = satisfiable(plan.taken("review", "bo"))
    assert answer.witness is None
    assert answer.reasons == Shortage(
        steps=(step("review", "bo"), step("decide", "bo")), constraints=(apart("review", "decide"),)
    )


def test_a_step_that_nobody_can_do_is_the_whole_reason() -> None:
    plan = Plan(
        steps=(step("prepare", "anna"), step("review", "bo"), step("decide")),
        constraints=(apart("prepare", "review"), apart("review", "decide")),
    )
    assert satisfiable(plan).reasons == Shortage(steps=(step("decide"),), constraints=())


def test_the_reasons_hold_nothing_that_can_be_left_out() -> None:
    plan = Plan(
        steps=(
            step("prepare", "anna", "bo", "cia"),
            step("review", "anna", "bo"),
            step("consult", "dan"),
            step("decide", "anna", "bo"),
            step("present", "anna", "bo"),
        ),
        constraints=(
            apart("review", "decide"),
            apart("decide", "present"),
            apart("present", "review"),
            apart("prepare", "consult"),
            few(2, "prepare", "consult", "decide"),
        ),
    )
    reasons = satisfiable(plan).reasons
    assert reasons is not None
    assert {each.id for each in reasons.steps} == {"review", "decide", "present"}
    assert len(reasons.constraints) == 3


def test_a_limit_that_does_not_matter_is_no_reason() -> None:
    plan = Plan(
        steps=(step("a", "anna"), step("b", "bo"), step("c", "cia")),
        constraints=(few(1, "a", "b", "c"), apart("b", "c")),
    )
    reasons = satisfiable(plan).reasons
    assert reasons is not None
    assert len(reasons.steps) == 2
    (limit,) = reasons.constraints
    assert isinstance(limit, AtMost)
    assert limit.steps == {each.id for each in reasons.steps}


def test_steps_bound_together_have_one_person() -> None:
    plan = Plan(
        steps=(step("a", "anna", "bo"), step("b", "bo", "cia"), step("c", "bo", "dan")),
        constraints=(bound("a", "b"), bound("b", "c")),
    )
    assert satisfiable(plan).witness == {"a": "bo", "b": "bo", "c": "bo"}


def test_steps_both_bound_and_kept_apart_are_nobodys() -> None:
    both = (step("a", "anna", "bo"), step("b", "anna", "bo"))
    plan = Plan(steps=both, constraints=(bound("a", "b"), apart("b", "a")))
    reasons = satisfiable(plan).reasons
    assert reasons is not None
    assert reasons.constraints == (bound("a", "b"), apart("b", "a"))


def test_no_more_persons_than_the_limit() -> None:
    everyone = ("anna", "bo", "cia")
    plan = Plan(steps=tuple(step(name, *everyone) for name in "abc"), constraints=(few(1, "a", "b", "c"),))
    witness = satisfiable(plan).witness
    assert witness is not None
    assert len(set(witness.values())) == 1


@pytest.mark.parametrize("constraint", [apart("a", "other"), bound("other", "a"), few(1, "a", "other")])
def test_a_constraint_on_a_step_that_is_not_there_is_refused(constraint: Constraint) -> None:
    with pytest.raises(UnknownStep, match="`other`"):
        satisfiable(Plan(steps=(step("a", "anna"),), constraints=(constraint,)))


@pytest.mark.parametrize("seed", range(60))
def test_small_offices_agree_with_trying_everything(seed: int) -> None:
    rng = random.Random(seed)
    plan = an_office(
        seed, steps=5, people=rng.randint(2, 5), most=4, density=0.4, limits=seed % 2, same=int(seed % 3 == 0)
    )
    agrees(plan, by_trying(plan))


@pytest.mark.parametrize("people", [6, 20, 100, 800])
@pytest.mark.parametrize("density", [0.1, 0.25, 0.4])
def test_random_offices_agree_with_cp_sat(people: int, density: float) -> None:
    for seed in range(4):
        plan = an_office(
            seed, steps=5 + seed * 5, people=people, most=6, density=density, limits=seed % 2, same=seed % 3
        )
        agrees(plan, by_cp_sat(plan))


@pytest.mark.parametrize("seed", range(20))
def test_the_reasons_are_enough_and_none_is_idle(seed: int) -> None:
    plan = an_office(seed, steps=7, people=5, most=3, density=0.6, limits=1, same=1)
    reasons = satisfiable(plan).reasons
    if reasons is None:
        return
    assert not by_trying(Plan(steps=reasons.steps, constraints=reasons.constraints))
    for constraint in reasons.constraints:
        rest = tuple(each for each in reasons.constraints if each is not constraint)
        assert by_trying(Plan(steps=reasons.steps, constraints=rest))


# With persons away


def without(plan: Plan, gone: Sequence[str]) -> Plan:
    return Plan(
        steps=tuple(Step(id=each.id, people=each.people - set(gone)) for each in plan.steps),
        constraints=plan.constraints,
    )


def critical_by_trying(plan: Plan, away: int) -> set[frozenset[str]]:
    everyone = sorted({person for each in plan.steps for person in each.people})
    blocking = [
        frozenset(gone)
        for count in range(away + 1)
        for gone in itertools.combinations(everyone, count)
        if not by_trying(without(plan, gone))
    ]
    return {group for group in blocking if not any(other < group for other in blocking)}


def test_the_only_one_who_can_is_named() -> None:
    plan = Plan(
        steps=(step("prepare", "anna", "bo", "cia"), step("decide", "dan")), constraints=(apart("prepare", "decide"),)
    )
    assert critical_persons(plan) == (frozenset({"dan"}),)
    assert critical_persons(plan, away=2) == (frozenset({"dan"}),)


def test_two_who_are_missed_only_together_are_named_together() -> None:
    plan = Plan(steps=(step("prepare", "anna", "bo", "cia"), step("decide", "dan", "eva")))
    assert critical_persons(plan) == ()
    assert critical_persons(plan, away=2) == (frozenset({"dan", "eva"}),)


def test_a_plan_that_nobody_can_meet_misses_nobody() -> None:
    assert critical_persons(Plan(steps=(step("decide"),)), away=2) == (frozenset(),)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("away", [1, 2])
def test_those_missed_are_those_found_by_trying_everybody(seed: int, away: int) -> None:
    plan = an_office(seed, steps=5, people=6, most=4, density=0.4, limits=1, same=int(seed % 4 == 0))
    assert set(critical_persons(plan, away=away)) == critical_by_trying(plan, away)
