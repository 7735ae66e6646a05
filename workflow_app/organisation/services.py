"""Change who is who: give and revoke grants, register absences and substitutes."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction

from delegation import appointing, vocabulary
from delegation.types import GrantKind
from workflow_app.organisation import selectors
from workflow_app.organisation.errors import GrantRefused
from workflow_app.organisation.models import Absence, DelegationGrant, Person, Substitute

#: What is wrong with a grant that no order could allow, by the code of its bar.
_FLAWS: Final = {
    "GIVER_IS_HOLDER": "nobody can give a right to themselves; another person must give the grant",
    "ENDS_BEFORE_IT_BEGINS": "the grant would end before it begins; give a later end",
    "LENT_WITHOUT_END": "a lent right has an end; say when it ends",
    "LENT_WITHOUT_ROWS": "a sub-delegation names its rows (DO-nnn); none were given",
    "LENT_TOO_LONG": "a sub-delegation lasts at most twelve months (R-59); give an earlier end",
    "GIVER_NOT_APPOINTED": (
        "the giver is not appointed `%(role)s` for %(case_type)s; a lent right cannot be lent on (R-60)"
    ),
}


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

    Raises ``GrantRefused`` for an unknown case type and for what no order could allow (``appointing.flaws``, R-59,
    R-60). Who may give what is asked by ``appointments``; whether a row may be lent is asked at every use.
    """
    if case_type not in {*vocabulary.CASE_TYPES, DelegationGrant.ALL_CASE_TYPES}:
        raise GrantRefused(f"no case type is called `{case_type}`; choose one of {', '.join(vocabulary.CASE_TYPES)}")
    row = DelegationGrant(
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
    found = tuple(appointing.flaws(selectors.to_grant(row), selectors.actor_at(granted_by.pk, valid_from)))
    if found:
        raise GrantRefused("; ".join(_FLAWS[bar.code] % dict(bar.params) for bar in found), bars=found)
    row.save(force_insert=True)
    return row


@transaction.atomic
def revoke_grant(*, grant: uuid.UUID, at: datetime, by: Person | None = None) -> DelegationGrant:
    """End a grant at ``at``; a decision that races with this waits for the row and then loses (R-28).

    Raises ``GrantRefused`` when there is no such grant or it has already ended.
    """
    row = DelegationGrant.objects.select_for_update().filter(id=grant).first()
    if row is None:
        raise GrantRefused(f"no grant has the id `{grant}`")
    if row.valid_to is not None and row.valid_to <= at:
        raise GrantRefused(f"the grant ended {row.valid_to:%Y-%m-%d %H:%M}; there is nothing to revoke")
    row.valid_to = max(at, row.valid_from)
    row.revoked_by = by
    row.save(update_fields=["valid_to", "revoked_by"])
    return row


@transaction.atomic
def end_absence(*, absence: int, at: datetime) -> Absence:
    """End an absence at ``at``, and with it what its substitutes stand in for; before it begins, call it off (R-56).

    Raises ``GrantRefused`` when there is no such absence or it is over.
    """
    row = Absence.objects.select_for_update().filter(pk=absence).first()
    if row is None or row.valid_to <= at:
        raise GrantRefused("there is no such absence, or it is over; there is nothing to end")
    end = max(at, row.valid_from)
    Substitute.objects.filter(absent=row.person, valid_from__gte=row.valid_from, valid_to__lte=row.valid_to).filter(
        valid_from__lte=end, valid_to__gt=end
    ).update(valid_to=end)
    row.valid_to = end
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
