"""Attempts to keep inspectors at a home for longer than the rotation lets them (R-16, R-18, R-19, R-24)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from tests.workflow_app.office import Office
from workflow_app.cases import rotation, typed_json
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.models import Case
from workflow_app.cases.services import opening, work
from workflow_app.engine import bundles
from workflow_app.jobs import runner
from workflow_app.modeler import scenarios
from workflow_app.modeler import services as modeler
from workflow_app.modeler.playing import play

FTB = settings.BEREDD_BPMN_DIR / "ftb"
TWO_YEARS = [
    {"year": Decimal(year), "lead_inspector": "INSP-160", "second_inspector": "INSP-165"} for year in (2024, 2025)
]
#: A model that never asks whether the rotation is broken, and a table that always says that it is exempted.
NEVER_BROKEN = {"lead_consecutive_years &gt;= 2 or pair_consecutive_years &gt;= 1": "false"}
ALWAYS_EXEMPTED = {"<text>false</text></outputEntry>": "<text>true</text></outputEntry>"}


def _deploy(office: Office, changed: Mapping[str, str]) -> None:
    files = bundles.read_bundle(FTB)
    for before, after in changed.items():
        files = {name: data.replace(before.encode(), after.encode()) for name, data in files.items()}
    modeler.deploy(files=files, at=office.tick(), by="test")


def _home(office: Office, *, year: int = 2026, unit: str = "ENH-000417", told: list[dict[str, Any]]) -> Case:
    start = {"unit_id": unit, "plan_year": Decimal(year), "target_month": Decimal(3), "earlier_inspections": told}
    return opening.open_case(
        case_type="FTB",
        title=f"{unit}, {year}",
        fields=start,
        by=office.person("reg_05"),
        key=office.key(),
        at=office.tick(),
    )


def _propose(office: Office, case: Case, lead: str = "INSP-160", second: str = "INSP-161") -> None:
    office.do(case, "ecn_ftb_01", "propose_inspectors", lead_inspector=lead, second_inspector=second)


def _assign(office: Office, case: Case) -> None:
    office.do(case, "ecn_ftb_01", "assign_inspectors", planned_visit_on=office.at.date(), reasons="Enligt planen.")


def _barred(office: Office, case: Case) -> set[str]:
    with pytest.raises(NotAuthorised) as refusal:
        _assign(office, case)
    return {bar.rule_id for bar in refusal.value.verdict.bars}


def _exempt(office: Office) -> None:
    """Play the story in which an exemption is decided for ENH-000417 in 2026, and used."""
    book = scenarios.read((FTB / "scenarios.toml").read_text(encoding="utf-8"))
    story = next(one for one in book.scenarios if one.name.startswith("DO-073"))
    told = play(story, clock=office.tick())
    office.at = told.now


def test_a_model_that_skips_the_question_is_refused_at_the_assignment(office: Office) -> None:
    """R-16"""
    _deploy(office, NEVER_BROKEN)
    case = _home(office, told=TWO_YEARS)
    _propose(office, case)

    assert _barred(office, case) == {"R-16"}


def test_a_table_that_calls_every_case_exempted_exempts_none(office: Office) -> None:
    """R-18"""
    _deploy(office, NEVER_BROKEN | ALWAYS_EXEMPTED)
    case = _home(office, told=TWO_YEARS)
    _propose(office, case)

    assert _barred(office, case) == {"R-16"}


@pytest.mark.parametrize(("unit", "year"), [("ENH-000417", 2027), ("ENH-000418", 2026)])
def test_an_exemption_of_last_year_or_of_another_home_exempts_nobody(office: Office, unit: str, year: int) -> None:
    """R-18"""
    _deploy(office, {})
    _exempt(office)
    _deploy(office, NEVER_BROKEN)
    two_years = [{**visit, "year": Decimal(year - ago)} for ago, visit in enumerate(TWO_YEARS, start=1)]
    case = _home(office, unit=unit, year=year, told=two_years)
    _propose(office, case)

    assert _barred(office, case) == {"R-16"}


def test_a_model_that_tells_nobody_of_an_exemption_does_not_keep_it_from_internal_audit(office: Office) -> None:
    """R-18"""
    _deploy(office, {'<beredd:operation name="inform_audit" />': '<beredd:operation name="count_preparers" />'})
    _exempt(office)
    at = office.tick()
    while runner.run_due(at=at).claimed:
        pass

    assert [message.to for message in mail.outbox].count(["ir01@demo.invalid", "ir02@demo.invalid"]) == 1


def test_years_that_an_earlier_case_told_of_are_not_forgotten_in_the_next(office: Office) -> None:
    """R-16: the year between, told nowhere else, still makes it the third."""
    _deploy(office, NEVER_BROKEN)
    _home(office, year=2026, told=TWO_YEARS)
    case = _home(office, year=2026, told=[])
    _propose(office, case)

    assert _barred(office, case) == {"R-16"}


def test_a_team_changed_after_the_count_is_counted_anew(office: Office) -> None:
    """R-16: what stands in the facts of the case is not what the order is asked about."""
    _deploy(office, NEVER_BROKEN)
    case = _home(office, told=TWO_YEARS)
    _propose(office, case, lead="INSP-170")
    case.refresh_from_db()
    facts = typed_json.loads(case.facts)
    assert facts["lead_consecutive_years"] == 0
    Case.objects.filter(pk=case.pk).update(facts=typed_json.dumps({**facts, "lead_inspector": "INSP-160"}))

    assert _barred(office, case) == {"R-16"}


def test_an_inspector_who_visited_the_home_cannot_review_what_is_proposed(office: Office) -> None:
    """R-19: also one who has written nothing has prepared it."""
    _deploy(office, {})
    case = _home(office, told=TWO_YEARS)
    _propose(office, case)
    office.do(case, "ecn_ftb_01", "choose_rotation_way", rotation_way="EXEMPTION")
    item = office.item(case, "write_proposal")
    office.claim(item, "INSP-170")
    written = {
        "decision_type": "ROTATION_EXEMPTION",
        "operative_text": "Myndighetens beslut: INSP-160 får vara ansvarig.",
        "reasons": "Ingen annan finns.",
        "legal_basis": ["MF-4.4"],
        "presentation_forum": "NONE",
        "departments_with_open_cases": Decimal(0),
    }
    work.complete(item=item.pk, by=office.person("INSP-170"), fields=written, key=office.key(), at=office.tick())

    with pytest.raises(NotAuthorised) as refusal:
        office.claim(office.item(case, "review_proposal"), "INSP-161")
    assert {bar.rule_id for bar in refusal.value.verdict.bars} == {"R-19"}


@pytest.mark.parametrize("second", ["INSP-160", "INSP-9999", "", None])
def test_two_persons_are_two_who_exist_at_a_home_for_children_whatever_the_facts_say(
    office: Office, second: str | None
) -> None:
    """R-24"""
    _deploy(office, {})
    case = _home(office, told=TWO_YEARS)
    forged = {"lead_inspector": "INSP-160", "second_inspector": second, "receives_children": False, "announced": False}

    found = rotation.found(case, forged, "INSPECTION", office.at)

    assert found["receives_children"] is True
    assert len({found["lead_inspector"], found["second_inspector"]} - {None}) == 1


def test_who_has_decided_is_read_from_the_record_whatever_the_facts_say(office: Office) -> None:
    """R-17"""
    _deploy(office, {})
    told = [{**visit, "decider": "EC-15"} for visit in TWO_YEARS]
    case = _home(office, told=told)
    case.refresh_from_db()
    forged = {**typed_json.loads(case.facts), "earlier_deciders": [], "rotation_exemptions": [{"year": 2026}]}

    found = rotation.found(case, forged, "NO_DEFICIENCY", office.at)

    assert [row["year"] for row in found["earlier_deciders"]] == [2024, 2025]
    assert found["rotation_exemptions"] == []
