"""A model that cannot be used is refused with what is wrong and where, and the one in use stays in use."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.workflow_app.office import Office
from workflow_app.engine import bundles
from workflow_app.engine import selectors as engine
from workflow_app.engine.errors import ModelRefused
from workflow_app.engine.models import ProcessDefinition
from workflow_app.ledger.models import LedgerEntry
from workflow_app.modeler import services

PROCESS = "process.bpmn"
STEP = b'<bpmn:userTask id="assess_risk"'


@pytest.fixture(scope="module")
def shipped() -> dict[str, bytes]:
    return dict(bundles.read_bundle(settings.BEREDD_BPMN_DIR / "etv"))


def _swap(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new, 1)


def _deeply_nested(data: bytes) -> bytes:
    return _swap(data, b"</bpmn:definitions>", b"<a>" * 100 + b"</a>" * 100 + b"</bpmn:definitions>")


def _waiting_for_itself(data: bytes) -> bytes:
    """Return the model with its first step behind a join that waits for what only comes after the step."""
    data = _swap(data, b'targetRef="assess_risk"', b'targetRef="join"')
    data = _swap(data, b'sourceRef="assess_risk"', b'sourceRef="split"')
    flows = (("join", "assess_risk"), ("assess_risk", "split"), ("split", "join"))
    added = "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    added += '<bpmn:parallelGateway id="join"/><bpmn:parallelGateway id="split"/>'
    return _swap(data, STEP, added.encode() + STEP)


BAD = {
    "external_entity": (
        lambda data: _swap(
            data, b"<bpmn:definitions", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><bpmn:definitions'
        ),
        "DOCTYPE",
    ),
    "entity_expansion": (
        lambda data: b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "DOCTYPE",
    ),
    "doctype": (lambda data: _swap(data, b"<bpmn:definitions", b"<!DOCTYPE a><bpmn:definitions"), "DOCTYPE"),
    "ten_megabytes": (lambda data: data + b" " * 10_000_000, "FILE_TOO_LARGE"),
    "deep_nesting": (_deeply_nested, "TOO_DEEP"),
    "malformed": (lambda data: data[: len(data) // 2], None),
    "nothing": (lambda data: b"", None),
    "no_utf_8": (lambda data: b"\xff\xfe" + data, None),
    "outside_the_profile": (
        lambda data: _swap(
            data, STEP, b'<bpmn:scriptTask id="evil"><bpmn:script>x</bpmn:script></bpmn:scriptTask>' + STEP
        ),
        None,
    ),
    "unknown_role": (lambda data: _swap(data, b'role="INSP', b'role="KING'), "UNKNOWN_ROLE"),
    "unknown_decision_type": (
        lambda data: _swap(data, b'<beredd:step act="', b'<beredd:step decisionType="ABDICATION" act="'),
        "UNKNOWN_DECISION_TYPE",
    ),
    "unknown_operation": (
        lambda data: _swap(data, b'<beredd:operation name="', b'<beredd:operation name="drop_'),
        "UNKNOWN_OPERATION",
    ),
    "unsound": (_waiting_for_itself, "DEADLOCK"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_model_that_cannot_be_used_is_refused_in_words_and_the_one_in_use_stays(
    office: Office, shipped: dict[str, bytes], name: str
) -> None:
    spoil, code = BAD[name]
    in_use = engine.current_definition("ETV").pk
    before = (list(ProcessDefinition.objects.values_list("pk", flat=True)), LedgerEntry.objects.count())

    with pytest.raises(ModelRefused) as refusal:
        services.deploy(files={**shipped, PROCESS: spoil(shipped[PROCESS])}, by="tester", at=office.at)

    findings = refusal.value.findings
    assert code is None or code in {finding.code for finding in findings}, findings
    assert all(finding.code and finding.text for finding in findings)
    assert any(finding.element or finding.line or finding.file for finding in findings)
    assert "/etc" not in str(refusal.value)
    assert (list(ProcessDefinition.objects.values_list("pk", flat=True)), LedgerEntry.objects.count()) == before
    assert engine.current_definition("ETV").pk == in_use
    assert office.open_case().definition_id == in_use
