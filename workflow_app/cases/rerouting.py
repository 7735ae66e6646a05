"""Work that loses its person goes to who may do it now: the same pool, or the nearest role above where that is empty.

An offer is a suggestion, as ever: the order is asked again when somebody takes the step.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from delegation import offers
from delegation.types import Act, Actor, DecisionRequest
from workflow_app.cases import offering
from workflow_app.cases.models import WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.enforcement import services as enforcement
from workflow_app.organisation import selectors as organisation


def offer_again(turn: Turn, item: WorkItem, *, but: Collection[str] = ()) -> tuple[str, ...]:
    """Put a taken step back where somebody other than ``but`` may take it (R-28, R-56); return the roles asked."""
    roles = _roles(turn, item, but=but)
    turn.batch.update(
        WorkItem,
        {"pk": item.pk},
        {
            "state": WorkItem.State.OFFERED,
            "claimed_by_id": None,
            "claimed_at": None,
            "roles": f" {' '.join(roles)} ",
            "revision": item.revision + 1,
        },
    )
    return roles


def held_by(turn: Turn, person: uuid.UUID) -> list[WorkItem]:
    """Return the steps of the turn's case that a person has taken."""
    return list(WorkItem.objects.filter(case=turn.case, state=WorkItem.State.CLAIMED, claimed_by=person))


def question(turn: Turn, item: WorkItem, actor: Actor) -> DecisionRequest:
    """Return the question whether somebody else than the turn's person may do one of the case's steps."""
    asking = Turn(
        case=turn.case,
        item=item,
        order=turn.order,
        actor=actor,
        at=turn.at,
        command="",
        operations={},
    )
    return asking.verdict(Act(item.act))[1]


def _roles(turn: Turn, item: WorkItem, *, but: Collection[str]) -> tuple[str, ...]:
    """Return the roles that the order points out now, and above them as far as it takes to find somebody there."""
    act, case_type = Act(item.act), turn.case.case_type
    node = turn.net.node(item.node)
    roles = offering.roles_now(item, node, facts=turn.facts.values, case=turn.case, order=turn.order)
    asked = roles
    while asked and not _anybody(turn, item, asked, but=but):
        asked = offers.next_above(turn.order, asked, act, case_type)
        # Joint preparation hears the participant that the order names, and nobody in its stead.
        if act is Act.ANSWER:
            return roles
        roles += tuple(role for role in asked if role not in roles)
    return roles


def _anybody(turn: Turn, item: WorkItem, roles: tuple[str, ...], *, but: Collection[str]) -> bool:
    """Tell whether somebody who is there may do the step in one of some roles."""
    request = question(turn, item, Actor(person=""))
    pool = None if item.case_type == WorkItem.ANY_CASE_TYPE else item.case_type
    able = {str(person.pk) for person in enforcement.able(request, roles, pool, order=turn.order)}
    able -= {*but, *turn.standing.disqualified}
    return bool(able - organisation.absent_among(able, turn.at))
