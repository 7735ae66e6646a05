"""Change who is who: give and revoke grants, register absences and substitutes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from delegation.types import GrantKind
from workflow_app.organisation.errors import GrantRefused
from workflow_app.organisation.models import Absence, DelegationGrant, Person, Substitute

#: A sub-delegation lasts at most twelve months (R-59).
LONGEST_SUB_DELEGATION = timedelta(days=366)


def give_grant(
    *,
    person: Person,
    role: str,
    case_type: str,
    granted_by: Person,
    valid_from: datetime,
    at: datetime,
    valid_to: datetime | None = None,
    kind: GrantKind = GrantKind.APPOINTMENT,
    rules: tuple[str, ...] = (),
    on_behalf_of: str = "",
) -> DelegationGrant:
    """Give a person the right to act in a role for a case type.

    Raises ``GrantRefused`` for a grant to oneself and for a sub-delegation without rows, without an end or
    longer than twelve months (R-59). Whether a row may be sub-delegated at all is answered by the order when
    the grant is used.
    """
    if person.pk == granted_by.pk and kind is not GrantKind.APPOINTMENT:
        raise GrantRefused("nobody can lend a right to themselves; another person must give the grant")
    if kind is GrantKind.SUB_DELEGATION:
        if not rules:
            raise GrantRefused("a sub-delegation names its rows (DO-nnn); none were given")
        if valid_to is None or valid_to - valid_from > LONGEST_SUB_DELEGATION:
            raise GrantRefused("a sub-delegation lasts at most twelve months (R-59); give an earlier end")
    return DelegationGrant.objects.create(
        person=person,
        role=role,
        case_type=case_type,
        rules=" ".join(rules),
        kind=kind.value,
        granted_by=granted_by,
        on_behalf_of=on_behalf_of,
        valid_from=valid_from,
        valid_to=valid_to,
        given_at=at,
    )


@transaction.atomic
def revoke_grant(*, grant: uuid.UUID, at: datetime) -> DelegationGrant:
    """End a grant at ``at``; a decision that races with this waits for the row and then loses (R-28).

    Raises ``GrantRefused`` when the grant has already ended.
    """
    row = DelegationGrant.objects.select_for_update().get(id=grant)
    if row.valid_to is not None and row.valid_to <= at:
        raise GrantRefused(f"the grant ended {row.valid_to:%Y-%m-%d %H:%M}; there is nothing to revoke")
    row.valid_to = max(at, row.valid_from)
    row.save(update_fields=["valid_to"])
    return row


def register_absence(*, person: Person, valid_from: datetime, valid_to: datetime) -> Absence:
    """Register that a person is away in ``[valid_from, valid_to)``."""
    return Absence.objects.create(person=person, valid_from=valid_from, valid_to=valid_to)


def appoint_substitute(*, absent: Person, substitute: Person, valid_from: datetime, valid_to: datetime) -> Substitute:
    """Let ``substitute`` see and take over the open work of ``absent`` in ``[valid_from, valid_to)`` (R-56)."""
    if absent.pk == substitute.pk:
        raise GrantRefused("nobody can be their own substitute; name another person")
    return Substitute.objects.create(absent=absent, substitute=substitute, valid_from=valid_from, valid_to=valid_to)
