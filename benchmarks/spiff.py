"""The same case driven the usual way: SpiffWorkflow with its JSON serializer, the whole workflow stored in a row.

One command: lock the row, read the workflow from its text, complete one task, let the engine go on, write the workflow
back, add a line to a log, commit. No policy is asked and no fact, act or decision is stored, which is to its favour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from benchmarks.rules import ACCEPTED, RETURNED, documents
from workflow_app.engine.reference import Reference, ReferenceWait

#: What only people complete; the rest of what the reference waits at is done by the program.
PEOPLE = frozenset(
    {
        "assess_risk",
        "write_proposal",
        "review_proposal",
        "give_legal_opinion",
        "present_for_decision",
        "decide",
        "ask_for_dissent",
    }
)
FACTS: Mapping[str, Any] = ACCEPTED | {"decision_type": "OPEN_SUPERVISION", "decision_outcome": "AS_PROPOSED"}


class Office:
    """A table with one row per case."""

    def __init__(self) -> None:
        self.serializer = BpmnWorkflowSerializer()
        self.documents = list(documents().values())
        self.begin()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE spiff_case (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")
            cursor.execute("CREATE TABLE spiff_log (case_id INTEGER NOT NULL, line TEXT NOT NULL)")

    def begin(self) -> None:
        """Start a case anew."""
        self.reference = Reference(self.documents, "etv", start_event="signal_received")
        self.environment = self.reference._environment

    def state(self, *, returns: int) -> str:
        """Return the stored workflow of a case that waits for its decision."""
        self.begin()
        self.reference.start(FACTS)
        self.go_to("write_proposal", FACTS)
        for _ in range(returns):
            self.step("write_proposal", RETURNED)
            self.go_to("write_proposal", RETURNED)
        self.go_to("decide", FACTS)
        return str(self.serializer.serialize_json(self.reference._workflow))

    def go_to(self, node: str, facts: Mapping[str, Any]) -> None:
        while not self.open(node):
            self.reference.complete(self.reference.waits()[0], facts)

    def step(self, node: str, facts: Mapping[str, Any]) -> None:
        self.reference.complete(self.open(node)[0], facts)

    def open(self, node: str) -> list[ReferenceWait]:
        return [wait for wait in self.reference.waits() if wait.node.rpartition("/")[2] == node]

    def put(self, case: int, state: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM spiff_case WHERE id = %s", [case])
            cursor.execute("INSERT INTO spiff_case (id, state) VALUES (%s, %s)", [case, state])

    def decide(self, case: int) -> None:
        """Run the command."""
        lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT state FROM spiff_case WHERE id = %s{lock}", [case])  # noqa: S608 - constants
            workflow = self.serializer.deserialize_json(cursor.fetchone()[0])
            workflow.script_engine = PythonScriptEngine(self.environment)
            self.reference._workflow = workflow
            self.step("decide", FACTS)
            while not any(wait.node.rpartition("/")[2] in PEOPLE for wait in self.reference.waits()):
                self.reference.complete(self.reference.waits()[0], FACTS)
            state = self.serializer.serialize_json(workflow)
            cursor.execute("UPDATE spiff_case SET state = %s WHERE id = %s", [state, case])
            cursor.execute("INSERT INTO spiff_log (case_id, line) VALUES (%s, 'decided')", [case])
