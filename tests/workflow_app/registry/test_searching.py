"""Entries are found by every word of a code or a name, in force first and a page at a time."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflow_app.registry.files import UNIT, send, units
from workflow_app.registry import demo, selectors
from workflow_app.registry.errors import UnknownEntry
from workflow_app.registry.models import Register, SupervisedUnit

pytestmark = pytest.mark.django_db

UNITS = Register.SUPERVISED_UNIT
ON = date(2026, 11, 23)


def _codes(text: str, *, on: date = ON) -> list[str]:
    return [entry.code for entry in selectors.search(UNITS, text, on=on)]


@pytest.mark.usefixtures("office")
def test_words_are_found_in_any_order_and_in_any_letters() -> None:
    send(UNITS, units(UNIT.replace("HVB Enhet 9001", "Ängens HVB Åkern 9001")))

    for text in ("åkern", "ÅKERN ängens", "enh-900001", "9001 hvb"):
        assert _codes(text) == ["ENH-900001"], text
    assert _codes("åkern sjön") == []
    assert _codes(" ") == []
    assert _codes("100%") == []


@pytest.mark.usefixtures("office")
def test_only_entries_in_force_are_suggested() -> None:
    send(UNITS, units(UNIT.replace("2020-01-01;", "2020-01-01;2026-11-23")))

    assert _codes("9001") == []
    assert _codes("9001", on=date(2026, 11, 22)) == ["ENH-900001"]


def test_a_register_is_read_a_page_at_a_time() -> None:
    demo.create(scale=demo.Scale.DEMO)
    first = selectors.page(UNITS, text="sabo")
    second = selectors.page(UNITS, text="sabo", after=first.more or "")

    assert len(first.entries) == selectors.PAGE_SIZE
    assert first.entries[-1].code < second.entries[0].code
    assert selectors.page(UNITS, text="sabo", after=demo.unit_code(1391)).more is None


def test_an_unknown_register_or_code_is_refused() -> None:
    with pytest.raises(UnknownEntry):
        selectors.register_named("DOGS")
    with pytest.raises(UnknownEntry):
        selectors.entry(UNITS, "ENH-999999")


def test_the_demo_registers_have_the_numbers_of_the_domain() -> None:
    demo.create(scale=demo.Scale.DEMO)

    units_ = list(SupervisedUnit.objects.values_list("code", "receives_children"))
    assert sum(children for _, children in units_) == 850
    assert len(units_) == 850 + 542 + 2000
    counts = selectors.counts()
    assert counts[Register.LICENSED_PERSON] == 500
    assert counts[Register.PRINCIPAL] == 290 + 21
    for entry in selectors.search(UNITS, "0417", on=ON):
        assert entry.code == "ENH-000417"


def test_the_demo_registers_are_the_same_each_time_and_the_small_ones_part_of_the_whole() -> None:
    assert demo.create() > 0
    small = list(SupervisedUnit.objects.order_by("code").values())

    assert demo.create() == 0
    demo.create(scale=demo.Scale.DEMO)

    wanted = [row["code"] for row in small]
    assert list(SupervisedUnit.objects.filter(code__in=wanted).order_by("code").values()) == small
    assert demo.create(scale=demo.Scale.DEMO) == 0
