"""Ask for letters to be made and sent: what they are about is frozen in the command, the rest is a job's."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from workflow_app.cases import typed_json
from workflow_app.cases.models import Decision, LetterRequest
from workflow_app.engine import letters
from workflow_app.engine import selectors as engine
from workflow_app.outbox import services as outbox

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The letter by which a decision is told, and those that are another letter by what is decided.
DECISION = "decision"
OF_DECISION_TYPE = {
    "SEND_DRAFT": "draft_decision",
    "DATA_REQUEST": "request",
    "FEE_APPLICATION": "fee_application",
    "FINE_APPLICATION": "fee_application",
    "PROSECUTION_REPORT": "report",
    "PROTECTIVE_REPORT": "report",
}


def has(turn: Turn, letter: str) -> bool:
    """Tell whether the process version of the case has a template of that name."""
    return bool(letter) and letter in letters.names(engine.files(turn.case.definition_id))


def tell(turn: Turn, node: str, decision: Decision, *, recipient: str) -> None:
    """Have a decision told to its recipient, by the letter that it asks for."""
    letter = OF_DECISION_TYPE.get(decision.decision_type, DECISION)
    if has(turn, letter):
        ask(turn, node, letter=letter, decision=decision, recipient=recipient)


def ask(turn: Turn, node: str, *, letter: str, decision: Decision | None = None, recipient: str = "") -> None:
    """Have a letter made from the facts as they are now, and sent.

    It is about the case's latest decision unless another is given.
    """
    row = LetterRequest(
        case=turn.case,
        node=node,
        letter=letter,
        matter=turn.standing.matter,
        decision=decision or turn.decision or _latest_decision(turn),
        person_id=uuid.UUID(turn.person) if turn.actor else None,
        role=(turn.highest_role or "") if turn.actor else "",
        recipient=recipient,
        facts=typed_json.dumps(turn.facts.values),
        at=turn.at,
    )
    turn.batch.insert(
        row,
        outbox.job(
            kind="SEND_LETTER",
            due_at=turn.at,
            payload={"request": str(row.pk)},
            dedupe_key=f"letter:{row.pk}",
        ),
    )


def _latest_decision(turn: Turn) -> Decision | None:
    if not turn.standing.decisions:
        return None
    return Decision.objects.filter(case=turn.case).order_by("-number").first()
