"""Read who may give and revoke what, for the pages; each act asks again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from delegation import appointing, standing_in
from delegation.appointing import Lendable
from delegation.types import Grant
from delegation.vocabulary import CASE_TYPES
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.models import DelegationGrant, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointable:
    """A role that a person may appoint to, and for which case types."""

    role: str
    case_types: tuple[str, ...]


def appointable(person: uuid.UUID, at: datetime) -> tuple[Appointable, ...]:
    """Return what a person may appoint others to (G-5)."""
    order = orders.order_in_force(at)
    giver = organisation.actor_at(person, at)
    found = []
    for role in order.roles:
        case_types = tuple(
            case_type
            for case_type in (*CASE_TYPES, DelegationGrant.ALL_CASE_TYPES)
            if any(appointing.appoints(held, _asked(role.code, case_type, at), order) for held in giver.grants)
            and (case_type == DelegationGrant.ALL_CASE_TYPES or not role.case_types or case_type in role.case_types)
        )
        if case_types:
            found.append(Appointable(role=role.code, case_types=case_types))
    return tuple(found)


def lendable(person: uuid.UUID, at: datetime) -> tuple[Lendable, ...]:
    """Return the rows that a person may lend (R-60)."""
    order = orders.order_in_force(at)
    return tuple(row for held in organisation.actor_at(person, at).grants for row in appointing.lendable(order, held))


def receivers(role: str, case_type: str, at: datetime, *, but: uuid.UUID) -> list[Person]:
    """Return those who may be lent a right in a role and a case type: they are appointed to it."""
    return [person for person, _ in organisation.actors((role,), case_type, at) if person.pk != but]


def revocable(grants: Iterable[DelegationGrant], person: uuid.UUID, at: datetime) -> frozenset[uuid.UUID]:
    """Return which of some grants a person may revoke (R-28)."""
    order = orders.order_in_force(at)
    by = organisation.actor_at(person, at)
    return frozenset(
        row.pk
        for row in grants
        if (row.valid_to is None or row.valid_to > at)
        and appointing.revoke_bar(organisation.to_grant(row), by=by, order=order) is None
    )


def may_arrange(absent: uuid.UUID, person: uuid.UUID, at: datetime) -> bool:
    """Tell whether a person may register another's absence (R-56)."""
    return (
        standing_in.arrange_bar(
            organisation.actor_at(absent, at), by=organisation.actor_at(person, at), order=orders.order_in_force(at)
        )
        is None
    )


def substitutes(absent: uuid.UUID, at: datetime) -> list[Person]:
    """Return those who may stand in for a person (R-57)."""
    order = orders.order_in_force(at)
    actor = organisation.actor_at(absent, at)
    roles = {role.code for grant in actor.grants for role in order.roles if order.roles.reaches(role.code, grant.role)}
    return [
        person
        for person, other in organisation.actors(roles | {"STF"}, None, at)
        if standing_in.substitute_bar(other, absent=actor, order=order) is None
    ]


def _asked(role: str, case_type: str, at: datetime) -> Grant:
    every = case_type == DelegationGrant.ALL_CASE_TYPES
    return Grant(
        id="",
        person="",
        role=role,
        case_types=None if every else frozenset({case_type}),
        valid_from=at,
        granted_by="",
    )
