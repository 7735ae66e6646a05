"""Change who is who: give and revoke grants, register absences and substitutes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from delegation import vocabulary
from delegation.types import GrantKind
from workflow_app.organisation import selectors
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

    Raises ``GrantRefused`` for a grant to oneself, an unknown case type, a period that ends before it begins, a lent
    right without an end, and a sub-delegation without rows, longer than twelve months or of a right that the giver
    does not hold by appointment (R-59, R-60). Whether a row may be sub-delegated at all is answered by the order
    when the grant is used.
    """
    if person.pk == granted_by.pk:
        raise GrantRefused("nobody can give a right to themselves; another person must give the grant")
    if case_type not in {*vocabulary.CASE_TYPES, DelegationGrant.ALL_CASE_TYPES}:
        raise GrantRefused(f"no case type is called `{case_type}`; choose one of {', '.join(vocabulary.CASE_TYPES)}")
    if valid_to is None and kind is not GrantKind.APPOINTMENT:
        raise GrantRefused("a lent right has an end; say when it ends")
    if valid_to is not None and valid_to <= valid_from:
        raise GrantRefused(f"the grant would end {valid_to:%Y-%m-%d %H:%M}, before it begins; give a later end")
    if kind is GrantKind.SUB_DELEGATION and valid_to is not None:
        if not rules:
            raise GrantRefused("a sub-delegation names its rows (DO-nnn); none were given")
        if valid_to - valid_from > LONGEST_SUB_DELEGATION:
            raise GrantRefused("a sub-delegation lasts at most twelve months (R-59); give an earlier end")
        if not selectors.is_appointed(granted_by.pk, role=on_behalf_of, case_type=case_type, at=valid_from):
            raise GrantRefused(
                f"the giver is not appointed `{on_behalf_of}` for {case_type}; a lent right cannot be lent on (R-60)"
            )
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

    Raises ``GrantRefused`` when there is no such grant or it has already ended.
    """
    row = DelegationGrant.objects.select_for_update().filter(id=grant).first()
    if row is None:
        raise GrantRefused(f"no grant has the id `{grant}`")
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
