"""``manage.py rotation_plan`` and ``manage.py planning_data``."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.workflow_app.office import Office
from workflow_app.worklist import demo
from workflow_app.worklist.models import InspectorProfile, MunicipalityPlace


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_plan_of_a_year_is_told_with_reasons_and_the_same_every_time(office: Office) -> None:
    demo.create()
    asked = ("rotation_plan", "--year", "2027", "--seed", "1", "--at", office.at.isoformat())

    text = _run(*asked)
    plan = json.loads(_run(*asked, "--format", "json"))

    assert ", eftersom rotationen tillåter ledning där" in text
    assert _run(*asked) == text
    assert (plan["year"], plan["seed"]) == (2027, 1)
    assert {"ENH-000417", "ENH-000418"} <= {team["home"] for team in plan["teams"]}
    assert plan["shortages"] == []
    assert all(team["because"][team["lead"]] for team in plan["teams"])


def test_homes_that_go_without_are_named_with_the_rule(office: Office) -> None:
    """R-24"""
    demo.create()
    InspectorProfile.objects.update(senior=False)
    asked = ("rotation_plan", "--year", "2027", "--at", office.at.isoformat())

    plan = json.loads(_run(*asked, "--format", "json"))

    assert plan["teams"] == []
    assert {(each["rule"], each["rule_id"]) for each in plan["shortages"]} == {("SENIOR", "R-24")}
    assert "ingen inom räckhåll är senior (R-24)" in _run(*asked)


def test_a_year_without_described_inspectors_has_no_plan(office: Office) -> None:
    with pytest.raises(CommandError, match="no inspector is described"):
        _run("rotation_plan", "--year", "2027", "--at", office.at.isoformat())


def test_planning_data_comes_from_files_with_a_known_first_line(office: Office, tmp_path: Path) -> None:
    places, staff = tmp_path / "places.csv", tmp_path / "staff.csv"
    places.write_text("municipality;east;north\nKOM-001;120;900\n", encoding="utf-8")
    staff.write_text(
        "inspector;senior;kinds;station;visits\nINSP-160;YES;HVB SIS;KOM-001;20\nINSP-161;NO;HVB;KOM-001;18\n",
        encoding="utf-8",
    )

    assert "1 lines" in _run("planning_data", "places", str(places))
    assert "2 lines" in _run("planning_data", "inspectors", str(staff))
    assert "2 lines" in _run("planning_data", "inspectors", str(staff)), "the same file again changes nothing"
    assert (MunicipalityPlace.objects.get().east, InspectorProfile.objects.count()) == (120, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code;east\nKOM-001;1\n", "the first line is `municipality;east;north`"),
        ("municipality;east;north\nKOM-001;1\n", "`north` is a whole number"),
        ("municipality;east;north\nKOM-999;1;2\n", "no municipality"),
    ],
)
def test_a_file_that_does_not_hold_is_not_taken_in(office: Office, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "places.csv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=said):
        _run("planning_data", "places", str(file))
    assert not MunicipalityPlace.objects.exists()


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        _run("planning_data", "places", str(tmp_path / "nothing.csv"))
