"""The cases of a process that wait for their first decision: what a week's round of them is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.cases import typed_json
from workflow_app.cases.errors import CaseError
from workflow_app.cases.models import Case

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: More than anyone gets through in a round; the oldest come first.
MOST = 200


def list_waiting(turn: Turn, node: str) -> None:
    """Give the waiting cases of the process that the model names: a row for each, and their numbers to choose from."""
    told = turn.net.node(node).operation
    if told is None or not told.process:
        raise CaseError(f"element `{node}` names no process whose cases wait; the model must be corrected")
    waiting = Case.objects.filter(definition__process_key=told.process, closed_at__isnull=True)
    undecided = waiting.filter(decisions__isnull=True, walled_at__isnull=True).order_by("opened_at", "case_number")
    rows = [_row(case) for case in undecided[:MOST]]
    turn.facts.take({"waiting_cases": rows, "waiting_numbers": [row["information_number"] for row in rows]})


def _row(case: Case) -> dict[str, Any]:
    """Return what is known of a case that needs no opinion: its least class, and an open case about the same unit."""
    about = Case.objects.filter(unit_id=case.unit_id, closed_at__isnull=True).exclude(case_type=case.case_type)
    other = about.filter(walled_at__isnull=True).order_by("case_number").first() if case.unit_id else None
    return {
        "information_number": case.case_number,
        "class_seen": typed_json.loads(case.facts).get("minimum_risk_class"),
        "open_case_number": other.case_number if other else None,
    }
