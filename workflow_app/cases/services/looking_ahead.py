"""Look ahead at who is left to decide, and tell the heads of a case type when nobody is. Run by jobs."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, time, timedelta

from delegation.types import Grant
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import readiness
from workflow_app.cases.acts import RULING
from workflow_app.cases.deadlines import Told
from workflow_app.cases.models import Case, Notification
from workflow_app.cases.services import deadlines
from workflow_app.cases.staffing import Office
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation
from workflow_app.outbox import services as outbox

#: When nobody works, by Swedish time.
NIGHT = time(3, 0)


#: After these somebody may be out of a case.
LEAVING = frozenset({EventKind.CONFLICT_DECLARED, EventKind.CONFLICT_RULED})


def after_event(*, case: uuid.UUID, seq: int, at: datetime) -> int:
    """Look at a case after a circumstance was declared or ruled on in it; return how many people were told."""
    event = ledger.of_place(str(case), seq)
    if event is None:
        return 0
    ruled = event.kind == EventKind.CASE_DECIDED and event.data.get("decision_type") == RULING
    if event.kind not in LEAVING and not ruled:
        return 0
    return _look([Case.objects.select_related("proposal").get(pk=case)], at)


def after_grant(*, grant: uuid.UUID, at: datetime) -> int:
    """Look at the open cases that a right which has ended could reach; return how many people were told."""
    row = organisation.grant(grant)
    return _look_in([organisation.to_grant(row)], at) if row else 0


def after_absence(*, absence: int, at: datetime) -> int:
    """Look at the open cases that an absent person's rights reach; return how many people were told."""
    row = organisation.absence(absence)
    return _look_in(organisation.actor_at(row.person_id, at).grants, at) if row else 0


def _look_in(grants: Collection[Grant], at: datetime) -> int:
    rows = Case.objects.filter(state=Case.State.OPEN, proposal__isnull=False).select_related("proposal")
    if all(grant.case_types is not None for grant in grants):
        rows = rows.filter(case_type__in={one for grant in grants for one in grant.case_types or ()})
    return _look(list(rows), at)


def _look(cases: Collection[Case], at: datetime) -> int:
    office = Office(at)
    return sum(
        _tell(case, at)
        for case in cases
        if case.state == Case.State.OPEN
        and (found := office.outlook(case, away=0)) is not None
        and found.shortage is not None
    )


def night(*, at: datetime) -> int:
    """Make the night's report, have the next one made, and tell of the cases that nobody is left for."""
    # First: a night that fails must not be the last.
    put_next_night(after=at)
    found = readiness.report(at)
    readiness.keep(found)
    cases = Case.objects.filter(pk__in=[each.case for each in found.undecidable if each.case])
    return sum(_tell(case, at) for case in cases)


def put_next_night(*, after: datetime) -> None:
    """Have the next night's report made; once, however often it is asked for."""
    day = after.astimezone(STOCKHOLM).date()
    moment = datetime.combine(day, NIGHT, STOCKHOLM)
    if moment <= after:
        moment = datetime.combine(day + timedelta(days=1), NIGHT, STOCKHOLM)
    outbox.put(outbox.job(kind="LOOK_AHEAD", due_at=moment, payload={}, dedupe_key=f"look_ahead:{moment:%Y%m%d}"))


def _tell(case: Case, at: datetime) -> int:
    """Tell the heads of a case's type, at most once a day; return how many did not know."""
    day = f"{at.astimezone(STOCKHOLM):%y%m%d}"
    about = {"case": case, "kind": Notification.Kind.UNSTAFFED, "moment": day}
    persons = set(deadlines.persons_told(case, Told.HEAD, at))
    known = set(Notification.objects.filter(**about).values_list("person_id", flat=True))
    told = [Notification(person_id=person, at=at, **about) for person in sorted(persons - known)]
    Notification.objects.bulk_create(told, ignore_conflicts=True)
    return len(told)
