"""What the house itself can see that may be a conflict of interest in a case (R-06)."""

from __future__ import annotations

import uuid
from datetime import datetime

from delegation import conflict_signs
from delegation.conflict_signs import Sign
from workflow_app.cases.models import Case, CaseLink, Decision, LinkKind
from workflow_app.registry import selectors as registry


def signs(case: Case, person: uuid.UUID, at: datetime) -> tuple[Sign, ...]:
    """Return the signs of a conflict between a person and whom a case is about, from registers and earlier cases."""
    about = (case.unit_id, case.provider_id, case.principal_id, case.licensed_person_id)
    parties = {party for party in about if party}
    ties = registry.ties(person, parties) if parties else []
    # A part of the case is the same matter, decided together with it.
    sources = CaseLink.objects.filter(to_case=case).exclude(kind=LinkKind.CHILD).values("from_case")
    decided = Decision.objects.filter(case__in=sources, decider=person).order_by("case__case_number")
    numbers = dict.fromkeys(decided.values_list("case__case_number", flat=True))
    found = conflict_signs.signs(ties, parties=parties, decided=numbers, on=registry.day_of(at))
    return tuple(dict.fromkeys(found))
