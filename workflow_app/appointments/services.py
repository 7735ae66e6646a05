"""Give and revoke rights, register absences: each one transaction with its ledger entry and its jobs (S-07, R-28).

A refusal changes nothing and is recorded in a transaction of its own, as in a case.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from delegation import appointing, standing_in
from delegation.types import Actor, Bar, GrantKind
from workflow_app.appointments.errors import AppointmentRefused, NothingToEnd, UnknownGrant
from workflow_app.calendar import quarters
from workflow_app.ledger import selectors as ledger_selectors
from workflow_app.ledger import services as ledger
from workflow_app.ledger.chain import Data
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation import services as organisation_services
from workflow_app.organisation.errors import GrantRefused
from workflow_app.organisation.models import Absence, DelegationGrant
from workflow_app.outbox import services as outbox
from workflow_app.outbox.models import Job

STREAM = "APPOINTMENTS"
Done = TypeVar("Done")


def give(
    *,
    person: uuid.UUID,
    role: str,
    case_type: str,
    by: uuid.UUID,
    valid_from: datetime,
    key: str,
    at: datetime,
    valid_to: datetime | None = None,
    kind: GrantKind = GrantKind.APPOINTMENT,
    rules: tuple[str, ...] = (),
    on_behalf_of: str = "",
) -> DelegationGrant:
    """Appoint a person or lend a right (G-5, R-59, R-60, R-63).

    Raises ``AppointmentRefused`` (recorded) with every reason, ``organisation.errors.UnknownPerson`` and
    ``organisation.errors.GrantRefused`` for an unknown case type.
    """
    command = f"{by}:{key}"

    def do() -> DelegationGrant:
        if (seen := ledger_selectors.of_command(command)) is not None:
            return DelegationGrant.objects.get(pk=seen.data["grant"])
        holder = organisation.person(person)
        try:
            row = organisation_services.give_grant(
                person=holder,
                role=role,
                case_type=case_type,
                granted_by=organisation.person(by),
                valid_from=valid_from,
                valid_to=valid_to,
                kind=kind,
                rules=rules,
                on_behalf_of=on_behalf_of,
                at=at,
            )
        except GrantRefused as refusal:
            if refusal.bars:
                raise AppointmentRefused(refusal.bars) from refusal
            raise
        # The giver's own grants stay locked until this commits: a giver who loses the right meanwhile has lost it.
        giver = organisation.actor_locked(by, at)
        order = orders.order_in_force(at)
        _refuse(
            appointing.bars(
                organisation.to_grant(row), giver=giver, holder=organisation.actor_at(person, valid_from), order=order
            )
        )
        _record(EventKind.GRANT_GIVEN, command=command, by=by, at=at, data=_told(row))
        _follow_up(row, at)
        return row

    return _recording(
        do, command=command, act="GIVE_GRANT", by=by, at=at, person=str(person), role=role, case_type=case_type
    )


def revoke(*, grant: uuid.UUID, by: uuid.UUID, key: str, at: datetime) -> DelegationGrant:
    """End a right at once (R-28). What its holder has taken and no other grant reaches is taken back by a job.

    Raises ``UnknownGrant``, ``NothingToEnd`` and ``AppointmentRefused`` (recorded).
    """
    command = f"{by}:{key}"

    def do() -> DelegationGrant:
        row = organisation.grant(grant)
        if row is None:
            raise UnknownGrant("there is no such grant; go back to the register")
        if ledger_selectors.of_command(command) is not None:
            return row
        bar = appointing.revoke_bar(
            organisation.to_grant(row), by=organisation.actor_locked(by, at), order=orders.order_in_force(at)
        )
        _refuse([bar] if bar else [])
        try:
            row = organisation_services.revoke_grant(grant=grant, at=at, by=organisation.person(by))
        except GrantRefused as refusal:
            raise NothingToEnd(str(refusal)) from refusal
        _record(EventKind.GRANT_REVOKED, command=command, by=by, at=at, data=_told(row))
        outbox.put(_changed(row, "REVOKED", at))
        return row

    return _recording(do, command=command, act="REVOKE_GRANT", by=by, at=at, grant=str(grant))


def register_absence(
    *,
    person: uuid.UUID,
    valid_from: datetime,
    valid_to: datetime,
    by: uuid.UUID,
    key: str,
    at: datetime,
    substitute: uuid.UUID | None = None,
) -> Absence:
    """Register that a person is away, and who stands in (R-56, R-57). The deputy then serves as director-general.

    Raises ``AppointmentRefused`` (recorded) and ``organisation.errors.UnknownPerson``.
    """
    command = f"{by}:{key}"

    def do() -> Absence:
        if (seen := ledger_selectors.of_command(command)) is not None:
            return Absence.objects.get(pk=seen.data["absence"])
        order = orders.order_in_force(at)
        absent = organisation.actor_at(person, at)
        arranger = organisation.actor_at(by, at)
        stand_in = organisation.actor_at(substitute, at) if substitute else None
        found = [
            standing_in.arrange_bar(absent, by=arranger, order=order),
            standing_in.substitute_bar(stand_in, absent=absent, order=order) if stand_in else None,
            Bar(code="ENDS_BEFORE_IT_BEGINS", rule_id="R-56") if valid_to <= max(valid_from, at) else None,
        ]
        _refuse(bar for bar in found if bar)
        row = organisation_services.register_absence(
            person=organisation.person(person), valid_from=valid_from, valid_to=valid_to
        )
        acting = _stand_in(absent, stand_in, row, by=by, at=at) if stand_in else None
        _record(
            EventKind.ABSENCE_REGISTERED,
            command=command,
            by=by,
            at=at,
            data={
                "absence": row.pk,
                "person": str(person),
                "substitute": str(substitute) if substitute else None,
                "valid_from": valid_from.isoformat(),
                "valid_to": valid_to.isoformat(),
                "acting_grant": acting,
            },
        )
        outbox.put(
            outbox.job(
                kind="ABSENCE_BEGINS",
                due_at=max(valid_from, at),
                payload={"absence": str(row.pk)},
                dedupe_key=f"absence:{row.pk}",
            )
        )
        return row

    return _recording(do, command=command, act="REGISTER_ABSENCE", by=by, at=at, person=str(person))


def end_absence(*, absence: int, by: uuid.UUID, key: str, at: datetime) -> Absence:
    """Register that a person is back, or never went; substitutes no longer stand in (R-56).

    Raises ``UnknownGrant``, ``NothingToEnd`` and ``AppointmentRefused`` (recorded).
    """
    command = f"{by}:{key}"

    def do() -> Absence:
        row = Absence.objects.select_related("person").filter(pk=absence).first()
        if row is None:
            raise UnknownGrant("there is no such absence; go back to the list")
        if ledger_selectors.of_command(command) is not None:
            return row
        bar = standing_in.arrange_bar(
            organisation.actor_at(row.person_id, at),
            by=organisation.actor_at(by, at),
            order=orders.order_in_force(at),
        )
        _refuse([bar] if bar else [])
        try:
            row = organisation_services.end_absence(absence=absence, at=at)
        except GrantRefused as refusal:
            raise NothingToEnd(str(refusal)) from refusal
        for grant in organisation.acting_for(row.person_id, at):
            ended = organisation_services.revoke_grant(grant=grant.pk, at=at, by=organisation.person(by))
            outbox.put(_changed(ended, "REVOKED", at))
        about: dict[str, Data] = {"absence": absence, "person": str(row.person_id)}
        _record(EventKind.ABSENCE_ENDED, command=command, by=by, at=at, data=about)
        return row

    return _recording(do, command=command, act="END_ABSENCE", by=by, at=at, absence=absence)


def _stand_in(absent: Actor, stand_in: Actor, row: Absence, *, by: uuid.UUID, at: datetime) -> str | None:
    """Name the substitute; give the deputy the right to act as director-general meanwhile, and return its id."""
    substitute = organisation.person(stand_in.person)
    organisation_services.appoint_substitute(
        absent=row.person, substitute=substitute, valid_from=row.valid_from, valid_to=row.valid_to
    )
    if not standing_in.serves_as_director(stand_in, absent=absent):
        return None
    grant = organisation_services.give_grant(
        person=substitute,
        role="STF",
        case_type=DelegationGrant.ALL_CASE_TYPES,
        kind=GrantKind.SUBSTITUTION,
        granted_by=row.person,
        on_behalf_of=absent.person,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        at=at,
    )
    _follow_up(grant, at)
    return str(grant.pk)


def _follow_up(row: DelegationGrant, at: datetime) -> None:
    """Ask for what follows on a grant: its holder is told, and what it reached is taken back when it runs out."""
    jobs = [_changed(row, "GIVEN", at)]
    if row.valid_to is not None:
        jobs.append(_changed(row, "ENDED", row.valid_to))
    if row.kind == GrantKind.SUB_DELEGATION.value and row.valid_to is not None:
        jobs += [
            outbox.job(
                kind="USAGE_REPORT",
                due_at=moment,
                payload={"grant": str(row.pk), "until": moment.isoformat()},
                dedupe_key=f"usage:{row.pk}:{moment:%Y%m%d}",
            )
            for moment in quarters.ends(row.valid_from, row.valid_to)
        ]
    outbox.put(*jobs)


def _changed(row: DelegationGrant, what: str, due_at: datetime) -> Job:
    return outbox.job(
        kind="GRANT_CHANGED",
        due_at=due_at,
        payload={"grant": str(row.pk), "what": what},
        dedupe_key=f"grant:{row.pk}:{what}",
    )


def _told(row: DelegationGrant) -> dict[str, Data]:
    grant = organisation.to_grant(row)
    return {
        "grant": grant.id,
        "holder": grant.person,
        "role": grant.role,
        "case_types": sorted(grant.case_types) if grant.case_types else ["ALL"],
        "rules": sorted(grant.rules or ()),
        "kind": grant.kind.value,
        "granted_by": grant.granted_by,
        "on_behalf_of": grant.on_behalf_of,
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to.isoformat() if grant.valid_to else None,
    }


def _refuse(bars: Iterable[Bar]) -> None:
    found = tuple(bars)
    if found:
        raise AppointmentRefused(found)


def _record(kind: EventKind, *, command: str, by: uuid.UUID, at: datetime, data: Mapping[str, Data]) -> None:
    ledger.record(stream=STREAM, kind=kind, at=at, person=str(by), command=command, data=data)


def _recording(do: Callable[[], Done], *, command: str, act: str, by: uuid.UUID, at: datetime, **about: Data) -> Done:
    """Do it in one transaction; a refusal undoes it and is recorded by itself."""
    try:
        with transaction.atomic():
            return do()
    except IntegrityError:
        # The same command ran at the same time and won; then its entry is there now, and what it made is the answer.
        if ledger_selectors.of_command(command) is None:
            raise
        return do()
    except AppointmentRefused as refusal:
        ledger.record(
            stream=STREAM,
            kind=EventKind.ACT_REFUSED,
            at=at,
            person=str(by),
            command=f"refused:{uuid.uuid4()}",
            data={"act": act, "bars": [f"{bar.code}:{bar.rule_id}" for bar in refusal.bars], **about},
        )
        raise
