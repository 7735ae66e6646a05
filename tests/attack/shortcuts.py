"""Models that lead straight from a proposal to its decision: everything that a diagram can leave out is left out."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from delegation.types import GrantKind
from tests.delegation.authority import NEUTRAL
from tests.workflow_app.cases.linked import operation
from tests.workflow_app.engine.documents import END, START, chain, document, user
from tests.workflow_app.office import Office
from workflow_app.cases.models import Case
from workflow_app.cases.services import opening, work
from workflow_app.modeler import services as modeler
from workflow_app.organisation.models import DelegationGrant

#: Of each fact, how a form asks for it.
_KINDS = {bool: "checkbox", int: "number", Decimal: "number", date: "datetime", str: "textfield"}
_DECISION = {"outcome": "AS_PROPOSED", "reasons": "Skäl."}
#: What a case may be about, by entries of the demo's registers.
_ABOUT = {"unit_id": "ENH-000417", "principal_id": "KOM-001", "licensed_person_id": "LEG-000007"}
_PROPOSAL = {"decision_type": "", "amount": Decimal(0), "reasons": "Skäl enligt 10 §."}


def facts(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the file holds: all that the order needs to know, with ``told`` on top, ``None`` where nothing is."""
    return {name: value for name, value in {**NEUTRAL, **_ABOUT, "principle": False, **told}.items() if value != []}


def deploy(office: Office, case_type: str, held: Mapping[str, Any]) -> None:
    """Deploy the shortcut as the process of a case type; only who may deploy models can."""
    parts = (
        START,
        operation("link_unit"),
        user("write_proposal", act="prepare", role="INSP HL UPPL", form="proposal", proposal="true"),
        user("decide", act="decide", role="ORDER", form="decision"),
        END,
        chain("start", "link_unit", "write_proposal", "decide", "end"),
    )
    process = document(*parts, process=case_type.lower(), case_type=case_type)
    files = {
        "process.bpmn": process,
        "forms/intake.json": _form(held),
        "forms/proposal.json": _form(_PROPOSAL),
        "forms/decision.json": _form(_DECISION),
    }
    modeler.deploy(files=files, at=office.tick(), by=str(uuid.uuid4()))


def to_decision(office: Office, case_type: str, decision_type: str, held: Mapping[str, Any]) -> Case:
    """Bring a case of the shortcut to its decision: the proposal has been written and nothing else been done."""
    case = opening.open_case(
        case_type=case_type,
        title="Genväg",
        fields={name: _sent(value) for name, value in held.items() if value is not None},
        by=office.person("reg_05"),
        key=office.key(),
        at=office.tick(),
    )
    item = office.item(case, "write_proposal")
    writer = DelegationGrant.objects.filter(
        role__in=item.roles.split(), case_type=case_type, kind=GrantKind.APPOINTMENT
    ).earliest("person__code")
    work.claim(item=item.pk, by=writer.person_id, key=office.key(), at=office.tick(), declares_no_circumstance=True)
    fields = {**_PROPOSAL, "decision_type": decision_type, "amount": Decimal(held["amount"])}
    work.complete(item=item.pk, by=writer.person_id, fields=fields, key=office.key(), at=office.tick())
    return case


def decide(office: Office, case: Case, by: str) -> None:
    """Take the decision of a shortcut, as proposed."""
    item = office.item(case, "decide")
    office.claim(item, by)
    work.complete(item=item.pk, by=office.person(by), fields=_DECISION, key=office.key(), at=office.tick())


def _sent(value: Any) -> Any:
    return Decimal(value) if type(value) is int else value


def _form(held: Mapping[str, Any]) -> bytes:
    return json.dumps({"type": "default", "components": [_part(name, value) for name, value in held.items()]}).encode()


def _part(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        inner = [_part(key, part) for key, part in value[0].items()]
        return {"type": "dynamiclist", "id": name, "path": name, "label": name, "components": inner}
    kind = _KINDS.get(type(value if value is not None else NEUTRAL.get(name)), "textfield")
    return {"type": kind, "id": name, "key": name, "label": name}
