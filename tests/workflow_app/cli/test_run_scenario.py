"""`manage.py run_scenario` tells a model its stories and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from workflow_app.cases.models import Case
from workflow_app.engine.models import ProcessDefinition

ETV = Path(__file__).parents[3] / "bpmn" / "etv"


def test_a_story_is_told_act_by_act_with_its_row_and_ledger_line(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("run_scenario", ETV, "--only", "DO-033")

    told = capsys.readouterr().out
    assert "1 of 1 scenarios went as told" in told
    assert "ecn_etv_01  decide" in told
    assert "DO-033  #" in told
    assert "never: etv#investigate" in told


def test_nothing_is_left_behind(db: None) -> None:
    call_command("run_scenario", ETV, "--only", "DO-033", "--quiet")

    assert not Case.objects.exists()
    assert not ProcessDefinition.objects.exists()


def test_scripts_are_answered_in_json(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("run_scenario", ETV, "--only", "DO-033", "--format", "json")

    answer = json.loads(capsys.readouterr().out)
    assert answer["failed"] == []
    assert answer["told"] == ["DO-033: tillsyn inleds inte"]
    assert answer["elements"]["all"] > answer["elements"]["passed"] > 0


def test_a_story_that_goes_otherwise_ends_with_an_error(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "etv"
    (copy / "forms").mkdir(parents=True)
    (tmp_path / "shared").symlink_to(ETV.parent / "shared")
    for file in ("process.bpmn", "scenarios.toml", *(f"forms/{form.name}" for form in ETV.glob("forms/*.json"))):
        (copy / file).write_bytes((ETV / file).read_bytes())
    told = (copy / "scenarios.toml").read_text(encoding="utf-8")
    (copy / "scenarios.toml").write_text(told.replace('row = "DO-033"', 'row = "DO-034"'), encoding="utf-8")

    with pytest.raises(SystemExit) as end:
        call_command("run_scenario", copy, "--only", "DO-033", "--quiet")

    assert end.value.code == 1
    assert "rests on DO-033, not on DO-034" in capsys.readouterr().out


def test_a_folder_without_scenarios_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"has no scenarios\.toml"):
        call_command("run_scenario", tmp_path)


def test_a_text_that_no_story_is_named_by_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="no scenario's name holds `finns inte`"):
        call_command("run_scenario", ETV, "--only", "finns inte")
