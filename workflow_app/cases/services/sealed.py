"""Read whom a pseudonym stands for: with a right of its own and a reason, both on record (R-74, R-78)."""

from __future__ import annotations

import uuid
from datetime import datetime

from delegation import access
from workflow_app.cases import commands, forms, reading
from workflow_app.cases.commands import Command
from workflow_app.cases.errors import FormRefused, IdentityClosed, UnknownCase
from workflow_app.cases.models import IdentityReading, SealedName
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind


def read_identity(*, name: uuid.UUID, reason: str, by: uuid.UUID, key: str, at: datetime) -> str:
    """Return the name behind a pseudonym, once the reading is on record.

    Raises ``UnknownCase``, ``FormRefused`` without a reason, and ``IdentityClosed`` (recorded) for a person who may
    read the case but not this.
    """
    sealed = SealedName.objects.filter(pk=name).first()
    if sealed is None:
        raise UnknownCase("there is no such sealed name")

    def verb(turn: Turn) -> None:
        problem = forms.text_problem(reason) if reason.strip() else "must be filled in"
        if problem:
            raise FormRefused({"reason": problem})
        if turn.actor is None:
            raise TypeError("only a person reads a sealed name")
        stand = reading.stand(turn.actor, turn.case, at)
        if not access.may_read_identity(turn.actor, stand, protected=sealed.protected):
            raise IdentityClosed("whom a pseudonym stands for is not open to you; ask the head of the case type")
        turn.batch.insert(IdentityReading(sealed_name=sealed, person_id=by, reason=reason, at=at))
        turn.name(EventKind.IDENTITY_READ, sealed_name=str(sealed.pk), pseudonym=sealed.pseudonym)

    command = Command(key=key, person=by, at=at, case=sealed.case_id, also_closed=True)
    try:
        commands.run(command, verb)
    except IdentityClosed:
        reading.refused(command, what="identity")
        raise
    return sealed.name
