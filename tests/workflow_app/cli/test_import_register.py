"""`manage.py import_register` says what a file changes, and imports it for a registrar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.workflow_app.registry.files import PROVIDERS
from workflow_app.registry.models import Provider, RegisterFile

pytestmark = pytest.mark.usefixtures("office")


def _import(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *options: str, login: str = "reg_05") -> Any:
    file = tmp_path / "providers.csv"
    file.write_text(text, encoding="utf-8")
    call_command("import_register", "PROVIDER", file, "--as", login, "--format", "json", *options)
    return json.loads(capsys.readouterr().out)


def test_a_dry_run_tells_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _import(tmp_path, capsys, PROVIDERS, "--dry-run")

    assert (told["imported"], told["added"], told["unchanged"]) == (False, ["UTF-00901"], 0)
    assert not RegisterFile.objects.exists()
    assert not Provider.objects.filter(code="UTF-00901").exists()


def test_a_file_is_imported_and_the_second_time_nothing_is_left_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, capsys, PROVIDERS)["added"] == ["UTF-00901"]

    again = _import(tmp_path, capsys, PROVIDERS)

    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], 1)
    changed = _import(tmp_path, capsys, PROVIDERS.replace("901 AB", "901 B AB"))
    assert changed["changed"] == [
        {"code": "UTF-00901", "line": 2, "columns": {"namn": ["Demo Omsorg 901 AB", "Demo Omsorg 901 B AB"]}}
    ]


def test_a_bad_file_ends_with_an_error_and_every_line_that_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        _import(tmp_path, capsys, PROVIDERS.replace("2020-01-01", "2020-13-01"))

    assert ending.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert [(problem["line"], problem["column"]) for problem in told["problems"]] == [(2, "verksam_fran")]


@pytest.mark.parametrize(
    ("kind", "login", "complaint"),
    [
        ("PROVIDER", "insp_017", "only a registrar"),
        ("PROVIDER", "nobody", "no account is called"),
        ("DOGS", "reg_05", "no register is called `DOGS`"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, kind: str, login: str, complaint: str) -> None:
    file = tmp_path / "providers.csv"
    file.write_text(PROVIDERS, encoding="utf-8")

    with pytest.raises(CommandError, match=complaint):
        call_command("import_register", kind, file, "--as", login)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_register", "PROVIDER", tmp_path / "none.csv", "--as", "reg_05")
