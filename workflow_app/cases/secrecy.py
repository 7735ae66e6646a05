"""Read what is kept apart in a case: sealed names, the need-to-know list, and who is let in by name (R-73..R-75)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from delegation import access
from delegation.access import Exceptional, View
from workflow_app.cases import reading
from workflow_app.cases.models import Case, NamedException, NeedToKnow, SealedName
from workflow_app.organisation import selectors as organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """A pseudonym, and who has read whom it stands for. Never the name."""

    id: uuid.UUID
    pseudonym: str
    kind: str
    protected: bool
    may_read: bool
    #: Name of the reader and when.
    readings: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """A person let into the case by name."""

    id: int
    person_name: str
    what: str
    reason: str
    given_by: str
    valid_to: datetime
    may_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrecy:
    """Everything the page about the secrecy of a case shows."""

    case: Case
    #: False for whoever only knows of the case, and keeps its wall: then there are no names here, and no exceptions.
    is_open: bool
    sealed: tuple[SealedRow, ...]
    #: Id and name of those who need to know of a walled case.
    knowing: tuple[tuple[str, str], ...]
    may_keep_wall: bool
    exceptions: tuple[ExceptionRow, ...]
    #: What the reader may let others in for.
    may_give: tuple[str, ...]


def secrecy(case_id: uuid.UUID, person: uuid.UUID, at: datetime) -> Secrecy:
    """Return the page about the secrecy of a case. Raises ``UnknownCase`` and ``ContentClosed``.

    A keeper of the need-to-know list keeps it without reading the case.
    """
    case, seen = reading.known_case(case_id, person, at)
    actor = organisation.actor_at(person, at)
    stand = reading.stand(actor, case, at)
    inside = seen is View.CONTENT
    if not inside and not (stand.walled and access.may_keep_wall(actor, stand)):
        reading.readable_case(case_id, person, at)
    sealed = list(SealedName.objects.filter(case=case).prefetch_related("readings__person").order_by("pseudonym"))
    given = NamedException.objects.filter(content_object=case, valid_to__gt=at)
    listed = NeedToKnow.objects.filter(case=case, ended_at__isnull=True).select_related("person")

    def may_give(what: Exceptional, to: str = "") -> bool:
        return access.may_give(actor, stand, to=to, what=what)

    return Secrecy(
        case=case,
        is_open=inside,
        sealed=tuple(
            SealedRow(
                id=row.pk,
                pseudonym=row.pseudonym,
                kind=row.kind,
                protected=row.protected,
                may_read=access.may_read_identity(actor, stand, protected=row.protected),
                readings=tuple((each.person.display_name, each.at) for each in row.readings.all()),
            )
            for row in (sealed if inside else ())
        ),
        knowing=tuple((str(row.person_id), row.person.display_name) for row in listed.order_by("person__code")),
        may_keep_wall=access.may_keep_wall(actor, stand),
        exceptions=tuple(
            ExceptionRow(
                id=row.pk,
                person_name=row.user.person.display_name,
                what=row.permission.codename,
                reason=row.reason,
                given_by=row.given_by.display_name,
                valid_to=row.valid_to,
                may_end=may_give(Exceptional(row.permission.codename), str(row.user.person_id)),
            )
            for row in given.select_related("user__person", "permission", "given_by").order_by("valid_to", "pk")
            if inside
        ),
        may_give=tuple(what.value for what in Exceptional if may_give(what)),
    )
