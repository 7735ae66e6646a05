"""Small BPMN documents for tests, written with as few words as they need."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from html import escape

from workflow_app.engine import checking
from workflow_app.engine.checking import Checked
from workflow_app.engine.findings import Finding

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:beredd="urn:beredd:bpmn:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:foreign="urn:foreign" id="definitions" targetNamespace="urn:test">\n'
)
STEP = '<bpmn:extensionElements><beredd:step act="handle" role="INSP"/></bpmn:extensionElements>'
START = '<bpmn:startEvent id="start"/>'
END = '<bpmn:endEvent id="end"/>'


def step(**attributes: str) -> str:
    """Write ``beredd:step``; ``act`` and ``role`` have defaults."""
    written = "".join(f' {k}="{escape(v)}"' for k, v in ({"act": "handle", "role": "INSP"} | attributes).items())
    return f"<bpmn:extensionElements><beredd:step{written}/></bpmn:extensionElements>"


def user(name: str, inner: str = "", **attributes: str) -> str:
    return f'<bpmn:userTask id="{name}" name="{name}">{step(**attributes)}{inner}</bpmn:userTask>'


def gateway(name: str, kind: str = "exclusive", default: str | None = None) -> str:
    chosen = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{name}"{chosen}/>'


def flow(source: str, target: str, condition: str | None = None) -> str:
    inner = ""
    if condition is not None:
        text = escape(condition)
        inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}</bpmn:conditionExpression>'
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="{source}_{target}" {ends}>{inner}</bpmn:sequenceFlow>'


def chain(*names: str) -> str:
    return "".join(flow(a, b) for a, b in itertools.pairwise(names))


def boundary(name: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    cancel = "true" if interrupting else "false"
    return (
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{cancel}">{definition}'
        "</bpmn:boundaryEvent>"
    )


def timer(text: str, kind: str = "timeDuration", *, working_days: bool = False) -> str:
    calendar = ' beredd:calendar="working_days"' if working_days else ""
    return (
        f'<bpmn:timerEventDefinition{calendar}><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}'
        f"</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def call(name: str, process: str) -> str:
    return f'<bpmn:callActivity id="{name}" calledElement="{process}"/>'


def document(*parts: str, process: str = "p", case_type: str | None = "ETV", before: str = "") -> bytes:
    """Write a document with one process. Each part is on a line of its own, the first of them on line 5."""
    about = f' caseType="{case_type}"' if case_type else ""
    extension = f'<bpmn:extensionElements><beredd:process{about} title="Prov"/></bpmn:extensionElements>'
    lines = [
        f'{HEAD}{before}<bpmn:process id="{process}" name="{process}" isExecutable="true">',
        extension,
        *parts,
        "</bpmn:process>",
        "</bpmn:definitions>",
    ]
    return "\n".join(lines).encode()


def form(*keys: str) -> bytes:
    components = [{"type": "textfield", "id": key, "key": key, "label": key} for key in keys]
    return json.dumps({"type": "default", "components": components}).encode()


SEQUENCE = document(START, user("write"), END, chain("start", "write", "end"))


def check(
    *parts: str, files: Mapping[str, bytes] | None = None, before: str = "", case_type: str | None = "ETV"
) -> Checked:
    """Check a bundle whose process has the given parts."""
    bundle = {"process.bpmn": document(*parts, before=before, case_type=case_type), **(files or {})}
    return checking.check(bundle)


def only(checked: Checked) -> Finding:
    """Give the one finding there is to be."""
    assert len(checked.findings) == 1, [(f.code, f.element, f.text) for f in checked.findings]
    return checked.findings[0]
