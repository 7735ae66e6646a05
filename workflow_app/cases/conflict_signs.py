"""What the house itself can see that may be a conflict of interest in a case (R-06)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Final

from django.db.models import CharField, QuerySet, UUIDField

from delegation import conflict_signs
from delegation.conflict_signs import Sign, Tie, TieKind
from workflow_app.cases.kept_query import KeptQuery
from workflow_app.cases.models import Case, CaseLink, Decision, LinkKind
from workflow_app.registry import selectors as registry

#: What a case may be about.
_PARTIES: Final = ("unit", "provider", "principal", "licensed_person")


def _ties(*, person: uuid.UUID, **parties: str) -> QuerySet[Any, tuple[Any, ...]]:
    return registry.ties(person, parties.values()).values_list("kind", "party", "active_from", "active_to")


def _decided(*, person: uuid.UUID, case: uuid.UUID) -> QuerySet[Any, tuple[str]]:
    # A part of the case is the same matter, decided together with it.
    sources = CaseLink.objects.filter(to_case=case).exclude(kind=LinkKind.CHILD).values("from_case")
    decided = Decision.objects.filter(case__in=sources, decider=person).order_by("case__case_number")
    return decided.values_list("case__case_number")


_TIES = KeptQuery(
    _ties,
    {"person": (UUIDField(), uuid.UUID(int=1)), **{name: (CharField(), f"sample {name}") for name in _PARTIES}},
)
_DECIDED = KeptQuery(_decided, {"person": (UUIDField(), uuid.UUID(int=1)), "case": (UUIDField(), uuid.UUID(int=2))})


def signs(case: Case, person: uuid.UUID, at: datetime) -> tuple[Sign, ...]:
    """Return the signs of a conflict between a person and whom a case is about, from registers and earlier cases."""
    about = {name: getattr(case, f"{name}_id") or "" for name in _PARTIES}
    parties = {party for party in about.values() if party}
    rows = _TIES.rows(person=person, **about) if parties else []
    ties = [Tie(kind=TieKind(kind), party=party, since=since, until=until) for kind, party, since, until in rows]
    numbers = dict.fromkeys(number for (number,) in _DECIDED.rows(person=person, case=case.pk))
    found = conflict_signs.signs(ties, parties=parties, decided=numbers, on=registry.day_of(at))
    return tuple(dict.fromkeys(found))
