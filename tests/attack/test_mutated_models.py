"""A model that leaves out, doubles, moves or hides a control still gives no decision that the order does not allow.

Every case is driven to its end, or to where nobody gets on, and each decision is then judged by what really happened
before it, by the second reading of the order that shares no code with the first.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from delegation.authorizer import is_authorized
from delegation.dmn import reader as dmn_reader
from delegation.dmn.table import DecisionTable
from delegation.order import DelegationOrder
from delegation.types import Act, Answer, DecisionRequest, Verdict
from tests.attack import in_memory, mutants
from tests.attack.in_memory import Drive, Told
from tests.bpmn.models import CASE_TYPES
from tests.delegation import oracle
from tests.delegation.authority import shipped
from workflow_app.enforcement import services as enforcement
from workflow_app.engine import checking
from workflow_app.engine.net import Net

#: Processes that decide something, a few mutants of each in every run and the rest in the long one.
DECIDING = [folder for folder in CASE_TYPES if folder.name not in {"evb_quarter", "uppl_triage"}]
ETV = next(folder for folder in DECIDING if folder.name == "etv")
FEW, MANY = 8, 80
#: Roles that a disagreement is taken to (domain 3.5).
ABOVE = frozenset({"EC_N", "EC_T", "AC_N", "AC_T", "STF", "GD", "BCJ", "CJ", "TCL"})

#: The database is empty and stays so: a turn may look into it and finds nothing.
pytestmark = pytest.mark.django_db

each_process = pytest.mark.parametrize("folder", DECIDING, ids=lambda folder: folder.name)


@cache
def case_type(folder: Path) -> str:
    return checking.check(mutants.bundle(folder)).case_type


@cache
def forms(folder: Path) -> dict[str, str]:
    """Return a model's forms by key; its own stand in for the shared ones."""
    found = {}
    for name, data in sorted(mutants.bundle(folder).items(), reverse=True):
        if "forms/" in name:
            found[Path(name).stem] = data.decode("utf-8")
    return found


@cache
def table(folder: Path, file: str, decision: str | None) -> DecisionTable:
    files = mutants.bundle(folder)
    model = dmn_reader.read(files.get(file) or files[f"{checking.SHARED}{file}"])
    names = [item.name for item in model.inputs]
    return DecisionTable.compile(model.decision(decision or "").table, name=decision or "", names=names)


def drive(folder: Path, net: Net, rng: random.Random) -> Told:
    held = {"forms": forms(folder), "table": lambda file, decision: table(folder, file, decision)}
    with in_memory.not_deployed(net, held):
        return Drive(net, case_type(folder), order=shipped(), files=forms(folder), rng=rng).run()


def unlawful(told: Told) -> list[str]:
    """Return the decisions of a drive that the order's second reading does not allow."""
    return [
        f"{asked.decision_type} by {[one.role for one in asked.actor.grants]} after "
        + ", ".join(f"{one.act} {one.answer or ''}" for one in asked.prior_acts if one.proposal == asked.proposal)
        for asked in told.decided
        if not oracle.may_decide(settled(asked))[0]
    ]


def settled(asked: DecisionRequest) -> DecisionRequest:
    """Count each disagreement that somebody above and outside it has settled as agreement (R-61)."""
    on_it = [one for one in asked.prior_acts if one.proposal == asked.proposal]
    parties = {one.person for one in on_it if one.answer is Answer.DISAGREE} | asked.prepared_by | {asked.rapporteur}
    settling = [one.at for one in on_it if one.resolves and one.person not in parties and one.role in ABOVE]
    return replace(
        asked,
        prior_acts=tuple(
            replace(one, answer=Answer.AGREE)
            if one.answer is Answer.DISAGREE and any(at >= one.at for at in settling)
            else one
            for one in asked.prior_acts
        ),
    )


def driven(folder: Path, seeds: range) -> Counter[str]:
    """Drive a mutant for every seed; return what came of them, having seen that no decision was unlawful."""
    came = Counter[str]()
    for seed in seeds:
        rng = random.Random(f"{folder.name} {seed}")
        net, done = mutants.mutant(folder, rng)
        told = drive(folder, net, rng)
        assert not unlawful(told), (seed, done)
        came += Counter(decided=len(told.decided), refused=len(told.refused), ended=told.ended, mutants=1)
    return came


@each_process
def test_no_mutant_of_a_model_gives_a_decision_without_the_controls_that_the_order_demands(folder: Path) -> None:
    """R-25, R-14, R-19, R-20, R-22, R-31, R-32, R-61, R-64"""
    came = driven(folder, range(FEW))

    assert came["decided"] + came["refused"] > 0


@pytest.mark.long
@each_process
def test_none_of_a_thousand_mutants_does(folder: Path) -> None:
    """R-25, R-14, R-19, R-20, R-22, R-31, R-32, R-61, R-64"""
    came = driven(folder, range(FEW, FEW + MANY))

    assert came["decided"] > 0
    assert came["refused"] > 0


def test_the_judge_finds_the_decisions_of_a_gate_that_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise that none was found above would say nothing."""

    def lax(request: DecisionRequest, order: DelegationOrder) -> Verdict:
        if request.act is not Act.DECIDE:
            return is_authorized(request, order)
        answer = is_authorized(replace(request, act=Act.HANDLE, step_role=None), order)
        if answer.permit is None:
            return answer
        return replace(answer, permit=replace(answer.permit, act=Act.DECIDE))

    monkeypatch.setattr(enforcement, "is_authorized", lax)
    found = []
    for seed in range(FEW):
        rng = random.Random(seed)
        net, _ = mutants.mutant(ETV, rng)
        found += unlawful(drive(ETV, net, rng))

    assert len(found) > FEW // 2


def test_the_long_run_tries_at_least_a_thousand() -> None:
    assert len(DECIDING) * (FEW + MANY) >= 1_000


@each_process
def test_a_mutant_is_not_the_model_it_was_made_from(folder: Path) -> None:
    rng = random.Random(folder.name)

    assert all(mutants.spoiled(folder, rng)[0] != mutants.bundle(folder) for _ in range(5))
