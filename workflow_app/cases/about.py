"""What the authority has had to do with an entry of a register, as far as a reader may know (R-73, R-75)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from delegation.access import View
from workflow_app.cases import reading
from workflow_app.cases.models import Case, Decision
from workflow_app.registry.models import Entry, Register, SupervisedUnit

#: The newest are shown.
MOST_CASES = 100
COLUMNS: Mapping[Register, str] = {
    Register.SUPERVISED_UNIT: "unit",
    Register.PROVIDER: "provider",
    Register.PRINCIPAL: "principal",
    Register.LICENSED_PERSON: "licensed_person",
}
#: Decisions after which somebody has to report, until the case closes.
DEMANDS = ("DEMAND_REPORT_1", "DEMAND_REPORT_2", "DEMAND_REPORT_3", "DEMAND_REPORT_4", "INJUNCTION", "INJUNCTION_FINE")
PERMITS = (
    "PERMIT_GRANT",
    "PERMIT_GRANT_COND",
    "PERMIT_CHANGE",
    "PERMIT_MANAGER",
    "PERMIT_REVOKE_REQUEST",
    "REVOKE_AFTER",
    "REVOKE_DIRECT",
    "REVOKE_SUITABILITY",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The readable cases about an entry, newest first, and what of them is in force."""

    cases: tuple[Case, ...]
    #: Demands in open cases: somebody has a plan to follow.
    plans: tuple[Decision, ...]
    #: What has been decided about permits, newest first.
    permits: tuple[Decision, ...]


def about(entry: Entry, person: uuid.UUID, at: datetime) -> About:
    """Return what there is about an entry. A unit's permits are also those its provider was given for no one unit."""
    if entry.REGISTER not in COLUMNS:
        return About(cases=(), plans=(), permits=())
    cases = _readable(Q(**{COLUMNS[entry.REGISTER]: entry.code}), person, at)
    permitted = cases
    if isinstance(entry, SupervisedUnit):
        of_provider = Q(provider=entry.provider_id, unit__isnull=True, case_type="TIL")
        permitted = (*cases, *_readable(of_provider, person, at))
    return About(
        cases=cases,
        plans=_decisions((case for case in cases if case.state == Case.State.OPEN), DEMANDS),
        permits=_decisions(permitted, PERMITS),
    )


def _readable(condition: Q, person: uuid.UUID, at: datetime) -> tuple[Case, ...]:
    rows = list(Case.objects.select_related("proposal").filter(condition).order_by("-opened_at", "-id")[:MOST_CASES])
    views = reading.Reader(person, at).views(rows)
    return tuple(case for case in rows if views[case.pk] is View.CONTENT)


def _decisions(cases: Iterable[Case], types: Iterable[str]) -> tuple[Decision, ...]:
    rows = Decision.objects.filter(case__in=[case.pk for case in cases], decision_type__in=list(types))
    return tuple(rows.select_related("case").order_by("-decided_at"))
