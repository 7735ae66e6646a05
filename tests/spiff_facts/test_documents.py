"""What SpiffWorkflow's parser lets through: why bytes pass our own hardened reader first."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.spiff_facts.models import BPMN, ready, ready_names, start

ONE_STEP = (
    '<process id="case"><startEvent id="start"/><userTask id="decide" name="{name}"/><endEvent id="end"/>'
    '<sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>'
    '<sequenceFlow id="f2" sourceRef="decide" targetRef="end"/></process>'
)


def with_doctype(doctype: str, name: str) -> bytes:
    return f'{doctype}<definitions xmlns="{BPMN}">{ONE_STEP.format(name=name)}</definitions>'.encode()


def test_a_document_type_is_accepted_and_its_entities_expanded() -> None:
    workflow = start(with_doctype('<!DOCTYPE d [<!ENTITY who "hidden">]>', "&who;"))

    assert ready(workflow, "decide").task_spec.bpmn_name == "hidden"


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE d [<!ENTITY who SYSTEM "file://{secret}">]>'

    with pytest.raises(etree.XMLSyntaxError):
        start(with_doctype(doctype, "&who;"))


def test_an_entity_bomb_is_stopped_by_libxml2() -> None:
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))

    with pytest.raises(etree.XMLSyntaxError, match="amplification"):
        start(with_doctype(f'<!DOCTYPE d [<!ENTITY a0 "aaaaaaaaaa">{levels}]>', "&a9;"))


def test_the_default_parser_checks_no_schema() -> None:
    text = f'<definitions xmlns="{BPMN}"><nonsense/>{ONE_STEP.format(name="x")}</definitions>'

    assert ready_names(start(text.encode())) == ["decide"]
