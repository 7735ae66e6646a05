"""Ask for letters to be made and sent: what they are about is frozen in the command, the rest is a job's."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from delegation import recipients
from delegation.recipients import Party, Recipient
from workflow_app.cases import typed_json
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.models import Case, Decision, LetterRequest
from workflow_app.engine import letters
from workflow_app.engine import selectors as engine
from workflow_app.outbox import services as outbox
from workflow_app.outbox.models import Job
from workflow_app.registry import selectors as registry
from workflow_app.registry.models import Register

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The field of the dispatch that says who gets a copy besides those whom the decision concerns.
COPIES = "copies_to"
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

#: The letter by which a corrected version is told, and those that tell of a decision at all.
CORRECTION = "correction"
TELLING = frozenset({DECISION, CORRECTION, *OF_DECISION_TYPE.values()})


def has(turn: Turn, letter: str) -> bool:
    """Tell whether the process version of the case has a template of that name."""
    return bool(letter) and letter in letters.names(engine.files(turn.case.definition_id))


def tell(turn: Turn, node: str, decision: Decision, *, also: Iterable[str] = ()) -> None:
    """Have a decision told to everyone it concerns, by the letter that it asks for.

    ``also`` are parties of the case who get it to know of it. Raises ``FormRefused`` for one that the case has not.
    """
    copies = [Party(each) for each in also]
    if not all(recipients.known(each, turn.facts.values) for each in copies):
        raise FormRefused({COPIES: "names somebody whom the case does not have"})
    letter = OF_DECISION_TYPE.get(decision.decision_type, DECISION)
    if has(turn, letter):
        ask(turn, node, letter=letter, decision=decision, also=copies)


def ask(
    turn: Turn,
    node: str,
    *,
    letter: str,
    decision: Decision | None = None,
    also: Iterable[Party] = (),
    to: Iterable[Recipient] | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Have a letter made for each of its receivers, from the facts as they are now and ``about``, and sent.

    It is about the case's latest decision unless another is given. Where nobody is known to get it nothing is sent.
    """
    facts = {**turn.facts.values, **(about or {})}
    told = decision or turn.decision or _latest_decision(turn)
    kind = told.decision_type if told else ""
    if to is None:
        to = recipients_of(turn.case, letter, decision_type=kind, facts=facts, also=also)
    for each in to:
        row = LetterRequest(
            case=turn.case,
            node=node,
            letter=letter,
            matter=turn.standing.matter,
            decision=told,
            person_id=uuid.UUID(turn.person) if turn.actor else None,
            role=(turn.highest_role or "") if turn.actor else "",
            party=each.party,
            party_code=each.code,
            recipient=each.name,
            for_information=each.for_information,
            facts=typed_json.dumps(facts),
            at=turn.at,
        )
        turn.batch.insert(row, _sending(row, turn.at))


def tell_correction(turn: Turn, node: str, version: Decision) -> None:
    """Have the corrected version of a decision told to everyone who got the one that it corrects (FL 36 §)."""
    if not has(turn, CORRECTION):
        return
    sent = LetterRequest.objects.filter(decision=version.corrects_id, letter__in=TELLING).order_by("at", "id")
    found = (
        Recipient(party=Party(row.party), code=row.party_code, name=row.recipient, for_information=row.for_information)
        for row in sent
    )
    ask(turn, node, letter=CORRECTION, decision=version, to=dict.fromkeys(found))


def undispatched(case: Case, matter: int) -> Decision | None:
    """Return the decision of a matter that is to be told."""
    waiting = Decision.objects.filter(case=case, act_record__matter=matter, dispatch__isnull=True)
    # A correction is told by a letter of its own.
    return waiting.filter(corrects__isnull=True).order_by("-number").first()


def recipients_of(
    case: Case, letter: str, *, decision_type: str, facts: Mapping[str, Any], also: Iterable[Party] = ()
) -> list[Recipient]:
    """Return who gets a letter of the case, by the names that the registers have."""
    found = recipients.of_letter(
        case_type=case.case_type, letter=letter, decision_type=decision_type, facts=facts, also=also
    )
    return [replace(each, name=each.name or _registered(each.code)) for each in found]


def _registered(code: str) -> str:
    """Return the name of a provider or principal; empty for those whom the letter itself names."""
    registers = (Register.PROVIDER, Register.PRINCIPAL) if code else ()
    return next((name for each in registers if (name := registry.labels(each, [code]).get(code))), "")


def _sending(row: LetterRequest, at: datetime) -> Job:
    return outbox.job(kind="SEND_LETTER", due_at=at, payload={"request": str(row.pk)}, dedupe_key=f"letter:{row.pk}")


def _latest_decision(turn: Turn) -> Decision | None:
    if not turn.standing.decisions:
        return None
    return Decision.objects.filter(case=turn.case).order_by("-number").first()
