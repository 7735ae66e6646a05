"""The fixture OPS-480 (domain 6.6), made by running commands: 480 cases presented in operative cooperation.

Each case type gets the smallest model that can be returned for preparation: write a proposal, present it, and when it
is returned write it anew. Every presentation and return is a command by a person of the demo authority, with a permit.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.db import connection

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases.models import Case, ReturnReason, WorkItem
from workflow_app.cases.services import opening, work
from workflow_app.engine import services as engine
from workflow_app.orders import services as orders
from workflow_app.organisation import demo
from workflow_app.organisation.models import Person
from workflow_app.registry import demo as registers

BEGINNING = datetime(2023, 1, 1, tzinfo=STOCKHOLM)
FIRST_MEETING = datetime(2023, 2, 6, 9, tzinfo=STOCKHOLM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who prepares and who presents a case type's cases, and what they propose."""

    cases: int
    raised_again: int
    writer_role: str
    presenter_role: str
    decision_type: str


#: Domain 6.6: cases presented and cases raised again, by case type.
OFFICES = {
    "ETV": Office(
        cases=402,
        raised_again=112,
        writer_role="INSP",
        presenter_role="EC_N",
        decision_type="NO_DEFICIENCY",
    ),
    "TIL": Office(
        cases=24,
        raised_again=7,
        writer_role="HL",
        presenter_role="EC_T",
        decision_type="PERMIT_GRANT",
    ),
    "TLP": Office(
        cases=22,
        raised_again=6,
        writer_role="INSP",
        presenter_role="EC_N",
        decision_type="NO_CRITICISM",
    ),
    "FTB": Office(
        cases=14,
        raised_again=3,
        writer_role="INSP",
        presenter_role="EC_N",
        decision_type="NO_DEFICIENCY",
    ),
    "EKP": Office(
        cases=12,
        raised_again=2,
        writer_role="INSP",
        presenter_role="EC_N",
        decision_type="NO_CRITICISM",
    ),
    "EVB": Office(
        cases=6,
        raised_again=1,
        writer_role="INSP",
        presenter_role="EC_N",
        decision_type="CLOSE_REPORT",
    ),
}
#: Of the 131 raised again, 118 were returned once, 11 twice and 2 three times; 9 more are returned and still open.
RETURNS_OF_RAISED_AGAIN = (3, 3) + (2,) * 11 + (1,) * 118
STILL_OPEN = 9

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:beredd="urn:beredd:bpmn:1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="urn:beredd:process">
  <process id="ops_{key}" name="Föredragning {code}" isExecutable="true">
    <extensionElements>
      <beredd:process caseType="{code}" title="Föredragning {code}" reviewDate="2027-11-01"/>
    </extensionElements>
    <startEvent id="begun" name="Inkommet"><outgoing>f0</outgoing></startEvent>
    <serviceTask id="link" name="Koppla till registret">
      <extensionElements><beredd:operation name="link_unit"/></extensionElements>
      <incoming>f0</incoming><outgoing>f1</outgoing>
    </serviceTask>
    <userTask id="write_proposal" name="Skriv förslag">
      <extensionElements>
        <beredd:step act="prepare" role="{writer_role}"
            form="proposal" proposal="true" help="Skriv." legalBasis="FL-5"/>
      </extensionElements>
      <incoming>f1</incoming><incoming>f4</incoming><outgoing>f2</outgoing>
    </userTask>
    <userTask id="present_in_ops" name="Föredra i OPS">
      <extensionElements>
        <beredd:step act="present" role="{presenter_role}"
            form="presentation" forum="OPS" help="Föredra." legalBasis="MF-20"/>
      </extensionElements>
      <incoming>f2</incoming><outgoing>f3</outgoing>
    </userTask>
    <exclusiveGateway id="presented" name="Informerat?" default="f4">
      <incoming>f3</incoming><outgoing>f4</outgoing><outgoing>f5</outgoing>
    </exclusiveGateway>
    <endEvent id="informed" name="Informerat"><incoming>f5</incoming></endEvent>
    <sequenceFlow id="f0" sourceRef="begun" targetRef="link"/>
    <sequenceFlow id="f1" sourceRef="link" targetRef="write_proposal"/>
    <sequenceFlow id="f2" sourceRef="write_proposal" targetRef="present_in_ops"/>
    <sequenceFlow id="f3" sourceRef="present_in_ops" targetRef="presented"/>
    <sequenceFlow id="f4" name="Nej" sourceRef="presented" targetRef="write_proposal"/>
    <sequenceFlow id="f5" name="Ja" sourceRef="presented" targetRef="informed">
      <conditionExpression xsi:type="tFormalExpression">presentation_outcome = "INFORMED"</conditionExpression>
    </sequenceFlow>
  </process>
</definitions>"""


def _form(key: str, *components: dict[str, object]) -> bytes:
    stored = {"type": "default", "id": key, "schemaVersion": 19, "components": list(components)}
    return json.dumps(stored, ensure_ascii=False).encode()


def _choice(key: str, label: str, values: list[str]) -> dict[str, object]:
    options = [{"value": value, "label": value} for value in values]
    return {"type": "select", "id": key, "key": key, "label": label, "values": options}


def _entry(key: str, register: str) -> dict[str, object]:
    return {"type": "textfield", "id": key, "key": key, "label": key, "properties": {"register": register}}


#: An entry of each register: every case is about one (S-42).
SUBJECTS = {
    "unit_id": ("SUPERVISED_UNIT", "ENH-000417"),
    "licensed_person_id": ("LICENSED_PERSON", "LEG-000001"),
    "principal_id": ("PRINCIPAL", "KOM-001"),
    "provider_id": ("PROVIDER", "UTF-00001"),
}
FORMS = {
    "forms/intake.json": _form("intake", *(_entry(key, register) for key, (register, _) in SUBJECTS.items())),
    "forms/proposal.json": _form(
        "proposal", {"type": "textfield", "id": "decision_type", "key": "decision_type", "label": "Beslutstyp"}
    ),
    "forms/presentation.json": _form(
        "presentation",
        _choice("outcome", "Utfall", ["INFORMED", "RETURNED", "WITHDRAWN"]),
        _choice("reason_primary", "Huvudskäl", list(ReturnReason.values)),
    ),
}


def people() -> dict[str, tuple[uuid.UUID, uuid.UUID]]:
    """Return who writes and who presents in each case type: the first who was appointed to it."""
    return {
        code: (_appointed(office.writer_role, code), _appointed(office.presenter_role, code))
        for code, office in OFFICES.items()
    }


def _appointed(role: str, case_type: str) -> uuid.UUID:
    rows = Person.objects.filter(grants__role=role, grants__case_type=case_type)
    return rows.order_by("code").values_list("id", flat=True)[0]


def histories() -> Iterator[tuple[str, int, bool]]:
    """Yield each case: its type, how often it is returned, and whether it was raised again after the last return."""
    returns = iter(RETURNS_OF_RAISED_AGAIN)
    open_left = STILL_OPEN
    for code, office in OFFICES.items():
        for number in range(office.cases):
            if number < office.raised_again:
                yield code, next(returns), True
            elif open_left:
                open_left -= 1
                yield code, 1, False
            else:
                yield code, 0, True


class Play:
    """Runs the fixture's commands."""

    def __init__(self) -> None:
        demo.build(valid_from=BEGINNING, at=BEGINNING, logins={})
        registers.create()
        orders.adopt(
            files=orders.read_bundle(Path(settings.BEREDD_BPMN_DIR) / "delegation_order"),
            number="OPS-480",
            valid_from=BEGINNING,
            adopted_by=Person.objects.get(pk=demo.person_id("GD")),
            reviewed_by=Person.objects.get(pk=demo.person_id("CJ")),
            at=BEGINNING,
        )
        for code, office in OFFICES.items():
            text = MODEL.format(
                key=code.lower(), code=code, writer_role=office.writer_role, presenter_role=office.presenter_role
            )
            files = {"process.bpmn": text.encode(), **FORMS}
            engine.deploy(files, at=BEGINNING, by=str(demo.person_id("PO-01")))
        self.people = people()
        self.keys = (f"ops-{number}" for number in range(1_000_000))

    def run(self) -> None:
        """Run all 480 cases; meetings are a week apart and take up thirty cases at first."""
        reasons = cycle([ReturnReason.MISSING_COMPETENCE, ReturnReason.MISSING_COMPETENCE, ReturnReason.MISSING_BASIS])
        for number, (code, returns, raised_again) in enumerate(histories()):
            if number in (30, 120):
                # The database's own housekeeping sees nothing of a transaction that is still open, and would plan
                # for tables as empty as they were when it began.
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")
            meeting = FIRST_MEETING + timedelta(weeks=number // 30, minutes=number % 30)
            case = self.open(code, at=meeting - timedelta(days=3))
            for _ in range(returns):
                self.present(case, code, "RETURNED", at=meeting, reason=next(reasons))
                meeting += timedelta(weeks=3)
            if raised_again:
                self.present(case, code, "INFORMED", at=meeting)

    def open(self, code: str, *, at: datetime) -> Case:
        writer, _ = self.people[code]
        about = {key: entry for key, (_, entry) in SUBJECTS.items()}
        return opening.open_case(
            case_type=code, title=f"Enhet {code}", fields=about, by=writer, key=next(self.keys), at=at
        )

    def present(self, case: Case, code: str, outcome: str, *, at: datetime, reason: str | None = None) -> None:
        """Write the proposal (anew) and present it."""
        writer, presenter = self.people[code]
        proposal = {"decision_type": OFFICES[code].decision_type}
        self.do(case, writer, proposal, at=at - timedelta(days=1))
        self.do(case, presenter, {"outcome": outcome, "reason_primary": reason}, at=at)

    def do(self, case: Case, person: uuid.UUID, fields: dict[str, object], *, at: datetime) -> None:
        item = WorkItem.objects.get(case=case, state__in=work.OPEN)
        if item.state == WorkItem.State.OFFERED:
            work.claim(item=item.pk, by=person, key=next(self.keys), at=at, declares_no_circumstance=True)
        work.complete(item=item.pk, by=person, fields=fields, key=next(self.keys), at=at)
