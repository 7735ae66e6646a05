"""Absence and substitutes: who arranges for it, who may stand in, and what standing in gives (R-56, R-57, domain 3.6).

Standing in lets a person see and take over another's open work. It gives no right: the substitute's own grants must
reach each act. Only the deputy is lent one, while serving as director-general (MF 24 §).
"""

from __future__ import annotations

from typing import Final

from delegation.appointing import appoints, covers
from delegation.order import DelegationOrder
from delegation.roles import DEPUTY, DIRECTOR
from delegation.types import Act, Actor, Bar, GrantKind

#: Acts that judge a proposal: none is done in another's place by whoever wrote it.
_JUDGING: Final = frozenset({Act.REVIEW, Act.CONSULT, Act.ANSWER, Act.DECIDE})


def arrange_bar(person: Actor, *, by: Actor, order: DelegationOrder) -> Bar | None:
    """Return why somebody may not register another's absence: it is one's own, or theirs who appoint one (R-56)."""
    if by.person == person.person:
        return None
    if any(appoints(held, grant, order) for held in by.grants for grant in person.grants):
        return None
    return Bar(code="NOT_OWN_ABSENCE", rule_id="R-56")


def substitute_bar(substitute: Actor, *, absent: Actor, order: DelegationOrder) -> Bar | None:
    """Return why somebody cannot stand in: no own grant at the same or a higher level in a case type (R-57).

    An account is not a person: whoever has two is nobody's substitute but others' (R-64).
    """
    if substitute.person == absent.person:
        return Bar(code="OWN_SUBSTITUTE", rule_id="R-64")
    if serves_as_director(substitute, absent=absent):
        return None
    for lacking in absent.grants:
        for held in substitute.grants:
            reaches = held.role in order.roles and order.roles.reaches(held.role, lacking.role)
            if reaches and held.kind is GrantKind.APPOINTMENT and covers(held, lacking):
                return None
    return Bar(code="SUBSTITUTE_LACKS_GRANT", rule_id="R-57")


def serves_as_director(substitute: Actor, *, absent: Actor) -> bool:
    """Tell whether the deputy stands in for the director-general, and so serves as one (MF 24 §)."""
    return any(one.role == DIRECTOR for one in absent.grants) and any(
        one.role == DEPUTY and one.kind is GrantKind.APPOINTMENT for one in substitute.grants
    )


def take_over_bar(
    *, taker: str, holder_is_away: bool, substitutes: frozenset[str], act: Act, prepared_by: frozenset[str]
) -> Bar | None:
    """Return why somebody may not take over an absent person's work (R-56, R-57).

    Whether the taker's own grants reach the act is asked as for any claim.
    """
    if not holder_is_away:
        return Bar(code="HOLDER_NOT_AWAY", rule_id="R-56", personal=True)
    if taker not in substitutes:
        return Bar(code="NOT_THE_SUBSTITUTE", rule_id="R-56", personal=True)
    if act in _JUDGING and taker in prepared_by:
        return Bar(code="SUBSTITUTE_PREPARED", rule_id="R-57", personal=True)
    return None
