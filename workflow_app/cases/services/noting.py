"""Document what has been said and bears on the case: what, by whom and when (FL 27 §, R-72)."""

from __future__ import annotations

import uuid
from datetime import datetime

from delegation.access import View
from delegation.types import Act
from workflow_app.cases import commands, forms, reading, sealing
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import ContentClosed, FormRefused
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind

#: Where it is recorded: beside the model's steps.
NODE = "oral_information"
LONGEST_SOURCE = 200


def note(
    *, case: uuid.UUID, information: str, source: str, sealed: str, given_at: datetime, by: uuid.UUID, key: str,
    at: datetime,
) -> Outcome:  # fmt: skip
    """Note oral information. ``sealed`` is the kind of name that ``source`` is; empty for one that need not be sealed.

    Raises ``FormRefused`` without what, who or when, ``ContentClosed`` for a person outside the case, and
    ``NotAuthorised`` (recorded).
    """

    def verb(turn: Turn) -> None:
        if turn.actor is None or reading.view(turn.actor, turn.case, at) is not View.CONTENT:
            raise ContentClosed("only those to whom the content of a case is open add to it")
        problems = {"information": _problem(information), "source": _problem(source)}
        if len(source) > LONGEST_SOURCE:
            problems["source"] = forms.too_long(len(source), LONGEST_SOURCE)
        if given_at > at:
            problems["given_at"] = "lies ahead; write when it was said"
        if any(problems.values()):
            raise FormRefused({field: problem for field, problem in problems.items() if problem})
        turn.beside = NODE
        permit = turn.require(Act.HANDLE)
        told_by = sealing.pseudonym(turn, sealed, source) if sealed else source
        turn.record(permit, fields={"information": information, "source": told_by, "given_at": given_at})
        turn.name(EventKind.ORAL_INFORMATION_NOTED, node=NODE)

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)


def _problem(text: str) -> str:
    return forms.text_problem(text) if text.strip() else "must be filled in"
