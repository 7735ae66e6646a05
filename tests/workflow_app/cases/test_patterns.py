"""Many like cases about the same in a while are a pattern, by thresholds that the authority dates and owns."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.workflow_app.cases.linked import Linked
from tests.workflow_app.office import Office
from workflow_app.cases import patterns, typed_json
from workflow_app.cases.errors import InvalidPatterns
from workflow_app.cases.models import Case

UNIT = "ENH-000417"
OTHER_UNIT = "ENH-001702"
MUNICIPALITY = "KOM-001"
ROW = 'from = 2023-01-01\nabout = "UNIT"\ncase_types = ["LSA"]\ndays = 365\ncount = 3'
PRINCIPAL = 'from = 2023-01-01\nabout = "PRINCIPAL"\ncase_types = ["EVB"]\ndays = 30\ncount = 2'


def _thresholds(*rows: str) -> str:
    return "\n".join(f"[[threshold]]\n{row}\n" for row in rows)


@pytest.fixture
def linked(office: Office, tmp_path: Path, settings: object) -> Linked:
    path = tmp_path / "patterns.toml"
    path.write_text(_thresholds(ROW, PRINCIPAL, PRINCIPAL.replace("count = 2", "count = 2\nchildren = true")))
    settings.BEREDD_PATTERNS = path  # type: ignore[attr-defined]
    found = Linked(office)
    found.deploy_linked("LSA", "unit_id")
    found.deploy_linked("EVB", "principal_id", "age_group")
    return found


def _facts(case: Case) -> dict[str, object]:
    case.refresh_from_db()
    return typed_json.loads(case.facts)


def test_like_cases_about_a_unit_are_counted_and_become_a_pattern(linked: Linked) -> None:
    counted = [_facts(linked.open("LSA", unit_id=UNIT)) for _ in range(3)]
    other = _facts(linked.open("LSA", unit_id=OTHER_UNIT))

    assert [facts["cases_of_unit"] for facts in counted] == [1, 2, 3]
    assert [facts["unit_pattern"] for facts in counted] == [False, False, True]
    assert (other["cases_of_unit"], other["unit_pattern"]) == (1, False)


def test_a_pattern_about_a_unit_alone_asks_for_no_joint_preparation(linked: Linked) -> None:
    facts = [_facts(linked.open("LSA", unit_id=UNIT)) for _ in range(3)][-1]

    assert facts["pattern_alert"] is False


def test_a_pattern_about_a_municipality_is_an_alert(linked: Linked) -> None:
    first = _facts(linked.open("EVB", principal_id=MUNICIPALITY))
    second = _facts(linked.open("EVB", principal_id=MUNICIPALITY))

    assert (first["pattern_alert"], second["pattern_alert"]) == (False, True)
    assert second["cases_of_principal"] == 2


def test_what_is_longer_ago_than_the_threshold_says_does_not_count(linked: Linked) -> None:
    linked.open("EVB", principal_id=MUNICIPALITY)
    linked.office.tick(timedelta(days=31))

    assert _facts(linked.open("EVB", principal_id=MUNICIPALITY))["pattern_alert"] is False


def test_what_is_opened_later_does_not_count(linked: Linked) -> None:
    linked.open("EVB", principal_id=MUNICIPALITY)
    linked.office.tick(timedelta(days=-1))

    assert _facts(linked.open("EVB", principal_id=MUNICIPALITY))["pattern_alert"] is False


def test_a_threshold_about_children_counts_cases_about_children_only(
    linked: Linked, tmp_path: Path, settings: object
) -> None:
    path = tmp_path / "children.toml"
    path.write_text(_thresholds(PRINCIPAL + "\nchildren = true"))
    settings.BEREDD_PATTERNS = path  # type: ignore[attr-defined]
    facts = [
        _facts(linked.open("EVB", principal_id=MUNICIPALITY, age_group=group))
        for group in ("ADULT", 'ADULT "age_group":"s:CHILD"', "CHILD", "ADULT", "CHILD")
    ]

    assert [row["cases_of_principal"] for row in facts] == [0, 0, 1, 1, 2]
    assert [row["pattern_alert"] for row in facts] == [False, False, False, False, True]


def test_no_form_can_deny_a_pattern_that_the_house_has_found(linked: Linked) -> None:
    linked.open("EVB", principal_id=MUNICIPALITY)
    case = linked.open("EVB", principal_id=MUNICIPALITY)

    linked.do(case, "look", pattern_alert=False)

    assert _facts(case)["pattern_alert"] is True


def test_a_person_may_see_a_pattern_that_the_house_has_not_found(linked: Linked) -> None:
    case = linked.open("EVB", principal_id=MUNICIPALITY)

    linked.do(case, "look", pattern_alert=True)

    assert _facts(case)["pattern_alert"] is True


def test_the_latest_threshold_about_the_same_is_in_force_from_its_day() -> None:
    later = ROW.replace("2023-01-01", "2027-01-01").replace("count = 3", "count = 5")
    thresholds = patterns.read(_thresholds(later, ROW))

    assert patterns.in_force(thresholds, date(2022, 12, 31)) == ()
    assert [one.count for one in patterns.in_force(thresholds, date(2026, 12, 31))] == [3]
    assert [one.count for one in patterns.in_force(thresholds, date(2027, 1, 1))] == [5]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[threshold]", "not TOML"),
        (_thresholds(ROW + "\ncolour = 1"), "no other word"),
        (_thresholds('from = 2023-01-01\nabout = "UNIT"'), "no other word"),
        (_thresholds(ROW.replace("UNIT", "COUNTY")), "`about` is one of UNIT"),
        (_thresholds(ROW.replace("LSA", "XYZ")), "`case_types` are some of"),
        (_thresholds(ROW.replace("count = 3", "count = 0")), "whole numbers from 1"),
        (_thresholds(ROW.replace("2023-01-01", '"2023"')), "`from` is a date"),
    ],
)
def test_a_threshold_that_cannot_be_read_is_named(text: str, complaint: str) -> None:
    with pytest.raises(InvalidPatterns, match=complaint):
        patterns.read(text)


def test_the_shipped_thresholds_can_be_read() -> None:
    shipped = patterns.read(Path(settings.BEREDD_PATTERNS).read_text(encoding="utf-8"))

    assert {one.about for one in shipped} == {"UNIT", "PROVIDER", "PRINCIPAL"}
    # S-75: ten child cases about one municipality raise an alert.
    assert any((one.about, one.children, one.count) == ("PRINCIPAL", True, 10) for one in shipped)
