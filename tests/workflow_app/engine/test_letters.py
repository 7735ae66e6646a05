"""Letters in a bundle: which there are, what sets them, and what a template may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflow_app.engine.documents import END, START, chain, document
from workflow_app.engine import bundles, checking, letters
from workflow_app.engine.vocabulary import Vocabulary

FRAME = b"#let frame(body) = body\n"
NOTICE = b'#import "_frame.typ": *\n#frame[Hej]\n'
FILES = {"shared/letters/_frame.typ": FRAME, "shared/letters/notice.typ": NOTICE}


def sending(letter: str | None) -> bytes:
    named = "" if letter is None else f' letter="{letter}"'
    inner = f'<bpmn:extensionElements><beredd:operation name="send_letter"{named}/></bpmn:extensionElements>'
    return document(START, f'<bpmn:sendTask id="send">{inner}</bpmn:sendTask>', END, chain("start", "send", "end"))


def findings(process: bytes, files: dict[str, bytes]) -> list[str]:
    known = Vocabulary(operations=frozenset({"send_letter"}))
    checked = checking.check({"process.bpmn": process, **files}, vocabulary=known)
    return [f"{finding.code} {finding.element or finding.file}" for finding in checked.findings]


def test_a_model_sends_a_letter_that_its_bundle_has() -> None:
    assert findings(sending("notice"), FILES) == []


def test_a_model_that_sends_a_letter_nobody_wrote_is_refused() -> None:
    assert findings(sending("request"), FILES) == ["UNKNOWN_LETTER send"]
    assert findings(sending(None), FILES) == ["MISSING_ATTRIBUTE send"]


def test_a_part_that_letters_import_is_no_letter() -> None:
    assert letters.names(FILES) == {"notice"}


def test_a_letter_is_set_from_its_own_file_and_the_parts_it_imports() -> None:
    files = {name: data.decode() for name, data in FILES.items()} | {"shared/letters/request.typ": "Hej"}

    assert set(letters.template(files, "notice")) == {"notice.typ", "_frame.typ"}
    assert letters.template(files, "unknown") == {}


def test_a_case_types_own_letter_stands_in_for_the_shared_one(tmp_path: Path) -> None:
    for name, text in {
        "shared/letters/_frame.typ": "delad ram",
        "shared/letters/notice.typ": "delad",
        "etv/letters/notice.typ": "egen",
        "etv/process.bpmn": document().decode(),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    files = bundles.read_bundle(tmp_path / "etv")

    assert set(files) == {"process.bpmn", "letters/notice.typ", "shared/letters/_frame.typ"}
    assert letters.template({name: data.decode() for name, data in files.items()}, "notice") == {"notice.typ": "egen"}


def test_another_template_is_another_bundle() -> None:
    assert bundles.sha256(FILES) != bundles.sha256({**FILES, "shared/letters/notice.typ": NOTICE + b" "})


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.1": *',
        '#import "\\u{40}preview/cetz:0.3.1": *',
        "#import data.address: *",
        '#import "_frame.typ": *; #read("secret")',
        '#import "/etc/passwd": *',
        '#include "other.typ"',
        '#read("/etc/passwd")',
        "#eval(data.text)",
        '#plugin("x.wasm")',
        "#std.eval(data.text)",
        '#csv("x.csv")',
        '#import "_missing.typ": *',
    ],
)
def test_a_template_that_reaches_outside_is_refused(source: str) -> None:
    files = {**FILES, "shared/letters/request.typ": source.encode()}

    assert findings(sending("notice"), files) == ["INVALID_LETTER shared/letters/request.typ"]


def test_a_template_is_named_in_small_letters() -> None:
    assert findings(sending("notice"), {**FILES, "letters/Mitt brev.typ": b"Hej"}) == [
        "INVALID_LETTER letters/Mitt brev.typ"
    ]
