"""Whatever bytes are uploaded, the answer is a document or a finding: never an exception, never a file read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow_app.engine.documents import END, SEQUENCE, START, chain, document, user
from workflow_app.engine import checking, parsing


def finding(data: bytes) -> tuple[str, int]:
    parsed = parsing.parse(data, file="model.bpmn")
    assert parsed.document is None
    assert parsed.findings[0].text.endswith(".")
    return parsed.findings[0].code, parsed.findings[0].line


def with_doctype(doctype: str, name: str = "x") -> bytes:
    body = SEQUENCE.decode().replace('name="write"', f'name="{name}"')
    return body.replace("?>\n", f"?>\n{doctype}\n", 1).encode()


def test_a_plain_model_becomes_a_document_with_lines() -> None:
    parsed = parsing.parse(SEQUENCE, file="model.bpmn")

    assert parsed.findings == ()
    assert parsed.document is not None
    task = next(e for e in parsed.document.root.walk() if e.tag == "userTask")
    assert (task.id, task.line, task.extension("step") is not None) == ("write", 6, True)


def test_a_byte_order_mark_is_accepted() -> None:
    assert parsing.parse(b"\xef\xbb\xbf" + SEQUENCE, file="model.bpmn").document is not None


def test_a_file_that_says_it_is_latin_1_is_read_as_such() -> None:
    data = SEQUENCE.replace(b"UTF-8", b"ISO-8859-1").replace(b'name="write"', b'name="\xc5tg\xe4rd"')
    document = parsing.parse(data, file="model.bpmn").document

    assert document is not None
    assert "Åtgärd" in {element.name for element in document.root.walk()}


def test_an_external_entity_is_refused_and_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hemligt")
    data = with_doctype(f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', "&x;")

    assert finding(data) == ("DOCTYPE", 2)
    assert "hemligt" not in str(parsing.parse(data, file="model.bpmn"))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE d>",
        '<!DOCTYPE d SYSTEM "http://localhost/d.dtd">',
        '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://localhost/p"> %p;]>',
        f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>',
        f'<!DOCTYPE d [<!ENTITY q "{"a" * 50_000}">]>',
        "<!doctype d>",
        "<!   DOCTYPE d>",
    ],
)
def test_every_doctype_is_refused_with_its_line(doctype: str) -> None:
    assert finding(with_doctype(doctype)) == ("DOCTYPE", 2)


def test_the_parser_itself_refuses_a_doctype_that_the_scan_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_refuse_bytes", lambda data: None)
    laughs = with_doctype(f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>', "&l11;")

    assert finding(with_doctype("<!DOCTYPE d>"))[0] == "DOCTYPE"
    assert finding(laughs)[0] in ("DOCTYPE", "NOT_XML")


def test_a_file_of_ten_megabytes_is_refused_unread() -> None:
    assert finding(SEQUENCE + b" " * 10_000_000)[0] == "FILE_TOO_LARGE"


@pytest.mark.parametrize("depth", [45, 200, 5_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    inner = '<bpmn:subProcess id="s">' * depth + "</bpmn:subProcess>" * depth
    assert finding(document(inner))[0] in ("TOO_DEEP", "NOT_XML", "SCHEMA")


def test_too_many_elements_are_refused() -> None:
    data = document("<bpmn:documentation/>" * (parsing.MAX_ELEMENTS + 1))
    assert finding(data)[0] == "TOO_MANY_ELEMENTS"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "NOT_XML"),
        (b"   \n ", "NOT_XML"),
        (b"PK\x03\x04 not a model", "NOT_XML"),
        (b"{}", "NOT_XML"),
        (SEQUENCE[:-20], "NOT_XML"),
        (SEQUENCE.replace(b"write", b"wr\x00te", 1), "FORBIDDEN_CHARACTER"),
        (SEQUENCE.replace(b"write", b"wr\x01te", 1), "NOT_XML"),
        (SEQUENCE.replace(b'name="write"', b'name="&undefined;"'), "NOT_XML"),
        (SEQUENCE.replace(b'name="write"', 'name="a\u202eb"'.encode()), "FORBIDDEN_CHARACTER"),
        (SEQUENCE.replace(b'name="write"', b'name="\xed\xa0\x80"'), "WRONG_ENCODING"),
        (SEQUENCE.replace(b'name="write"', b'name="\xe5"'), "WRONG_ENCODING"),
        (SEQUENCE.decode().encode("utf-16"), "WRONG_ENCODING"),
        (SEQUENCE.replace(b"UTF-8", b"UTF-16"), "WRONG_ENCODING"),
        (SEQUENCE.replace(b"UTF-8", b"no-such"), "WRONG_ENCODING"),
        (SEQUENCE.replace(b"UTF-8", b"UTF-7"), "WRONG_ENCODING"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NOT_BPMN"),
        (b"<definitions/>", "NOT_BPMN"),
        (SEQUENCE.replace(b"?>\n", b'?>\n<?xml-stylesheet href="x"?>\n', 1), "PROCESSING_INSTRUCTION"),
        (SEQUENCE.replace(b"</bpmn:process>", b"<?php x ?></bpmn:process>"), "PROCESSING_INSTRUCTION"),
        (SEQUENCE.replace(b"sequenceFlow", b"sequenceFlew"), "SCHEMA"),
        (SEQUENCE.replace(b'targetRef="end"', b""), "SCHEMA"),
    ],
)  # fmt: skip
def test_what_is_not_a_model_is_a_finding(data: bytes, code: str) -> None:
    assert finding(data)[0] == code


@pytest.mark.parametrize(
    "extension",
    [
        '<beredd:step act="rubberstamp" role="INSP"/>',
        '<beredd:step role="INSP"/>',
        '<beredd:step act="handle"/>',
        '<beredd:step act="handle" role=""/>',
        '<beredd:step act="handle" role="INSP" due="soon"/>',
        '<beredd:step act="handle" role="INSP" form="../../etc/passwd"/>',
        '<beredd:step act="handle" role="INSP" script="x"/>',
        '<beredd:step act="handle" role="INSP">text</beredd:step>',
    ],
)
def test_our_own_extension_follows_its_schema(extension: str) -> None:
    task = f'<bpmn:userTask id="write"><bpmn:extensionElements>{extension}</bpmn:extensionElements></bpmn:userTask>'
    parsed = parsing.parse(document(START, task, END, chain("start", "write", "end")), file="model.bpmn")

    assert [(f.code, f.element, f.line) for f in parsed.findings][:1] == [("SCHEMA", "write", 6)]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_raise(data: bytes) -> None:
    assert parsing.parse(data, file="model.bpmn").findings


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_damaged_model_never_raises(rng: random.Random) -> None:
    data = bytearray(SEQUENCE)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data))
        data[at : at + rng.randint(0, 4)] = bytes(
            rng.choice(b"<>&\"'/!?= ax\x00\xc3") for _ in range(rng.randint(0, 4))
        )

    checked = checking.check({"process.bpmn": bytes(data)})

    assert checked.sound or checked.findings


def test_nothing_but_the_flow_of_control_is_given_to_spiffworkflow() -> None:
    hidden = "<bpmn:documentation>import os</bpmn:documentation>"
    task = user("write").replace("<bpmn:ext", f"{hidden}<bpmn:ext", 1)
    parsed = parsing.parse(document(START, task, END, chain("start", "write", "end")), file="model.bpmn")
    text = "".join(parsing.canonical(parsed.tree).itertext())
    tags = {element.tag.rpartition("}")[2] for element in parsing.canonical(parsed.tree).iter()}

    assert "import os" not in text
    assert tags == {"definitions", "process", "startEvent", "userTask", "endEvent", "sequenceFlow"}
