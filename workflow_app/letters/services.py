"""Make and send the letters that cases have asked for. Run by jobs; each call is idempotent."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.db import transaction

from workflow_app.cases import outgoing
from workflow_app.cases.models import Case, LetterRequest
from workflow_app.engine import bundles, letters
from workflow_app.engine import selectors as engine
from workflow_app.ledger import services as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.letters import data, rendering, transports
from workflow_app.letters.errors import TemplateRefused
from workflow_app.letters.models import Letter, Sending

#: Where the ledger keeps what has left the authority: the case may be closed by then.
STREAM = "LETTERS"


def make(*, request: uuid.UUID, at: datetime) -> Letter:
    """Set the letter that was asked for and keep it; the one that is kept already is given back.

    Raises ``TemplateRefused`` and ``TooMuchText``.
    """
    with transaction.atomic():
        # The request is the lock: two workers with the same job make one letter.
        asked = LetterRequest.objects.select_for_update(of=("self",)).get(pk=request)
        made = Letter.objects.select_related("request__case").filter(request=asked).first()
        return made or _make(asked, at)


def preview(*, case: Case, at: datetime) -> bytes:
    """Set the letter of the proposal in force, marked as a draft; nothing is kept.

    Raises ``NothingToAmend`` when nothing waits for a decision, ``TemplateRefused`` and ``TooMuchText``.
    """
    proposed = case.proposal.decision_type if case.proposal else ""
    name = outgoing.OF_DECISION_TYPE.get(proposed, outgoing.DECISION)
    given = data.of_proposal(case, name, at)
    files, main = _template(case, name)
    return rendering.render(files, main, given, at=at, logo=data.logo()).pdf


def _template(case: Case, name: str) -> tuple[dict[str, str], str]:
    files = letters.template(engine.files(case.definition_id), name)
    main = f"{name}{letters.SUFFIX}"
    if main not in files:
        raise TemplateRefused(f"the process of the case has no template `{main}`")
    return files, main


def _make(asked: LetterRequest, at: datetime) -> Letter:
    files, main = _template(asked.case, asked.letter)
    rendered = rendering.render(files, main, data.of(asked), at=asked.at, logo=data.logo())
    return Letter.objects.create(
        request=asked,
        template_sha256=bundles.sha256({name: source.encode() for name, source in files.items()}),
        data=rendered.data,
        data_sha256=hashlib.sha256(rendered.data.encode()).hexdigest(),
        pdf=rendered.pdf,
        sha256=hashlib.sha256(rendered.pdf).hexdigest(),
        unprintable=" ".join(rendered.unprintable),
        made_at=at,
    )


def send(*, request: uuid.UUID, at: datetime) -> Sending:
    """Make the letter unless it is made, hand it to what takes it to its receiver, and put that on record.

    A worker that dies in between hands it over again: better twice than never.
    """
    letter = make(request=request, at=at)
    sent = Sending.objects.filter(letter=letter).first()
    if sent is not None:
        return sent
    transport = transports.hand_over(letter)
    with transaction.atomic():
        LetterRequest.objects.select_for_update(of=("self",)).get(pk=request)
        sent, new = Sending.objects.get_or_create(letter=letter, defaults={"transport": transport, "at": at})
        if new:
            ledger.record(
                stream=STREAM,
                kind=EventKind.LETTER_SENT,
                at=at,
                person=None,
                command=f"letter:{letter.pk}",
                data={
                    "case": str(letter.request.case_id),
                    "letter": letter.request.letter,
                    "decision": str(letter.request.decision_id) if letter.request.decision_id else None,
                    "template": letter.template_sha256,
                    "data": letter.data_sha256,
                    "pdf": letter.sha256,
                    "transport": transport.value,
                },
            )
    return sent
