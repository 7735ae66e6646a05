"""Record that the material of a case is handed to a party, and what secrecy kept back (FL 10 §, R-77)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from delegation.access import View
from delegation.party_access import PARTIES, Reason
from delegation.recipients import Party
from delegation.types import Act
from workflow_app.cases import commands, reading
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import ContentClosed, ExportRefused
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind

#: Where it is recorded: beside the model's steps.
NODE = "party_file"


def record(
    *,
    case: uuid.UUID,
    party: Party,
    material: Collection[str],
    blocked: Mapping[str, Reason],
    by: uuid.UUID,
    key: str,
    at: datetime,
) -> Outcome:
    """Record an export before any of it leaves: every piece, and the coded reason for each that is kept back.

    Raises ``ExportRefused`` for somebody who is no party or for material that the case does not have,
    ``ContentClosed``, and ``NotAuthorised`` (recorded).
    """
    if party not in PARTIES:
        raise ExportRefused("only a party has a right to the material; others ask for public documents (TF)")
    if unknown := sorted(blocked.keys() - set(material)):
        raise ExportRefused(f"the case has no material called {', '.join(unknown)}; choose from its list")

    def verb(turn: Turn) -> None:
        if turn.actor is None or reading.view(turn.actor, turn.case, at) is not View.CONTENT:
            raise ContentClosed("only those to whom the content of a case is open hand it to a party")
        turn.beside = NODE
        permit = turn.require(Act.HANDLE)
        kept_back = [f"{piece}:{reason.value}" for piece, reason in sorted(blocked.items())]
        turn.record(permit, fields={"party": party.value, "kept_back": kept_back})
        turn.name(
            EventKind.PARTY_EXPORTED,
            party=party.value,
            material=sorted(set(material) - blocked.keys()),
            kept_back=kept_back,
        )

    return commands.run(Command(key=key, person=by, at=at, case=case, also_closed=True), verb)
