"""What a letter is set from: a request's frozen facts, the rows it names and the authority, in words and codes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from delegation import vocabulary
from delegation.order import DelegationOrder
from workflow_app.cases import typed_json
from workflow_app.cases.models import CaseAct, Decision, LetterRequest
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
    facts = typed_json.loads(request.facts)
    labels = words.labels(case.definition_id)
    order = orders.order_in_force(request.at)
    masked = facts.get(MASKED) is True
    rows = case.decisions.filter(decided_at__lte=request.at).select_related("act_record").order_by("number")
    decisions = {row.number: _decision(request, row, order, labels, masked=masked) for row in rows}
    return {
        "letter": {"name": request.letter, "date": words.day(request.at), "language": "sv"},
        "authority": {**settings.BEREDD_AUTHORITY, "logo": bool(settings.BEREDD_AUTHORITY["logo"])},
        "case": {
            "number": case.case_number,
            "type": case.case_type,
            "type_name": vocabulary.CASE_TYPES[case.case_type],
            "title": case.title,
        },
        "recipient": request.recipient or None,
        "facts": {key: words.plain(value) for key, value in facts.items()},
        "texts": _texts(facts, labels),
        "official": _person(request.person_id, request.role, order, masked=masked) if request.person_id else None,
        "decision": decisions[request.decision.number] if request.decision else None,
        "decisions": list(decisions.values()),
    }


def _texts(values: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]]) -> dict[str, str | None]:
    return {key: words.said(value, labels.get(key, {})) for key, value in values.items()}


def _person(person: uuid.UUID | str, role: str, order: DelegationOrder, *, masked: bool) -> dict[str, str | None]:
    name = None if masked else organisation.person(person).display_name
    return {"name": name, "role": next((each.title for each in order.roles if each.code == role), "")}


def _decision(
    request: LetterRequest,
    decision: Decision,
    order: DelegationOrder,
    labels: Mapping[str, Mapping[str, str]],
    *,
    masked: bool,
) -> dict[str, Any]:
    """Return a decision with the five items of FL 31 §, its reasons, and the dissent noted before the letter."""
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
        "fields": _texts(typed_json.loads(decision.content)["fields"], labels),
        "amount": words.sum_of_money(decision.amount),
        "reasons": decision.reasons,
        "legal_basis": [each for each in decision.legal_basis.split("; ") if each],
        "appealable": decision.appealable,
        "order": decision.order_number,
        "rule": decision.rule,
        "masked": masked,
    }
