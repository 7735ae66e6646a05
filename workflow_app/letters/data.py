"""What a letter is set from: a request's frozen facts, the rows it names and the authority, in words and codes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from delegation import recipients, vocabulary
from delegation.order import DelegationOrder
from delegation.recipients import Party, Recipient
from delegation.types import Act
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import outgoing, typed_json
from workflow_app.cases.errors import NothingToAmend
from workflow_app.cases.facts import Standing, requirements
from workflow_app.cases.models import Case, CaseAct, Decision, LetterRequest
from workflow_app.letters import words
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

#: The fact by which the names of officials are left out of what a party gets (FL 33 §, R-69); the record has them.
MASKED = "mask_official"


def logo() -> bytes | None:
    """Return the authority's logo, an SVG file, where the settings name one."""
    path = settings.BEREDD_AUTHORITY["logo"]
    return Path(path).read_bytes() if path else None


def of(request: LetterRequest) -> dict[str, Any]:
    """Return everything that a template may use; see ``docs/letters.md`` for the names."""
    case = request.case
    party = Party(request.party)
    facts = recipients.told(typed_json.loads(request.facts), party)
    forms = words.forms(case.definition_id)
    order = orders.order_in_force(request.at)
    masked = facts.get(MASKED) is True
    rows = case.decisions.filter(decided_at__lte=request.at).select_related("act_record", "corrects").order_by("number")
    decisions = {row.number: _decision(request, row, order, forms, masked=masked) for row in rows}
    return {
        "letter": {"name": request.letter, "date": words.day(request.at), "language": "sv", "draft": False},
        "authority": {**settings.BEREDD_AUTHORITY, "logo": bool(settings.BEREDD_AUTHORITY["logo"])},
        "case": {
            "number": case.case_number,
            "type": case.case_type,
            "type_name": vocabulary.CASE_TYPES[case.case_type],
            "title": case.title,
        },
        "recipient": request.recipient or None,
        "for_information": request.for_information,
        "also_to": [each.name for each in recipients.named_to(party, _others(request)) if each.name],
        "facts": {key: words.plain(value) for key, value in facts.items()},
        "texts": _texts(facts, forms),
        "official": _person(request.person_id, request.role, order, masked=masked) if request.person_id else None,
        "decision": decisions[request.decision.number] if request.decision else None,
        "decisions": list(decisions.values()),
    }


def of_proposal(case: Case, letter: str, at: datetime) -> dict[str, Any]:
    """Return what the letter of the proposal in force would be set from, were it decided as it stands.

    The decider is the lowest that may decide, by role. Raises ``NothingToAmend`` when nothing waits for a decision.
    """
    proposal, standing = case.proposal, Standing.loads(case.standing)
    if proposal is None or standing.decided:
        raise NothingToAmend("there is no undecided proposal to show as a letter")
    order, forms = orders.order_in_force(at), words.forms(case.definition_id)
    facts = typed_json.loads(case.facts)
    asked = requirements(order, case, facts, proposal.decision_type)
    acts = CaseAct.objects.filter(case=case, proposal_hash=proposal.content_hash).order_by("at", "id")
    fields = typed_json.loads(proposal.content)["fields"]
    presented = standing.rapporteur or standing.writer
    given = of(LetterRequest(case=case, letter=letter, party=Party.DEPARTMENTS, facts=case.facts, at=at))
    to = outgoing.recipients_of(case, letter, decision_type=proposal.decision_type, facts=facts)
    decision = {
        "type": proposal.decision_type,
        "name": vocabulary.DECISION_TYPES.get(proposal.decision_type, proposal.decision_type),
        "number": standing.decisions + 1,
        "date": words.day(at),
        "decider": {"name": None, "role": _title(asked.lowest_role, order)},
        "rapporteur": _person(presented, "", order, masked=False) if asked.rapporteur and presented else None,
        "participants": [
            _person(each.person_id, each.role, order, masked=False) for each in acts.filter(act=Act.REVIEW)
        ],
        "dissents": [],
        "fields": _texts(fields, forms),
        "amount": words.sum_of_money(proposal.amount),
        "reasons": str(fields.get("reasons") or ""),
        "legal_basis": [
            order.legal_basis.reference(key, at.astimezone(STOCKHOLM).date()).text for key in asked.legal_basis
        ],
        "appealable": asked.appealable,
        "order": order.number,
        "rule": asked.rule,
        "corrects": None,
        "masked": False,
    }
    named = ", ".join(each.name for each in to if each.name)
    return given | {"letter": given["letter"] | {"draft": True}, "decision": decision, "recipient": named or None}


def _others(request: LetterRequest) -> Iterator[Recipient]:
    """Yield the others who get the same letter, asked for in the same command and of the same facts."""
    same = ("case_id", "node", "letter", "at", "decision_id", "facts")
    asked = LetterRequest.objects.filter(**{name: getattr(request, name) for name in same})
    for each in asked.exclude(pk=request.pk).order_by("party", "recipient", "id"):
        yield Recipient(party=Party(each.party), name=each.recipient)


def _corrected(decision: Decision) -> dict[str, Any]:
    """Return what names the decision that was corrected, however many versions lie between."""
    first = decision
    while first.corrects is not None:
        first = first.corrects
    name = vocabulary.DECISION_TYPES.get(first.decision_type, first.decision_type)
    return {"name": name, "number": first.number, "date": words.day(first.decided_at)}


def _texts(values: Mapping[str, Any], forms: Mapping[str, words.Form]) -> dict[str, str | None]:
    return {key: words.said(value, forms.get(key, words.NO_FORM)) for key, value in values.items()}


def _person(person: uuid.UUID | str, role: str, order: DelegationOrder, *, masked: bool) -> dict[str, str | None]:
    name = None if masked else organisation.person(person).display_name
    return {"name": name, "role": _title(role, order)}


def _title(role: str, order: DelegationOrder) -> str:
    return next((each.title for each in order.roles if each.code == role), "")


def _decision(
    request: LetterRequest,
    decision: Decision,
    order: DelegationOrder,
    forms: Mapping[str, words.Form],
    *,
    masked: bool,
) -> dict[str, Any]:
    """Return a decision with the five items of FL 31 §, its reasons, and the dissent noted before the letter (R-67)."""
    took_part = typed_json.loads(decision.participants)["participants"]
    roles = {part["person"]: part["role"] for part in took_part}
    acts = CaseAct.objects.filter(case=request.case_id, matter=decision.act_record.matter).order_by("at", "id")
    for act in acts:
        roles.setdefault(str(act.person_id), act.role)

    def named(person: uuid.UUID | str) -> dict[str, str | None]:
        return _person(person, roles[str(person)], order, masked=masked)

    return {
        "type": decision.decision_type,
        "name": vocabulary.DECISION_TYPES.get(decision.decision_type, decision.decision_type),
        "number": decision.number,
        "date": words.day(decision.decided_at),
        "decider": _person(decision.decider_id, decision.act_record.role, order, masked=masked),
        "rapporteur": named(decision.rapporteur_id) if decision.rapporteur_id else None,
        "participants": [named(part["person"]) for part in took_part],
        "dissents": [
            {"person": named(each.person_id), "opinion": each.opinion}
            for each in decision.dissents.filter(at__lte=request.at).order_by("at", "id")
        ],
        "fields": _texts(typed_json.loads(decision.content)["fields"], forms),
        "amount": words.sum_of_money(decision.amount),
        "reasons": decision.reasons,
        "legal_basis": [each for each in decision.legal_basis.split("; ") if each],
        "appealable": decision.appealable,
        "order": decision.order_number,
        "rule": decision.rule,
        "corrects": _corrected(decision.corrects) if decision.corrects else None,
        "masked": masked,
    }
