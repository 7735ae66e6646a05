"""How rights have been used: counted from the permits that rested on them (domain 3.6)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from delegation.types import Act
from workflow_app.calendar import quarters
from workflow_app.cases.models import PermitRecord
from workflow_app.organisation.models import DelegationGrant

_DECIDED = Q(act=Act.DECIDE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What has been done on a right."""

    decisions: int
    acts: int
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """What has been decided on a right in a quarter, by row of the order."""

    begins: datetime
    decisions: int
    rows: tuple[tuple[str, int], ...]


def of_grants(grants: Iterable[uuid.UUID]) -> dict[uuid.UUID, Usage]:
    """Return how each of some rights has been used; one never used is left out."""
    rows = (
        PermitRecord.objects.filter(grant__in=list(grants))
        .values("grant")
        .annotate(decisions=Count("pk", filter=_DECIDED), acts=Count("pk"), last=Max("at"))
    )
    return {row["grant"]: Usage(decisions=row["decisions"], acts=row["acts"], last=row["last"]) for row in rows}


def by_quarter(grant: DelegationGrant, at: datetime) -> tuple[Quarter, ...]:
    """Return the quarters of a right until ``at`` or its end, the latest first; one without decisions says so."""
    rows = PermitRecord.objects.filter(_DECIDED, grant=grant).values_list("at", "rule")
    counted: dict[datetime, Counter[str]] = {}
    for moment, rule in rows:
        counted.setdefault(quarters.begins(moment), Counter())[rule] += 1
    found = []
    first, last = grant.valid_from, at if grant.valid_to is None else min(at, grant.valid_to)
    moment = quarters.begins(first)
    while moment <= last:
        rules = counted.get(moment, Counter())
        found.append(Quarter(begins=moment, decisions=rules.total(), rows=tuple(sorted(rules.items()))))
        moment = quarters.follows(moment)
    return tuple(reversed(found))
