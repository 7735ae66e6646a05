"""Read deadlines for the interfaces: of a case, of a worklist, and those the authority is held to account for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from workflow_app.calendar import working_days
from workflow_app.cases.deadlines import KINDS, ON_THE_WAY, Told
from workflow_app.cases.models import Case, CaseAct, Deadline, Decision
from workflow_app.orders import selectors as orders


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A deadline as it is shown."""

    case_id: uuid.UUID
    kind: str
    label: str
    #: How it is counted: "four weeks from the party's request".
    counted: str
    #: Where it comes from, as the statute reads; empty for the authority's own.
    legal_basis: str
    statutory: bool
    due_on: date
    #: ``OPEN``, ``MET``, ``MET_LATE`` or ``PASSED``.
    state: str
    ended_at: datetime | None


def _row(row: Deadline, at: datetime) -> DeadlineRow:
    about = KINDS[row.kind]
    registry, key = orders.order_in_force(at).legal_basis, row.legal_basis
    if row.met_at:
        state = "MET_LATE" if row.met_at >= row.due_at else "MET"
    else:
        state = "PASSED" if row.due_at <= at else "OPEN"
    return DeadlineRow(
        case_id=row.case_id,
        kind=row.kind,
        label=str(about.label),
        counted=str(about.counted),
        # A deadline may name what an order adopted before it does not know; then its key must do.
        legal_basis=registry.reference(key, row.starts_on).text if key in registry.keys else key,
        statutory=row.statutory,
        due_on=row.due_on,
        state=state,
        ended_at=row.met_at or row.expired_at,
    )


def of_case(case: Case, at: datetime) -> tuple[DeadlineRow, ...]:
    """Return a case's deadlines, those that run or have passed first; the withdrawn are left out."""
    rows = [_row(row, at) for row in case.deadlines.filter(withdrawn_at__isnull=True)]
    return tuple(sorted(rows, key=lambda row: (row.state.startswith("MET"), row.due_on, row.kind)))


def nearest(cases: Iterable[uuid.UUID], at: datetime) -> Mapping[uuid.UUID, DeadlineRow]:
    """Return the next deadline of each case that has one: a statutory one before the authority's own the same day."""
    rows = Deadline.objects.filter(case__in=set(cases), met_at__isnull=True, withdrawn_at__isnull=True)
    found: dict[uuid.UUID, DeadlineRow] = {}
    for row in rows.order_by("due_at", "-statutory", "kind"):
        if row.case_id not in found:
            found[row.case_id] = _row(row, at)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A deadline that has passed unmet, of which the director-general is told."""

    case_id: uuid.UUID
    case_number: str
    case_type: str
    deadline: DeadlineRow


def for_the_director(at: datetime) -> tuple[Overdue, ...]:
    """Return what has passed unmet of that which goes to the director-general, oldest first (R-51, R-81)."""
    alarming = [kind for kind, about in KINDS.items() if Told.DIRECTOR in about.alarmed]
    rows = Deadline.objects.filter(
        kind__in=alarming,
        due_at__lte=at,
        met_at__isnull=True,
        withdrawn_at__isnull=True,
        case__state=Case.State.OPEN,
    ).select_related("case")
    return tuple(
        Overdue(
            case_id=row.case_id,
            case_number=row.case.case_number,
            case_type=row.case.case_type,
            deadline=_row(row, at),
        )
        for row in rows.order_by("due_at", "case__case_number")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OldCase:
    """A case on the list to the Chancellor of Justice."""

    case_id: uuid.UUID
    case_number: str
    case_type: str
    received_on: date
    latest_act_on: date | None
    #: ``OPEN`` or ``CLOSED`` now, after the year that the list is about.
    state: str


def jk_list(year: int) -> tuple[OldCase, ...]:
    """Return the list of 1 March ``year``: received before 1 July the year before, undecided when it ended (MF 29 §).

    A case is decided by a decision that ends the matter, not by one on the way to it (R-86).
    """
    ended = working_days.midnight(date(year, 1, 1))
    deciding = Decision.objects.filter(case=OuterRef("pk"), decided_at__lt=ended).exclude(decision_type__in=ON_THE_WAY)
    rows = Case.objects.filter(
        ~Exists(deciding),
        Q(closed_at__isnull=True) | Q(closed_at__gte=ended),
        opened_at__lt=working_days.midnight(date(year - 1, 7, 1)),
    ).order_by("opened_at", "case_number")
    latest: dict[uuid.UUID, datetime] = {}
    for case, at in CaseAct.objects.filter(case__in=rows).order_by("at").values_list("case_id", "at"):
        latest[case] = at
    return tuple(
        OldCase(
            case_id=row.pk,
            case_number=row.case_number,
            case_type=row.case_type,
            received_on=_day(row.opened_at),
            latest_act_on=_day(latest[row.pk]) if row.pk in latest else None,
            state=row.state,
        )
        for row in rows
    )


def _day(at: datetime) -> date:
    return at.astimezone(working_days.STOCKHOLM).date()
