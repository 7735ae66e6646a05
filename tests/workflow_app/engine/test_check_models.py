"""``manage.py check_models`` says the same to people and to scripts, whatever it is given."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.workflow_app.engine.documents import END, SEQUENCE, START, call, chain, document, gateway, user

BPMN = Path(settings.BASE_DIR) / "bpmn"


def run(*paths: Path) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    code = 0
    try:
        call_command("check_models", *map(str, paths), "--format", "json", stdout=out)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return code, json.loads(out.getvalue())


def test_the_shipped_models_are_accepted_and_sound() -> None:
    code, models = run()

    assert code == 0
    assert [m["id"] for m in models if not (m["accepted"] and m["sound"])] == []
    assert "etv" in {m["id"] for m in models}


def test_every_shipped_call_activity_is_accepted_and_sound_alone() -> None:
    code, models = run(*sorted((BPMN / "shared").glob("*.bpmn")))
    assert code == 0
    assert all(m["sound"] and m["states"] > 1 for m in models)


def test_a_good_file_alone_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "model.bpmn").write_bytes(SEQUENCE)
    assert run(tmp_path / "model.bpmn") == (
        0,
        [{"id": "p", "accepted": True, "sound": True, "states": 2, "findings": []}],
    )


def test_a_file_outside_the_profile_says_where(tmp_path: Path) -> None:
    path = tmp_path / "model.bpmn"
    path.write_bytes(document(START, '<bpmn:scriptTask id="t"/>', END, chain("start", "t", "end")))

    code, models = run(path)

    assert code == 1
    assert (models[0]["accepted"], models[0]["sound"], models[0]["states"]) == (False, False, 0)
    found = models[0]["findings"][0]
    assert (found["code"], found["element"], found["line"]) == ("REFUSED_ELEMENT", "t", 6)


def test_an_unsound_file_is_accepted_but_not_sound(tmp_path: Path) -> None:
    path = tmp_path / "model.bpmn"
    flows = chain("start", "f", "a", "m", "c", "end") + chain("f", "b", "m")
    split = [gateway("f", "parallel"), user("a"), user("b"), gateway("m"), user("c")]
    path.write_bytes(document(START, *split, END, flows))

    code, models = run(path)

    assert code == 1
    assert (models[0]["accepted"], models[0]["sound"]) == (True, False)
    assert models[0]["findings"][0]["code"] == "UNSAFE"
    assert models[0]["findings"][0]["trace"]


def test_a_call_that_cannot_be_resolved_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "model.bpmn"
    path.write_bytes(document(START, call("c", "nowhere"), END, chain("start", "c", "end")))
    code, models = run(path)
    assert (code, models[0]["findings"][0]["code"]) == (1, "UNKNOWN_PROCESS")


@pytest.mark.parametrize("data", [b"", b"\x00", b"<!DOCTYPE x>", b"<x/>", b"\xff" * 100, b"a" * 3_000_000])
def test_a_hostile_file_is_a_finding(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.bpmn"
    path.write_bytes(data)
    code, models = run(path)
    assert code == 1
    assert models[0]["id"] == "model.bpmn"
    assert len(models[0]["findings"]) == 1


def test_a_path_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    code, models = run(tmp_path / "missing.bpmn")
    assert (code, models[0]["findings"][0]["code"]) == (1, "UNREADABLE")


def test_an_empty_folder_is_a_finding(tmp_path: Path) -> None:
    code, models = run(tmp_path)
    assert (code, models[0]["findings"][0]["code"]) == (1, "NO_PROCESS")


def test_people_read_the_same_as_text(tmp_path: Path) -> None:
    (tmp_path / "model.bpmn").write_bytes(SEQUENCE)
    out = io.StringIO()
    call_command("check_models", str(tmp_path / "model.bpmn"), stdout=out)
    assert out.getvalue() == "p: accepted, sound, 2 states\n"
