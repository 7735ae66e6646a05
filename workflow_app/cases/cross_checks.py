"""Check permits and supervision against each other (JB-4, S-81): what the one knows, the other is told.

A provider that has both an open permit case and an open serious supervision case asks for joint preparation, in
whichever of them a decision is prepared, and also when the other was opened or became serious later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflow_app.cases import typed_json
from workflow_app.cases.models import Case

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

PERMIT = "TIL"
SUPERVISION = frozenset({"ETV", "NTS", "FTB"})
CONCERNED = SUPERVISION | {PERMIT}
#: What makes a supervision case serious, beside danger and harm to a child.
SERIOUS_RISK = frozenset({"HIGH", "ACUTE"})
#: How the types of decision begin that the ladder ends with, from an injunction on.
SERIOUS_DECISIONS = ("INJUNCTION", "BAN", "REVOKE", "INTERIM")


def serious(case_type: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether a case is serious supervision."""
    if case_type not in SUPERVISION:
        return False
    decided = str(facts.get("decided_type") or "").removeprefix(f"{case_type}_")
    return (
        facts.get("risk_class") in SERIOUS_RISK
        or facts.get("danger") is True
        or facts.get("child_harm") is True
        or decided.startswith(SERIOUS_DECISIONS)
    )


def check(turn: Turn) -> bool:
    """Give the facts of open permit cases and open serious supervision of the provider; tell whether they changed."""
    facts = turn.facts.values
    provider = facts.get("provider_id")
    if turn.case.case_type not in CONCERNED or not provider:
        return False
    own = turn.case.case_type
    others = Case.objects.filter(provider_id=provider, state=Case.State.OPEN, case_type__in=CONCERNED)
    rows = others.exclude(pk=turn.case.pk).values_list("case_type", "facts")
    found = {
        "open_permit_case": own == PERMIT,
        "open_serious_supervision": serious(own, facts),
    }
    for case_type, stored in rows:
        found["open_permit_case"] |= case_type == PERMIT
        found["open_serious_supervision"] |= serious(case_type, typed_json.loads(stored))
    return turn.facts.find(found)


def others_should_know(turn: Turn) -> bool:
    """Tell, once, that the case has become one that the provider's other cases must be checked against."""
    facts = turn.facts.values
    own = turn.case.case_type
    if own not in CONCERNED or not facts.get("provider_id"):
        return False
    known = facts["provider_id"] if own == PERMIT or serious(own, facts) else None
    if facts.get("cross_checked") == known:
        return False
    turn.facts.take({"cross_checked": known})
    return True
