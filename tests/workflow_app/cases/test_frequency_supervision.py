"""The yearly plan takes in every home, and nobody follows the same home or provider for too long (R-16, R-17, R-85)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from tests.workflow_app.office import Office
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case, CaseLink
from workflow_app.cases.services import opening
from workflow_app.engine import bundles
from workflow_app.jobs import runner
from workflow_app.modeler import scenarios
from workflow_app.modeler import services as modeler
from workflow_app.modeler.playing import play
from workflow_app.registry import selectors as registry

BPMN = settings.BEREDD_BPMN_DIR


@pytest.fixture
def homes(office: Office) -> Office:
    """The office with the processes of frequency supervision."""
    for process in ("ftb_plan", "ftb"):
        modeler.deploy(files=bundles.read_bundle(BPMN / process), at=office.tick(), by="test")
    return office


def _facts(case: Case) -> dict[str, Any]:
    case.refresh_from_db()
    return typed_json.loads(case.facts)


def _story(folder: str, name: str) -> scenarios.Scenario:
    book = scenarios.read((BPMN / folder / "scenarios.toml").read_text(encoding="utf-8"))
    return next(story for story in book.scenarios if story.name.startswith(name))


def _told(office: Office, scenario: scenarios.Scenario) -> Case:
    told = play(scenario, clock=office.tick())
    office.at = told.now
    return Case.objects.get(pk=told.case)


def _home(office: Office, year: int, *earlier: dict[str, Any]) -> Case:
    """Open a home's case and propose inspectors for it."""
    start = {
        "unit_id": "ENH-000417",
        "plan_year": Decimal(year),
        "target_month": Decimal(3),
        "earlier_inspections": list(earlier),
    }
    case = opening.open_case(
        case_type="FTB",
        title=f"HVB Enhet 0417, {year}",
        fields=start,
        by=office.person("reg_05"),
        key=office.key(),
        at=office.tick(),
    )
    office.do(case, "ecn_ftb_01", "propose_inspectors", lead_inspector="INSP-160", second_inspector="INSP-161")
    return case


def _told_year(year: int, lead: str, second: str, decider: str | None = None) -> dict[str, Any]:
    return {"year": Decimal(year), "lead_inspector": lead, "second_inspector": second, "decider": decider}


def test_the_years_and_deciders_of_earlier_cases_count(homes: Office) -> None:
    before = _told(homes, _story("ftb", "DO-072 och DO-075"))
    year = int(_facts(before)["plan_year"])
    decided = homes.at.year
    homes.tick(timedelta(days=120))

    facts = _facts(_home(homes, year + 1))

    assert (facts["lead_consecutive_years"], facts["pair_consecutive_years"]) == (1, 1)
    # The year before there were cases is told in the first case, and is remembered in the next.
    assert facts["earlier_deciders"] == [
        {"year": decided - 1, "person": str(homes.person("EC-16"))},
        {"year": decided, "person": str(homes.person("ecn_ftb_01"))},
    ]


@pytest.mark.parametrize(
    ("earlier", "lead", "pair"),
    [
        ((), 0, 0),
        ((_told_year(2025, "INSP-160", "INSP-165"),), 1, 0),
        ((_told_year(2025, "INSP-161", "INSP-160"),), 0, 1),
        ((_told_year(2024, "INSP-160", "INSP-161"),), 0, 0),
        ((_told_year(2025, "INSP-160", "INSP-165"), _told_year(2024, "INSP-160", "INSP-161")), 2, 0),
    ],
)
def test_years_on_end_are_counted_from_what_was_told(
    homes: Office, earlier: tuple[dict[str, Any], ...], lead: int, pair: int
) -> None:
    facts = _facts(_home(homes, 2026, *earlier))

    assert (facts["lead_consecutive_years"], facts["pair_consecutive_years"]) == (lead, pair)


def test_a_decider_of_a_year_before_there_were_cases_is_known_by_staff_code(homes: Office) -> None:
    facts = _facts(
        _home(homes, 2026, _told_year(2025, "INSP-170", "INSP-171", "EC-15"), _told_year(2024, "A", "B", "?"))
    )

    assert facts["earlier_deciders"] == [{"year": 2025, "person": str(homes.person("EC-15"))}]


def test_each_home_of_the_plan_gets_a_case_with_its_year_and_month(homes: Office) -> None:
    story = _story("ftb_plan", "DO-071")
    adopted = next(place for place, step in enumerate(story.steps) if step.close_child is not None)

    plan = _told(homes, replace(story, steps=story.steps[:adopted], ends=False, expect={}))
    at = homes.tick()
    assert runner.drain(clock=lambda: at).failed == 0

    children = [link.to_case for link in CaseLink.objects.filter(from_case=plan).order_by("hand_over__ordinal")]
    known = [_facts(child) for child in children]
    assert [child.unit_id for child in children] == ["ENH-000417", "ENH-000418"]
    assert [(facts["plan_year"], facts["target_month"]) for facts in known] == [(2027, 2), (2027, 5)]
    assert {facts["source_case"] for facts in known} == {plan.case_number}


def test_the_plan_counts_every_home_of_the_register(homes: Office) -> None:
    plan = _told(homes, _story("ftb_plan", "Alla hem i registret"))

    facts = _facts(plan)

    register = registry.homes_for_children(on=registry.day_of(homes.at))
    assert {home["unit_id"] for home in facts["homes"]} == set(register)
    assert facts["homes_left_out"] == 0
    assert [home["unit_id"] for home in facts["homes"][:2]] == ["ENH-000417", "ENH-000418"]


def test_internal_audit_is_told_of_an_exemption_from_rotation_by_itself(homes: Office) -> None:
    """R-18"""
    exempted = _told(homes, _story("ftb", "DO-073"))
    at = homes.tick()
    while runner.run_due(at=at).claimed:
        pass

    (sent,) = [message for message in mail.outbox if message.to == ["ir01@demo.invalid", "ir02@demo.invalid"]]
    assert exempted.case_number in sent.subject
    assert exempted.title not in sent.subject + sent.body
