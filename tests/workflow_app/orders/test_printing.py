"""The order on paper shows every row, band and role, with the law of the day."""

from __future__ import annotations

from datetime import date

import pytest

from delegation.vocabulary import CASE_TYPES
from tests.delegation.authority import shipped
from tests.delegation.test_order import IDS
from workflow_app.orders.printing import PrintedOrder, PrintedRow, printed


@pytest.fixture(scope="module")
def document() -> PrintedOrder:
    return printed(shipped(), on_date=date(2026, 3, 2))


def row(document: PrintedOrder, rule: str) -> PrintedRow:
    return next(one for section in document.sections for one in section.rows if one.rule == rule)


def test_all_106_rows_are_printed_once(document: PrintedOrder) -> None:
    assert sorted(one.rule for section in document.sections for one in section.rows) == IDS


def test_general_rows_come_first_and_then_each_case_type(document: PrintedOrder) -> None:
    codes = [section.code for section in document.sections]
    assert codes[0] == "ALL"
    assert codes[1:] == list(CASE_TYPES)


def test_every_band_is_printed_with_its_condition(document: PrintedOrder) -> None:
    bands = row(document, "DO-046").bands
    assert [(band.id, band.condition, band.lowest, band.jurist) for band in bands] == [
        ("DO-046-1", "Belopp (kr) högst 1\xa0000\xa0000", "Nationellt ansvarig avdelningschef",
         "Biträdande chefsjurist, samråd"),
        ("DO-046-2", "Belopp (kr) över 1\xa0000\xa0000 till och med 5\xa0000\xa0000",
         "Nationellt ansvarig avdelningschef", "Chefsjurist, samråd"),
        ("DO-046-3", "Belopp (kr) över 5\xa0000\xa0000", "Generaldirektör", "Chefsjurist, samråd"),
    ]  # fmt: skip
    assert bands[0].sub_delegation.startswith("Nationellt ansvarig enhetschef: vite högst 200 000 kr")
    assert bands[2].sub_delegation == "nej"


def test_the_fast_lane_is_told(document: PrintedOrder) -> None:
    band = row(document, "DO-049").bands[0]
    assert (band.rapporteur, band.four_eyes, band.joint_preparation) == (
        "ja, muntlig tillåten",
        "ja, får ske i efterhand",
        ("JB-5, i efterhand",),
    )
    assert band.condition == "Chefsjuristen nås inte: nej"


def test_an_alias_says_whose_rows_it_follows(document: PrintedOrder) -> None:
    for rule in ("DO-066", "DO-078"):
        found = row(document, rule)
        assert found.refers_to == "ETV"
        assert found.bands[0].lowest == "som i ETV"


def test_principle_and_physicians_and_appeals_are_told(document: PrintedOrder) -> None:
    assert row(document, "DO-002").bands[0].condition == "Principiell betydelse: ja"
    assert row(document, "DO-002").bands[0].appeal == "som raden som gäller i övrigt"
    assert row(document, "DO-104").bands[0].medical == "ja, när: Medicinsk bedömning avgörande"
    assert row(document, "DO-015").bands[0].appeal.startswith("ja, när:")
    assert row(document, "DO-013").bands[0].jurist == "Avdelningsjurist, beslutar"


def test_the_law_is_the_law_of_the_day() -> None:
    texts = {
        day.year: row(printed(shipped(), on_date=day), "DO-023").legal_basis
        for day in (date(2025, 6, 30), date(2026, 1, 1))
    }
    assert texts == {
        2025: ("14 kap. 1 § socialtjänstlagen (2001:453)",),
        2026: ("19 kap. 1 § socialtjänstlagen (2025:400)",),
    }


def test_joint_preparation_escalation_and_roles_are_printed(document: PrintedOrder) -> None:
    assert {one.code for one in document.joint_triggers} == {f"JB-{number}" for number in range(1, 11)}
    assert {one.code for one in document.joint_participants} == {f"JB-{number}" for number in range(11)}
    assert {one.code for one in document.escalation} == {f"E{number}" for number in range(1, 8)}
    assert len(document.roles) == 25
    assert document.sha256 == shipped().sha256


def test_the_print_is_swedish_and_complete(document: PrintedOrder) -> None:
    for section in document.sections:
        for one in section.rows:
            assert one.title
            assert one.title_en
            for band in one.bands:
                assert all((band.lowest, band.rapporteur, band.four_eyes, band.jurist, band.medical, band.appeal))
                assert len(one.bands) == 1 or band.condition
