"""The demo authority's past is played by the engine's own commands, and the same seed makes the same past."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import override_settings

from tests.workflow_app.cases import invariants
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case, CaseAct, WorkItem
from workflow_app.cli import demo_authority, demo_past, demo_table
from workflow_app.modeler import histories
from workflow_app.modeler.errors import ScenarioFailed
from workflow_app.outbox.models import Job
from workflow_app.registry.demo import Scale
from workflow_app.worklist import demo as worklist_demo

BEGINNING = datetime(2022, 1, 1, tzinfo=STOCKHOLM)
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
#: Short histories of four case types: one returned and raised again, one opened by another case.
FEW = (
    "Ej verkställt beslut, verkställt",
    "Begäran om handling",
    "Nationell tillsyn, LSS",
    "Nationell tillsyn, LSS, F",
    "Signal i OPS, återlämnad en gång",
)
#: D/N of the fixture OPS-480 (domain 6.6).
OPS_480 = {"ETV": (402, 112), "TIL": (24, 7), "TLP": (22, 6), "FTB": (14, 3), "EKP": (12, 2), "EVB": (6, 1)}
#: Table 1 by area (domain 6.4): units, and decisions of every stage.
TABLE_1 = {
    "LSS": (90, 153),
    "SABO": (293, 719),
    "akutsjukhus": (28, 77),
    "estetik": (85, 164),
    "förlossning": (46, 41),
}


TABLE = """
[[table]]
row = "requests"
process = "utl"
tiny = 1
[[table]]
row = "reports"
process = "evb"
tiny = 2
[[table]]
row = "again"
measure = "M-01"
from = 2023-02-01
to = 2024-06-30
tiny = "1/1"
[[table]]
row = "final"
case_type = "NTS"
decisions = ["NO_DEFICIENCY"]
from = 2022-01-01
to = 2024-08-31
tiny = 1
"""


@pytest.fixture
def few(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    models = ["evb", "utl", "etv", "nts", "nts_child"]
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

    assert "5 of 5 cases, about 0:00:00 left" in "\n".join(said)
    waiting = Job.objects.filter(done_at=None, due_at__lte=AT)
    assert set(waiting.values_list("kind", flat=True)) <= set(demo_past.LEFT)


def test_a_national_supervision_opens_its_cases_reports_each_week_and_hears_when_they_close(few: None) -> None:
    make()
    parent = Case.objects.get(definition__process_key="nts")
    child = Case.objects.get(definition__process_key="nts_child")
    told = typed_json.loads(parent.facts)
    reports = CaseAct.objects.filter(case=parent, node__endswith="report_weekly_status")

    assert (child.state, typed_json.loads(child.facts)["source_case"]) == (Case.State.CLOSED, parent.case_number)
    assert [each["unit_id"] for each in told["sample_units"]] == [child.unit_id]
    assert [each["number"] for each in told["children_outcomes"]] == [child.case_number]
    assert reports.count() > 3
    assert [item.node for item in WorkItem.objects.filter(case=parent, state="OFFERED")] == [
        "publish_findings/compile_results"
    ]


def test_a_case_that_another_opens_is_not_played_before_it(few: None) -> None:
    told = histories.read(settings.BEREDD_BPMN_DIR)
    child = next(each for each in histories.plan(told, scale="tiny", seed=1) if each.parent)

    with pytest.raises(ScenarioFailed, match="Nationell tillsyn, LSS"):
        histories.happen(told, child, cast=histories.Cast(), seed=1)


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

    for planned in sorted(histories.plan(told, scale="tiny", seed=1), key=lambda each: not each.children):
        with transaction.atomic():
            if not histories.happen(told, planned, cast=cast, seed=1):
                caught.append(told[planned.history].title)
            broken += invariants.broken()
            # Those that open others stay: what they opened is played too.
            transaction.set_rollback(not planned.children)

    assert not caught
    assert not broken


def test_chance_is_the_systems_own_again_afterwards(few: None) -> None:
    real = os.urandom

    make()

    assert os.urandom is real


@pytest.mark.parametrize("scale", ["demo", "full"])
def test_the_plan_has_as_many_cases_as_the_domains_table(scale: str) -> None:
    told = histories.read(settings.BEREDD_BPMN_DIR)
    scenarios = [told[each.history].scenario for each in histories.plan(told, scale=scale, seed=1)]
    planned = Counter(each.process or each.case_type.lower() for each in scenarios)
    content = tomllib.loads((settings.BEREDD_BPMN_DIR / histories.FILE).read_text(encoding="utf-8"))
    table = {raw["process"]: raw[scale] for raw in content["table"] if "process" in raw}

    assert {process: planned[process] for process in table} == table
    assert planned.keys() - table.keys() == {"etv"}


def counted(words: str, *, scale: str = "demo") -> int:
    """Return how many cases have histories whose title matches."""
    told = histories.read(settings.BEREDD_BPMN_DIR)
    return sum(each.count[scale] for each in told if re.search(words, each.title))


def test_the_plan_has_the_decisions_of_the_domain() -> None:
    assert counted("särskild avgift") == 90
    assert counted("särskild avgift", scale="full") == 3 * 290
    assert counted("^Tillsyn med krav") == 413
    assert counted("^Hem ") == 850
    assert counted("^Hem (utan samtal, )?utan brister|^Hem i OPS") == 527


@pytest.mark.parametrize("case_type", OPS_480)
def test_the_plan_has_the_presentations_of_ops_480(case_type: str) -> None:
    ops = [each for each in histories.read(settings.BEREDD_BPMN_DIR) if " i OPS" in each.title]
    of_type = [each for each in ops if each.scenario.case_type == case_type]
    again = sum(each.count["demo"] for each in of_type if re.search("återlämna(d|t) (en|två|tre)", each.title))

    assert (sum(each.count["demo"] for each in of_type), again) == OPS_480[case_type]


@pytest.mark.parametrize("area", TABLE_1)
def test_the_plan_has_the_national_supervision_of_table_1(area: str) -> None:
    told = histories.read(settings.BEREDD_BPMN_DIR)
    parent = f"Nationell tillsyn, {area}"
    children = [each for each in told if each.parent == parent]
    decisions = sum(each.count["demo"] * len(re.findall(r"\b[DIF]\d?\b", each.title)) for each in children)
    opened = [each for each in histories.plan(told, scale="demo", seed=1) if told[each.history].title == parent]

    assert (sum(each.count["demo"] for each in children), decisions) == TABLE_1[area]
    assert [each.children for each in opened] == [TABLE_1[area][0]]


def test_each_case_is_opened_by_its_own_place_of_its_parent() -> None:
    told = histories.read(settings.BEREDD_BPMN_DIR)
    planned = histories.plan(told, scale="demo", seed=1)
    places = Counter((each.parent.key, each.place) for each in planned if each.parent)

    assert set(places.values()) == {1}
    assert len(places) == sum(each.children for each in planned) == 542 + 9


def test_the_table_is_held_against_what_was_played(few: None, tmp_path: Path) -> None:
    make()
    (tmp_path / histories.FILE).write_text(TABLE, encoding="utf-8")

    with override_settings(BEREDD_BPMN_DIR=tmp_path):
        found = {row.name: (row.found, row.holds) for row in demo_table.rows(scale="tiny")}

    assert found == {"requests": ("1", True), "reports": ("1", False), "again": ("1/1", True), "final": ("1", True)}


def test_the_command_fails_when_a_line_of_the_table_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_authority, "build", lambda **_: None)
    monkeypatch.setattr(worklist_demo, "create", lambda: 0)
    monkeypatch.setattr(demo_past, "make", lambda **_: None)
    lines = [
        demo_table.Row(name="requests", wanted="2", found="2"),
        demo_table.Row(name="reports", wanted="2", found="1"),
    ]
    monkeypatch.setattr(demo_table, "rows", lambda scale: iter(lines))
    said = StringIO()

    with pytest.raises(CommandError, match="1 lines"):
        call_command("demo_data", "--scale", "demo", "--check", "--no-cases", stdout=said)

    assert "ok  requests: 2 of 2" in said.getvalue()
    assert "NO  reports: 1 of 2" in said.getvalue()


@pytest.mark.parametrize("scale", histories.SCALES)
def test_every_case_comes_on_a_working_day_of_its_period(scale: str) -> None:
    told = histories.read(settings.BEREDD_BPMN_DIR)

    for planned in histories.plan(told, scale=scale, seed=7)[::50]:
        history = told[planned.history]
        day = planned.at.astimezone(STOCKHOLM).date()
        assert history.first <= day
        assert day.weekday() < 5
