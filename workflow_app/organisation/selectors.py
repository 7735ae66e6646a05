"""Rows of the organisation turned into the values that ``delegation`` reasons about."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet

from delegation.types import Actor, Grant, GrantKind
from workflow_app.organisation.errors import UnknownPerson
from workflow_app.organisation.models import Absence, Account, DelegationGrant, Department, LinePost, Person, Substitute


def _valid_at(at: datetime) -> Q:
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


class _GrantRow(NamedTuple):
    """What a command reads of a grant, without the cost of a model instance."""

    id: uuid.UUID
    person_id: uuid.UUID
    role: str
    case_type: str
    rules: str
    valid_from: datetime
    valid_to: datetime | None
    kind: str
    granted_by_id: uuid.UUID
    on_behalf_of: str


_HELD_BY = (
    "SELECT id, person_id, role, case_type, rules, valid_from, valid_to, kind, granted_by_id, on_behalf_of"
    " FROM organisation_delegationgrant WHERE person_id = %s AND valid_from <= %s"
    " AND (valid_to IS NULL OR valid_to > %s)"
)


def to_grant(row: DelegationGrant | _GrantRow) -> Grant:
    """Return the value of a grant row."""
    return Grant(
        id=str(row.id),
        person=str(row.person_id),
        role=row.role,
        case_types=None if row.case_type == DelegationGrant.ALL_CASE_TYPES else frozenset({row.case_type}),
        rules=frozenset(row.rules.split()) or None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        kind=GrantKind(row.kind),
        granted_by=str(row.granted_by_id),
        on_behalf_of=row.on_behalf_of or None,
    )


def actor_at(person_id: uuid.UUID | str, at: datetime) -> Actor:
    """Return the person with every grant that is valid at ``at``. A person without grants may do nothing."""
    rows = DelegationGrant.objects.filter(_valid_at(at), person_id=person_id)
    return Actor(person=str(person_id), grants=tuple(to_grant(row) for row in rows))


def actor_locked(person_id: uuid.UUID | str, at: datetime) -> Actor:
    """Return ``actor_at`` with the grant rows locked until the transaction ends.

    A decision takes a share lock and a revocation an exclusive one on the same row, so one of them waits for
    the other (R-28). SQLite has a single writer, so the transaction itself is the lock.
    """
    postgresql = connection.vendor == "postgresql"
    who = DelegationGrant._meta.get_field("person").get_db_prep_value(person_id, connection)
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(f"{_HELD_BY} FOR SHARE" if postgresql else _HELD_BY, [who, moment, moment])
        rows = [_GrantRow(*row) if postgresql else _of_sqlite(*row) for row in cursor]
    return Actor(person=str(person_id), grants=tuple(map(to_grant, rows)))


def _of_sqlite(*columns: Any) -> _GrantRow:
    """Return a row as SQLite keeps it: ids as hexadecimal digits, moments as text in UTC."""
    row = _GrantRow(*columns)
    return row._replace(
        id=uuid.UUID(str(row.id)),
        person_id=uuid.UUID(str(row.person_id)),
        granted_by_id=uuid.UUID(str(row.granted_by_id)),
        valid_from=datetime.fromisoformat(str(row.valid_from)).replace(tzinfo=UTC),
        valid_to=datetime.fromisoformat(str(row.valid_to)).replace(tzinfo=UTC) if row.valid_to else None,
    )


def holders(
    roles: Iterable[str], case_type: str | None, at: datetime, *, first: int | None = None
) -> dict[uuid.UUID, Actor]:
    """Return those who hold a valid grant of any of ``roles`` for the case type (``None``: any), by staff code.

    ``first`` is how many of them are enough.
    """
    wanted = DelegationGrant.objects.filter(_valid_at(at), role__in=list(roles))
    if case_type is not None:
        wanted = wanted.filter(case_type__in=[case_type, DelegationGrant.ALL_CASE_TYPES])
    people: Any = wanted.values("person")
    if first is not None:
        enough = wanted.order_by("person__code").values_list("person__code", "person").distinct()[:first]
        people = [person for _code, person in enough]
    rows = DelegationGrant.objects.filter(_valid_at(at), person__in=people)
    grants: dict[uuid.UUID, list[Grant]] = {}
    # A role may have hundreds of holders: rows without an instance each.
    for row in map(_GrantRow._make, rows.order_by("person__code", "id").values_list(*_GrantRow._fields)):
        grants.setdefault(row.person_id, []).append(to_grant(row))
    return {person: Actor(person=str(person), grants=tuple(held)) for person, held in grants.items()}


def actors(roles: Iterable[str], case_type: str | None, at: datetime) -> list[tuple[Person, Actor]]:
    """Return ``holders`` with who they are."""
    held = holders(roles, case_type, at)
    persons = Person.objects.in_bulk(list(held))
    return [(persons[person], actor) for person, actor in held.items()]


def grant(grant_id: uuid.UUID) -> DelegationGrant | None:
    """Return a grant with its persons."""
    return DelegationGrant.objects.select_related("person", "granted_by", "revoked_by").filter(pk=grant_id).first()


def acting_for(person_id: uuid.UUID, at: datetime) -> list[DelegationGrant]:
    """Return the rights to act in somebody's place that are not over at ``at`` (MF 24 §)."""
    lent = DelegationGrant.objects.filter(on_behalf_of=str(person_id), kind=GrantKind.SUBSTITUTION.value)
    return list(lent.filter(valid_to__gt=at))


def lent_by(person_id: uuid.UUID) -> QuerySet[DelegationGrant]:
    """Return every sub-delegation that a person has given, the latest first (domain 3.6)."""
    rows = DelegationGrant.objects.filter(granted_by=person_id, kind=GrantKind.SUB_DELEGATION.value)
    return rows.select_related("person", "granted_by").order_by("-valid_from", "person__code")


def grants_of(person_ids: Iterable[uuid.UUID]) -> dict[str, tuple[Grant, ...]]:
    """Return every grant that some persons have or have had, by person."""
    found: dict[str, list[Grant]] = {}
    for row in DelegationGrant.objects.filter(person__in=list(person_ids)).order_by("id"):
        found.setdefault(str(row.person_id), []).append(to_grant(row))
    return {person: tuple(held) for person, held in found.items()}


def grants_register(at: datetime, *, case_type: str | None = None) -> QuerySet[DelegationGrant]:
    """Return every grant valid at ``at`` (S-07), by case type, role and person."""
    rows = DelegationGrant.objects.filter(_valid_at(at)).select_related("person", "granted_by")
    if case_type:
        rows = rows.filter(case_type__in=[case_type, DelegationGrant.ALL_CASE_TYPES])
    return rows.order_by("case_type", "role", "person__code")


def person(person_id: uuid.UUID | str) -> Person:
    """Return the person. Raises ``UnknownPerson``."""
    try:
        return Person.objects.get(id=person_id)
    except (Person.DoesNotExist, ValidationError) as error:
        raise UnknownPerson(f"no person has the id `{person_id}`") from error


def addresses(role: str, at: datetime) -> list[str]:
    """Return the e-mail addresses of everybody who holds a role at a moment."""
    held = DelegationGrant.objects.filter(_valid_at(at), role=role)
    return sorted(set(held.exclude(person__email="").values_list("person__email", flat=True)))


def ids_by_code(codes: Iterable[str]) -> dict[str, str]:
    """Return person ids by staff code; a code that nobody has is left out."""
    wanted = set(codes)
    return {row.code: str(row.id) for row in Person.objects.filter(code__in=wanted)} if wanted else {}


def codes(person_ids: Iterable[uuid.UUID | str]) -> dict[str, str]:
    """Return staff codes by person id."""
    wanted = {str(person_id) for person_id in person_ids}
    return {str(row.id): row.code for row in Person.objects.filter(id__in=wanted)}


def names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """Return display names by staff code."""
    return dict(Person.objects.filter(code__in=set(codes)).values_list("code", "display_name"))


def person_by_login(login: str) -> Person:
    """Return the person behind an account. Raises ``UnknownPerson``."""
    try:
        return Account.objects.select_related("person").get(username=login).person
    except Account.DoesNotExist as error:
        raise UnknownPerson(f"no account is called `{login}`; `manage.py demo_data` makes the demo ones") from error


def account_of(person_id: uuid.UUID | str) -> Account | None:
    """Return a person's first account, which is their way in; ``None`` without one."""
    return Account.objects.filter(person_id=person_id, is_active=True).order_by("pk").first()


def named() -> dict[str, uuid.UUID]:
    """Return every person's id by staff code and by log-in."""
    codes = dict(Person.objects.values_list("code", "id"))
    return codes | dict(Account.objects.values_list("username", "person_id"))


def appointments() -> dict[uuid.UUID, frozenset[tuple[str, str]]]:
    """Return what every person has been appointed to, (role, case type), in the order of staff codes."""
    rows = DelegationGrant.objects.filter(kind=GrantKind.APPOINTMENT.value).order_by("person__code", "id")
    found: dict[uuid.UUID, set[tuple[str, str]]] = {}
    for person, role, case_type in rows.values_list("person_id", "role", "case_type"):
        found.setdefault(person, set()).add((role, case_type))
    return {person: frozenset(held) for person, held in found.items()}


def names(person_ids: Iterable[uuid.UUID | str]) -> dict[str, str]:
    """Return display names by person id."""
    wanted = {str(person_id) for person_id in person_ids}
    return {str(row.id): row.display_name for row in Person.objects.filter(id__in=wanted)}


def logins() -> list[Account]:
    """Return every account with its person, by login."""
    return list(Account.objects.select_related("person").order_by("username"))


def is_absent(person_id: uuid.UUID | str, at: datetime) -> bool:
    """Tell whether the person is registered as away at ``at``."""
    return Absence.objects.filter(_valid_at(at), person_id=person_id).exists()


def absent_among(person_ids: Iterable[uuid.UUID | str], at: datetime) -> frozenset[str]:
    """Return which of some persons are registered as away at ``at``."""
    rows = Absence.objects.filter(_valid_at(at), person__in=list(person_ids))
    return frozenset(str(person) for person in rows.values_list("person", flat=True))


def substitutes_of(person_id: uuid.UUID, at: datetime) -> frozenset[str]:
    """Return who stands in for a person at ``at`` (R-56)."""
    rows = Substitute.objects.filter(_valid_at(at), absent_id=person_id)
    return frozenset(str(substitute) for substitute in rows.values_list("substitute", flat=True))


def absence(absence_id: int) -> Absence | None:
    """Return an absence with its person."""
    return Absence.objects.select_related("person").filter(pk=absence_id).first()


def absences(at: datetime, *, of: uuid.UUID | None = None) -> QuerySet[Absence]:
    """Return absences that are not over at ``at``, the nearest first."""
    rows = Absence.objects.filter(valid_to__gt=at).select_related("person").order_by("valid_from", "person__code")
    return rows.filter(person=of) if of else rows


def substitutions(at: datetime) -> QuerySet[Substitute]:
    """Return who stands in for whom in periods that are not over at ``at``."""
    return Substitute.objects.filter(valid_to__gt=at).select_related("absent", "substitute").order_by("valid_from")


def stands_in_for(person_id: uuid.UUID, at: datetime) -> list[uuid.UUID]:
    """Return the persons whose open work this person sees as substitute at ``at`` (R-56)."""
    return list(Substitute.objects.filter(_valid_at(at), substitute_id=person_id).values_list("absent_id", flat=True))


class Post(NamedTuple):
    """A post in the line during ``[valid_from, valid_to)``."""

    department: str
    unit: str
    valid_from: datetime
    valid_to: datetime | None


def line_posts(person_ids: Iterable[uuid.UUID | str]) -> dict[str, list[Post]]:
    """Return the posts in the line that persons have had, by person id."""
    columns = ("person_id", "department__code", "unit", "valid_from", "valid_to")
    found: dict[str, list[Post]] = {}
    for person_id, *post in LinePost.objects.filter(person__in=set(person_ids)).values_list(*columns):
        found.setdefault(str(person_id), []).append(Post(*post))
    return found


def departments() -> list[Department]:
    """Return the departments of the line, by code."""
    return list(Department.objects.order_by("code"))


def department_of(person_id: uuid.UUID | str, at: datetime) -> Department | None:
    """Return the person's department at ``at``, for statistics only."""
    posts = LinePost.objects.filter(_valid_at(at), person_id=person_id).order_by("department__code")
    post = posts.select_related("department").first()
    return post.department if post else None
