"""The demo authority's past is played by the engine's own commands, and the same seed makes the same past."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from tests.workflow_app.cases import invariants
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases.models import Case
from workflow_app.cli import demo_authority, demo_past
from workflow_app.modeler import histories
from workflow_app.outbox.models import Job
from workflow_app.registry.demo import Scale

BEGINNING = datetime(2022, 1, 1, tzinfo=STOCKHOLM)
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
#: Short histories of three case types, one of them returned and raised again.
FEW = ("Ej verkställt beslut, verkställt", "Begäran om handling", "Signal i OPS, återlämnad en gång")


@pytest.fixture
def few(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    models = ["evb", "utl", "etv"]
    demo_authority.build(beginning=BEGINNING, at=AT, say=lambda text: None, processes=models, scale=Scale.DEMO)
    told = tuple(each for each in histories.read(settings.BEREDD_BPMN_DIR) if each.title in FEW)
    monkeypatch.setattr(histories, "read", lambda folder: told)


def make(seed: int = 1) -> list[str]:
    said: list[str] = []
    demo_past.make(scale="tiny", seed=seed, processes=1, at=AT, say=said.append)
    return said


def chains() -> list[tuple[str, int, str]]:
    return list(Case.objects.order_by("case_number").values_list("case_number", "ledger_seq", "ledger_hash"))


def played(seed: int) -> list[tuple[str, int, str]]:
    """Play a past, and take it away again."""
    with transaction.atomic():
        make(seed)
        told = chains()
        transaction.set_rollback(True)
    return told


def test_the_same_seed_makes_the_same_cases_and_hashes(few: None) -> None:
    first, again, other = played(1), played(1), played(2)

    assert len(first) == len(FEW)
    assert first == again
    assert {digest for *_, digest in first}.isdisjoint(digest for *_, digest in other)


def test_a_run_that_is_taken_up_again_plays_nothing_twice(few: None) -> None:
    make()
    before = chains()

    make()

    assert chains() == before


def test_it_says_how_far_it_is_and_leaves_only_jobs_that_change_something(few: None) -> None:
    said = make()

    assert "3 of 3 cases, about 0:00:00 left" in "\n".join(said)
    waiting = Job.objects.filter(done_at=None, due_at__lte=AT)
    assert set(waiting.values_list("kind", flat=True)) <= set(demo_past.LEFT)


def test_a_history_that_goes_otherwise_is_named_and_leaves_no_part_of_itself(
    few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = histories.read(settings.BEREDD_BPMN_DIR)[-1]
    first, *_ = last.scenario.steps
    broken = replace(last.scenario, steps=(replace(first, fields={"nothing": "asked"}),))
    monkeypatch.setattr(histories, "read", lambda folder: (replace(last, scenario=broken),))

    with pytest.raises(CommandError, match="Signal i OPS"):
        make()

    assert not Case.objects.exists()


def test_a_case_that_a_control_has_caught_is_left_waiting_for_it(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    last = histories.read(settings.BEREDD_BPMN_DIR)[-1]
    # As if somebody had gone on without what the case waits for.
    ahead = replace(last.scenario, steps=last.scenario.steps[:2] + last.scenario.steps[5:])
    monkeypatch.setattr(histories, "read", lambda folder: (replace(last, scenario=ahead),))

    make()

    assert Case.objects.get().state == Case.State.OPEN


def test_every_history_comes_to_its_end_when_nothing_else_has_happened(db: None) -> None:
    demo_authority.build(beginning=BEGINNING, at=AT, say=lambda text: None, scale=Scale.DEMO)
    told, cast = histories.read(settings.BEREDD_BPMN_DIR), histories.Cast()
    caught, broken = [], []

    for planned in histories.plan(told, scale="tiny", seed=1):
        with transaction.atomic():
            if not histories.happen(told[planned.history], planned, cast=cast, seed=1):
                caught.append(told[planned.history].title)
            broken += invariants.broken()
            transaction.set_rollback(True)

    assert not caught
    assert not broken


def test_chance_is_the_systems_own_again_afterwards(few: None) -> None:
    real = os.urandom

    make()

    assert os.urandom is real


def test_the_demo_scale_is_the_domains() -> None:
    told = histories.read(settings.BEREDD_BPMN_DIR)
    cases = Counter[str]()
    for each in told:
        cases[each.scenario.case_type] += each.count["demo"]
    ops = [each for each in told if " i OPS" in each.title]
    fees = sum(each.count["demo"] for each in told if "särskild avgift" in each.title)

    assert sum(cases.values()) == 14_638
    assert (cases["EVB"], fees) == (7500, 90)
    assert (cases["NTS"], cases["FTB"], cases["TIL"], cases["EKP"]) == (542, 850, 300, 600)
    assert (cases["UTL"], cases["UPPL"], cases["LMA"], cases["LSA"]) == (1200, 2400, 208, 117)
    again = [each for each in ops if "återlämnad" in each.title and "öppen" not in each.title]
    assert sum(each.count["demo"] for each in ops) == 480
    assert sum(each.count["demo"] for each in again) == 131


@pytest.mark.parametrize("scale", histories.SCALES)
def test_every_case_comes_on_a_working_day_of_its_period(scale: str) -> None:
    told = histories.read(settings.BEREDD_BPMN_DIR)

    for planned in histories.plan(told, scale=scale, seed=7)[::50]:
        history = told[planned.history]
        day = planned.at.astimezone(STOCKHOLM).date()
        assert history.first <= day
        assert day.weekday() < 5
