"""The same case driven the usual way: SpiffWorkflow with its JSON serializer, the whole workflow stored in a row.

Started by ``benchmarks.commands`` as a process of its own. Lines of JSON on standard input are orders:
``{"returns": ..., "cases": ...}`` makes the cases, ``{"decide": [...]}`` decides some of them. Lines on standard
output are answers.

One command: lock the row, read the workflow from its text, complete one task, let the engine go on, write the workflow
back, add a line to a log, commit. What people fill in is kept as it is with SpiffWorkflow, in the data of its tasks.
No policy is asked, and no act, decision or ledger entry is stored, which is to its favour.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workflow_app.config.settings.test")
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django first
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine  # noqa: E402
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # noqa: E402

from benchmarks import measuring  # noqa: E402
from benchmarks.cases import scenario  # noqa: E402
from benchmarks.rules import ACCEPTED, RETURNED, documents  # noqa: E402
from workflow_app.engine.reference import Reference, ReferenceWait  # noqa: E402

#: What only people complete; the rest of what the reference waits at is done by the program.
PEOPLE = frozenset(
    {
        "assess_risk",
        "write_proposal",
        "review_proposal",
        "give_legal_opinion",
        "answer_joint_preparation",
        "present_for_decision",
        "decide",
        "ask_for_dissent",
    }
)
FACTS: Mapping[str, Any] = ACCEPTED | {"decision_type": "OPEN_SUPERVISION", "decision_outcome": "AS_PROPOSED"}
#: Cases that are decided before the clock starts.
WARM_UP = 3


class Office:
    """A table with one row per case."""

    def __init__(self) -> None:
        self.serializer = BpmnWorkflowSerializer()
        self.documents = list(documents().values())
        told = scenario()
        #: What is filled in, by element; as texts where its JSON has no type for it.
        self.forms = {step.element: json.loads(json.dumps(dict(step.fields), default=str)) for step in told.steps}
        self.intake = json.loads(json.dumps(dict(told.start), default=str))
        self.begin()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS spiff_case (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")
            cursor.execute("CREATE TABLE IF NOT EXISTS spiff_log (case_id INTEGER NOT NULL, line TEXT NOT NULL)")

    def begin(self) -> None:
        """Start a case anew."""
        self.reference = Reference(self.documents, "etv", start_event="signal_received")
        self.environment = self.reference._environment

    def state(self, *, returns: int) -> str:
        """Return the stored workflow of a case that waits for its decision."""
        self.begin()
        self.reference._workflow.data.update(self.intake)
        self.reference.start(FACTS)
        self.go_to("write_proposal", FACTS)
        for _ in range(returns):
            self.step("write_proposal", RETURNED)
            self.go_to("write_proposal", RETURNED)
        self.go_to("decide", FACTS)
        return str(self.serializer.serialize_json(self.reference._workflow))

    def go_to(self, node: str, facts: Mapping[str, Any]) -> None:
        while not self.open(node):
            self.complete(self.reference.waits()[0], facts)

    def step(self, node: str, facts: Mapping[str, Any]) -> None:
        self.complete(self.open(node)[0], facts)

    def complete(self, wait: ReferenceWait, facts: Mapping[str, Any]) -> None:
        """Complete a task with what is filled in at it."""
        task = next(task for found, task, _ in self.reference._open() if found == wait)
        task.data.update(self.forms.get(wait.node.rpartition("/")[2], {}))
        self.reference.complete(wait, facts)

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
                self.complete(self.reference.waits()[0], FACTS)
            state = self.serializer.serialize_json(workflow)
            cursor.execute("UPDATE spiff_case SET state = %s WHERE id = %s", [state, case])
            cursor.execute("INSERT INTO spiff_log (case_id, line) VALUES (%s, 'decided')", [case])

    def serve(self) -> None:
        for line in sys.stdin:
            order = json.loads(line)
            if "decide" in order:
                print(json.dumps({"seconds": measuring.each(self.decide, order["decide"])}), flush=True)
                continue
            state = self.state(returns=order["returns"])
            for case in range(-WARM_UP, order["cases"]):
                self.put(case, state)
            for case in range(-WARM_UP, 0):
                self.decide(case)
            print(json.dumps({"bytes": len(state)}), flush=True)


if __name__ == "__main__":
    Office().serve()
