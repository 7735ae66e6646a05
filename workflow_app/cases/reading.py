"""Whom a case is open to, and what work a person's grants reach."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q

from delegation import access, offers
from delegation.types import Act, Actor, GrantKind
from workflow_app.cases.errors import UnknownCase
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, CaseAct, WorkItem
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

OPEN = (WorkItem.State.OFFERED, WorkItem.State.CLAIMED)


def in_pools(actor: Actor, at: datetime) -> Q | None:
    """Return the condition for offered work that the actor's grants reach, or ``None`` for no grants."""
    order = orders.order_in_force(at)
    reach: Q | None = None
    for grant in actor.grants:
        # A sub-delegation lends the right to decide what waits for the role it comes from (G-5).
        lent = grant.kind is GrantKind.SUB_DELEGATION
        roles = (grant.on_behalf_of or "",) if lent else offers.seen_roles(order, grant.role)
        for role in roles:
            one = Q(roles__contains=f" {role} ")
            if lent:
                one &= Q(act=Act.DECIDE.value)
            if grant.case_types is not None:
                one &= Q(case_type__in=[*sorted(grant.case_types), WorkItem.ANY_CASE_TYPE])
            reach = one if reach is None else reach | one
    return reach


def may_read(actor: Actor, case: Case, at: datetime) -> bool:
    """Tell whether a person may read the case (R-73, R-03)."""
    closed_to = Standing.loads(case.standing).disqualified
    if access.may_read(actor, case_type=case.case_type, disqualified=closed_to):
        return True
    reach = in_pools(actor, at)
    # Whoever has taken a step keeps seeing it, also when the grant behind it is revoked: the refusal is to be read.
    mine = Q(claimed_by=actor.person)
    asked = WorkItem.objects.filter(mine if reach is None else mine | reach, case=case, state__in=OPEN).exists()
    takes_part = asked or CaseAct.objects.filter(case=case, person_id=actor.person).exists()
    return access.may_read(actor, case_type=case.case_type, disqualified=closed_to, takes_part=takes_part)


def readable_case(case_id: uuid.UUID, person: uuid.UUID, at: datetime) -> Case:
    """Return a case the person may read. Raises ``UnknownCase`` also for one the person may not know of."""
    rows = Case.objects.select_related(
        "proposal__written_by", "opened_by", "definition", "unit", "provider", "principal", "licensed_person"
    )
    case = rows.filter(pk=case_id).first()
    if case is None or not may_read(organisation.actor_at(person, at), case, at):
        raise UnknownCase("there is no such case, or you hold no grant that opens it; ask the head of its case type")
    return case
