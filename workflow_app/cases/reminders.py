"""Remind the boards that have not reported: each by a letter of its own, with its own open cases (LSS 28 f–g §§)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from workflow_app.cases import outgoing, typed_json
from workflow_app.cases.errors import CaseError
from workflow_app.cases.models import Case
from workflow_app.registry import selectors as registry
from workflow_app.registry.models import Register

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The fact with the cases of the board that a letter is to, and what its rows say, in order.
BOARD_CASES = "board_cases"
CASE_COLUMNS = ("case_number", "individual_reference", "favourable_decision_on")


def send_reminders(turn: Turn, node: str) -> None:
    """Have every board of the model's list that has not reported reminded."""
    told = turn.net.node(node).operation
    boards = turn.facts.values.get((told.collection if told else None) or "") or []
    silent = [row for row in boards if row.get("reported") == "NO"]
    if told is None or not told.letter or not silent:
        raise CaseError(
            f"element `{node}` reminds nobody: name a letter, and a list with a board that has not reported"
        )
    names = registry.labels(Register.PRINCIPAL, [row["principal_id"] for row in silent])
    cases = _open_cases(turn, names)
    for row in silent:
        principal = row["principal_id"]
        board = {
            "principal_id": principal,
            "principal_name": names[principal],
            "municipality_board": ", ".join(filter(None, (row.get("board"), names[principal]))),
            BOARD_CASES: cases.get(principal, []),
        }
        outgoing.ask(turn, node, letter=told.letter, about=board)


def _open_cases(turn: Turn, principals: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return the open cases of the same type about each principal, as the board itself knows them."""
    rows = Case.objects.filter(case_type=turn.case.case_type, principal_id__in=principals, closed_at__isnull=True)
    # A walled case is named in no letter of another.
    rows = rows.filter(walled_at__isnull=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for case in rows.exclude(pk=turn.case.pk).order_by("case_number"):
        found.setdefault(case.principal_id or "", []).append(dict(_told(case)))
    return found


def _told(case: Case) -> Iterator[tuple[str, Any]]:
    facts = typed_json.loads(case.facts)
    yield "case_number", case.case_number
    for name in CASE_COLUMNS[1:]:
        yield name, facts.get(name)
