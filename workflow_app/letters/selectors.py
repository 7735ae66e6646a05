"""Read letters. Whoever may read the case may read its letters (R-73)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delegation.recipients import Recipient
from workflow_app.cases import outgoing
from workflow_app.cases import selectors as cases
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, LetterRequest
from workflow_app.letters.errors import UnknownLetter
from workflow_app.letters.models import Letter, Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One line of a case's letters."""

    #: ``None`` until a worker has made it.
    id: uuid.UUID | None
    name: str
    #: What was decided, where the letter tells of a decision.
    decision_type: str
    #: Code of whom it is to, and how it addresses them where the register says.
    party: str
    recipient: str
    for_information: bool
    asked_at: datetime
    sent_at: datetime | None
    transport: str
    sha256: str
    #: How many characters no typeface had.
    unprintable: int


def letters(case: Case) -> tuple[LetterRow, ...]:
    """Return the letters of a case that the reader has been let into, oldest first."""
    asked = (
        LetterRequest.objects.filter(case=case)
        .select_related("made__sending", "decision")
        .order_by("at", "letter", "for_information", "party", "id")
    )
    return tuple(_row(each) for each in asked.defer("facts", "made__pdf", "made__data"))


def to_be_told(case: Case, facts: Mapping[str, Any]) -> tuple[Recipient, ...]:
    """Return who gets the decision that waits to be dispatched; nobody where none does."""
    decision = outgoing.undispatched(case, Standing.loads(case.standing).matter)
    if decision is None:
        return ()
    kind = decision.decision_type
    letter = outgoing.OF_DECISION_TYPE.get(kind, outgoing.DECISION)
    return tuple(outgoing.recipients_of(case, letter, decision_type=kind, facts=facts))


def _row(asked: LetterRequest) -> LetterRow:
    letter: Letter | None = getattr(asked, "made", None)
    sending: Sending | None = getattr(letter, "sending", None)
    return LetterRow(
        id=letter.pk if letter else None,
        name=asked.letter,
        decision_type=asked.decision.decision_type if asked.decision and asked.letter == outgoing.DECISION else "",
        party=asked.party,
        recipient=asked.recipient,
        for_information=asked.for_information,
        asked_at=asked.at,
        sent_at=sending.at if sending else None,
        transport=sending.transport if sending else "",
        sha256=letter.sha256 if letter else "",
        unprintable=len(letter.unprintable.split()) if letter else 0,
    )


def letter(letter_id: uuid.UUID, person: uuid.UUID, at: datetime) -> Letter:
    """Return a letter of a case that the person may read. Raises ``UnknownLetter`` and ``cases.errors.UnknownCase``."""
    found = Letter.objects.select_related("request__case").filter(pk=letter_id).first()
    if found is None:
        raise UnknownLetter("there is no such letter")
    cases.readable_case(found.request.case_id, person, at)
    return found
