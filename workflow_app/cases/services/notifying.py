"""Tell persons about their work. Run by jobs after the commit; each call is idempotent."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.utils.translation import gettext as _

from delegation import offers
from delegation.access import AUDIT
from workflow_app.cases import reading
from workflow_app.cases.models import Case, CaseAct, Decision, Notification, WorkItem
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

#: Why work was taken back, in its ledger entry.
GRANT_ENDED = "GRANT_ENDED"
ABSENCE = "ABSENCE"


def publish(*, case: uuid.UUID, at: datetime, seq: int | None = None) -> int:
    """Tell everyone whom a command gave work directly: returned to its writer (R-27), or handed over (R-63).

    ``seq`` is the command's place in the case's ledger.
    """
    rows = WorkItem.objects.filter(case=case, state=WorkItem.State.CLAIMED, claimed_at=F("offered_at"))
    given = [(row.claimed_by_id, row.pk) for row in rows if row.claimed_by_id]
    event = ledger.of_place(str(case), seq) if seq is not None else None
    if event is not None and event.kind == EventKind.WORK_HANDED_OVER:
        given.append((uuid.UUID(event.data["to"]), uuid.UUID(event.data["item"])))
    told = [
        Notification(person_id=person, work_item_id=item, kind=Notification.Kind.ASSIGNED, at=at)
        for person, item in given
    ]
    if event is not None and event.kind == EventKind.WORK_TAKEN_BACK:
        told += _taken_back(event, at)
    if event is not None and event.kind == EventKind.CASE_DECIDED:
        told += _decided_above(event, at)
    return len(Notification.objects.bulk_create(told, ignore_conflicts=True))


def _taken_back(event: ledger.Event, at: datetime) -> list[Notification]:
    """Return the word to whoever has lost work, with the right whose end took it (R-28)."""
    ended = uuid.UUID(event.data["about"]) if event.data["reason"] == GRANT_ENDED else None
    return [
        Notification(
            person_id=uuid.UUID(event.data["holder"]),
            work_item_id=uuid.UUID(item),
            grant_id=ended,
            kind=Notification.Kind.TAKEN_BACK,
            at=at,
        )
        for item in event.data["items"]
    ]


def _decided_above(event: ledger.Event, at: datetime) -> list[Notification]:
    """Return the word to those whose decision somebody above them has made (R-15).

    A head of unit is told of what the heads may decide; of those nearest the work, whoever has had a part in the case.
    """
    decision = Decision.objects.select_related("case", "act_record").get(pk=event.data["decision"])
    order = orders.order_in_force(event.at)
    lowest = next(row.constants["lowest_role"] for row in order.rows if row.id == decision.row)
    roles = offers.passed_over(order, decision.act_record.role, lowest)
    persons = set(organisation.holders(roles, decision.case.case_type, event.at)) if roles else set()
    if not offers.are_heads(order, roles):
        persons &= set(CaseAct.objects.filter(case=decision.case).values_list("person_id", flat=True))
    return [
        Notification(
            person_id=person,
            case=decision.case,
            kind=Notification.Kind.DECIDED,
            moment=str(decision.number),
            at=at,
        )
        for person in sorted(persons - {decision.decider_id})
    ]


def grant_changed(*, grant: uuid.UUID, what: str, at: datetime) -> int:
    """Tell a right's holder that it was given, revoked or has run out; and its giver, where another revoked it."""
    row = organisation.grant(grant)
    if row is None:
        return 0
    kind = Notification.Kind(what)
    if kind is Notification.Kind.ENDED and row.revoked_by_id is not None:
        return 0
    persons = {row.person_id}
    if kind is not Notification.Kind.GIVEN and row.revoked_by_id != row.granted_by_id:
        persons.add(row.granted_by_id)
    told = [Notification(person_id=person, grant=row, kind=kind, at=at) for person in persons - {row.revoked_by_id}]
    return len(Notification.objects.bulk_create(told, ignore_conflicts=True))


def usage_due(*, grant: uuid.UUID, until: datetime, at: datetime) -> int:
    """Tell whoever has lent a right that it is time to look at how it was used (domain 3.6)."""
    row = organisation.grant(grant)
    if row is None:
        return 0
    told = Notification(
        person_id=row.granted_by_id, grant=row, kind=Notification.Kind.USAGE, moment=f"{until:%Y%m%d}", at=at
    )
    return len(Notification.objects.bulk_create([told], ignore_conflicts=True))


def remind(*, item: uuid.UUID, at: datetime) -> int:
    """Tell the claimant that the due time of open work has passed. Unclaimed work shows as overdue in its pool."""
    row = WorkItem.objects.filter(pk=item, state=WorkItem.State.CLAIMED).first()
    if row is None or row.claimed_by_id is None:
        return 0
    told = Notification(person_id=row.claimed_by_id, work_item=row, kind=Notification.Kind.OVERDUE, at=at)
    return len(Notification.objects.bulk_create([told], ignore_conflicts=True))


def send_message(*, case: uuid.UUID, kind: str) -> None:
    """Ask the registry to expedite a letter; the mail names the case and the kind of letter, never its content."""
    number = Case.objects.values_list("case_number", flat=True).get(pk=case)
    subjects = {
        "NOTICE": _("Send notice of supervision"),
        "COMMUNICATION": _("Send material for comment"),
        "MESSAGE": _("Send a message"),
    }
    send_mail(
        subject=f"{subjects[kind]}: {number}",
        message=_("Open the case in Beredd and send the letter to the parties."),
        from_email=None,
        recipient_list=[settings.BEREDD_REGISTRY_EMAIL],
    )


def inform_audit(*, case: uuid.UUID, at: datetime) -> int:
    """Write to internal audit that a decision it is to know of has been made; return to how many (R-18)."""
    number = Case.objects.values_list("case_number", flat=True).get(pk=case)
    recipients = organisation.addresses(AUDIT, at)
    send_mail(
        subject=f"{_('Decision to know of')}: {number}",
        message=_("A decision that internal audit is told of has been made. Open the case in Beredd to read it."),
        from_email=None,
        recipient_list=recipients,
    )
    return len(recipients)


def unread(person: uuid.UUID) -> list[Notification]:
    """Return what a person has not read, newest first."""
    # What was told before a wall was raised is told no more.
    outside = [reading.outside_walls(person, case) for case in ("work_item__case__", "deadline__case__", "case__")]
    rows = Notification.objects.filter(*outside, person=person, read_at__isnull=True).select_related(
        "work_item__case", "deadline__case", "case", "grant__person", "grant__granted_by", "grant__revoked_by"
    )
    return list(rows.order_by("-at")[:50])


def unread_count(person: uuid.UUID) -> int:
    """Return how much a person has not read."""
    return Notification.objects.filter(person=person, read_at__isnull=True).count()


def mark_read(*, person: uuid.UUID, at: datetime, until: datetime | None = None) -> int:
    """Mark what a person has been told as read: everything, or what came no later than ``until``."""
    rows = Notification.objects.filter(person=person, read_at__isnull=True)
    return (rows.filter(at__lte=until) if until else rows).update(read_at=at)
