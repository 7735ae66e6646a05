"""Decisions of the past as the questions that they answered, to be asked again under another order (R-29)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from delegation.rehearsal import Past
from delegation.types import Act, Actor, DecisionRequest, Grant
from workflow_app.cases import facts as case_facts
from workflow_app.cases import typed_json
from workflow_app.cases.models import CaseAct, Decision
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

#: Decisions read at a time.
_AT_A_TIME = 500


def decisions(*, since: datetime, until: datetime) -> Iterator[Past]:
    """Yield the decisions signed in ``[since, until)``, oldest first.

    Facts are what the case holds now with what the decision itself says on top: a fact that a later matter of the same
    case has changed may no longer give the decision's own row, and is then set aside by the rehearsal.
    """
    rows = Decision.objects.filter(decided_at__gte=since, decided_at__lt=until).select_related("case", "act_record")
    versions = {row.number: row.pk for row in orders.versions()}
    every = rows.order_by("decided_at", "id").iterator(chunk_size=_AT_A_TIME)
    while some := list(islice(every, _AT_A_TIME)):
        acts = _acts(some)
        grants = organisation.grants_of({row.decider_id for row in some})
        for row in some:
            yield Past(
                request=_request(row, acts.get((row.case_id, row.act_record.proposal_hash), ()), grants),
                row=row.row,
                order=orders.order(versions[row.order_number]),
            )


def _acts(rows: Iterable[Decision]) -> Mapping[tuple[uuid.UUID, str], list[CaseAct]]:
    """Return what was done on each version of a proposal that was decided."""
    hashes = {row.act_record.proposal_hash for row in rows} - {""}
    found: dict[tuple[uuid.UUID, str], list[CaseAct]] = {}
    for act in CaseAct.objects.filter(proposal_hash__in=hashes).order_by("at", "id"):
        found.setdefault((act.case_id, act.proposal_hash), []).append(act)
    return found


def _request(row: Decision, acts: Iterable[CaseAct], grants: Mapping[str, tuple[Grant, ...]]) -> DecisionRequest:
    decider = str(row.decider_id)
    proposal = row.act_record.proposal_hash or case_facts.LIGHT
    prior = tuple(case_facts.prior_act(act, None) for act in acts if act.act != Act.DECIDE.value)
    return DecisionRequest(
        case=str(row.case_id),
        case_type=row.case.case_type,
        act=Act.DECIDE,
        actor=Actor(person=decider, grants=grants.get(decider, ())),
        at=row.decided_at,
        decision_type=row.decision_type,
        facts={
            **typed_json.loads(row.case.facts),
            **typed_json.loads(row.content)["fields"],
            "decision_type": row.decision_type,
        },
        prior_acts=prior,
        proposal=proposal,
        rapporteur=str(row.rapporteur_id) if row.rapporteur_id else None,
        cleared=frozenset({decider}),
    )
