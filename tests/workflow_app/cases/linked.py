"""Small models in which cases open other cases, deployed beside those of the office."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.workflow_app.engine.documents import END, START, chain, document, flow, form, timer, user
from tests.workflow_app.office import Office
from workflow_app.cases.models import Case
from workflow_app.cases.services import opening
from workflow_app.engine.models import ProcessDefinition
from workflow_app.jobs import runner
from workflow_app.modeler import services as modeler

CHILD_MESSAGE = '<bpmn:message id="m" name="child_closed"/>'
INTAKE = "forms/intake.json"


def operation(name: str, **attributes: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    extension = f'<bpmn:extensionElements><beredd:operation name="{name}"{written}/></bpmn:extensionElements>'
    return f'<bpmn:serviceTask id="{name}" name="{name}">{extension}</bpmn:serviceTask>'


def each_child(name: str = "children_close") -> str:
    """Write the receive task that waits for every child."""
    instances = '<bpmn:extensionElements><beredd:instances collection="children"/></bpmn:extensionElements>'
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{instances}</bpmn:multiInstanceLoopCharacteristics>"
    return f'<bpmn:receiveTask id="{name}" name="{name}" messageRef="m">{loop}</bpmn:receiveTask>'


def rows(path: str, *keys: str) -> bytes:
    """Write a form that is a list of rows."""
    inner = [{"type": "textfield", "id": key, "key": key, "label": key} for key in keys]
    part = {"type": "dynamiclist", "id": path, "path": path, "label": path, "components": inner}
    return json.dumps({"type": "default", "components": [part]}).encode()


def checkboxes(*keys: str) -> bytes:
    components = [{"type": "checkbox", "id": key, "key": key, "label": key} for key in keys]
    return json.dumps({"type": "default", "components": components}).encode()


def registrar(name: str, inner: str = "", **attributes: str) -> str:
    return user(name, inner, **{"role": "REG", "form": "note", **attributes})


class Linked:
    """The office with a parent (EKP, its children EKP too) and a source that goes over into it (UTL)."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def deploy(self, *parts: str, process: str, case_type: str, before: str = "", **files: bytes) -> ProcessDefinition:
        text = document(*parts, process=process, case_type=case_type, before=before)
        bundle = {"process.bpmn": text, "forms/note.json": form("note"), **files}
        return modeler.deploy(files=bundle, at=self.office.tick(), by=str(uuid.uuid4()))

    def deploy_parent(self, *, pause: bool = False) -> ProcessDefinition:
        steps = ["choose_sample", "open_children", *(["pause"] if pause else []), "children_close", "compile"]
        return self.deploy(
            START,
            registrar("choose_sample", form="sample"),
            operation("open_children", process="p_child", collection="sample_units"),
            *([registrar("pause")] if pause else []),
            each_child(),
            registrar("compile"),
            END,
            chain("start", *steps, "end"),
            process="p_parent",
            case_type="EKP",
            before=CHILD_MESSAGE,
            **{INTAKE: form("summary", "unit_id"), "forms/sample.json": rows("sample_units", "unit_id", "question")},
        )

    def deploy_child(self) -> ProcessDefinition:
        return self.deploy(
            START, registrar("look"), END, chain("start", "look", "end"), process="p_child", case_type="EKP"
        )

    def deploy_source(self, *, into: str = "p_parent") -> ProcessDefinition:
        return self.deploy(
            START,
            registrar("assess"),
            operation("hand_over", process=into),
            END,
            chain("start", "assess", "hand_over", "end"),
            process="p_source",
            case_type="UTL",
            **{INTAKE: form("summary", "unit_id", "reporter")},
        )

    def deploy_yearly(self, *, note: str = "note") -> ProcessDefinition:
        """Deploy a process that a person or, on 1 November at six, the calendar begins."""
        yearly = timer("R/2026-11-01T06:00:00+01:00/P1Y", "timeCycle")
        return self.deploy(
            START,
            f'<bpmn:startEvent id="yearly">{yearly}</bpmn:startEvent>',
            registrar("plan"),
            registrar("register"),
            END,
            chain("start", "register", "end"),
            flow("yearly", "plan"),
            flow("plan", "register"),
            process="p_yearly",
            case_type="UTL",
            **{INTAKE: form("summary"), f"forms/{note}.json": form("note")},
        )

    def deploy_linked(self, case_type: str, *fields: str) -> ProcessDefinition:
        """Deploy a process that links what its case is about and then waits for one step."""
        return self.deploy(
            START,
            operation("link_unit"),
            registrar("look", form="look"),
            END,
            chain("start", "link_unit", "look", "end"),
            process=f"p_{case_type.lower()}",
            case_type=case_type,
            **{INTAKE: form(*fields), "forms/look.json": checkboxes("pattern_alert", "open_permit_case")},
        )

    def open(self, case_type: str, **fields: Any) -> Case:
        return opening.open_case(
            case_type=case_type,
            title="Enhet 0417",
            fields=fields,
            by=self.office.person("reg_05"),
            key=self.office.key(),
            at=self.office.tick(),
        )

    def do(self, case: Case, element: str, **fields: Any) -> None:
        self.office.do(case, "reg_05", element, **fields)

    def jobs(self) -> None:
        """Do every job that is due."""
        at = self.office.tick()
        result = runner.drain(clock=lambda: at)
        assert result.failed == 0, result

    def family(self, *units: str) -> tuple[Case, list[Case]]:
        """Return a parent that waits for its children, and the children."""
        parent = self.open("EKP", summary="Riksomfattande fråga")
        self.do(parent, "choose_sample", sample_units=[{"unit_id": unit, "question": "Hur?"} for unit in units])
        self.jobs()
        parent.refresh_from_db()
        links = parent.links_out.order_by("hand_over__ordinal")
        return parent, [link.to_case for link in links.select_related("to_case")]
