"""Who may give a right and revoke it (G-5, domain 3.6).

A post gives no right and no right comes of itself: somebody who stands above gives it, never to oneself. A lent right
names its rows and its end, and is never lent on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from delegation.order import DelegationOrder
from delegation.roles import DEPUTY, DIRECTOR, Chain, Role
from delegation.types import Act, Actor, Bar, Grant, GrantKind

#: A sub-delegation lasts at most twelve months (R-59).
LONGEST_SUB_DELEGATION: Final = timedelta(days=366)
#: From this level a head of the decision chain appoints those below (domain 2.1).
_APPOINTS_FROM: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Lendable:
    """A row that may be lent in a case type, to a role, by a holder of another."""

    rule: str
    title: str
    #: The condition that the order states, in words; asked at every decision.
    condition: str
    case_type: str
    role: str
    on_behalf_of: str


def flaws(grant: Grant, giver: Actor) -> Iterator[Bar]:
    """Yield what no order could allow: a right given to oneself, and a lent one that breaks R-59 or R-60.

    ``giver`` holds the grants that are in force when the new one begins.
    """
    if grant.person == grant.granted_by:
        yield Bar(code="GIVER_IS_HOLDER", rule_id="R-08")
    if grant.valid_to is not None and grant.valid_to <= grant.valid_from:
        yield Bar(code="ENDS_BEFORE_IT_BEGINS", rule_id="R-59")
    if grant.kind is GrantKind.APPOINTMENT:
        return
    if grant.valid_to is None:
        yield Bar(code="LENT_WITHOUT_END", rule_id="R-59")
        return
    if grant.kind is not GrantKind.SUB_DELEGATION:
        return
    if not grant.rules:
        yield Bar(code="LENT_WITHOUT_ROWS", rule_id="R-60")
    if grant.valid_to - grant.valid_from > LONGEST_SUB_DELEGATION:
        yield Bar(code="LENT_TOO_LONG", rule_id="R-59")
    if not any(_lends(held, grant) for held in giver.grants):
        yield Bar(
            code="GIVER_NOT_APPOINTED",
            rule_id="R-60",
            params=(("role", grant.on_behalf_of or "–"), ("case_type", _case_type(grant))),
        )


def bars(grant: Grant, *, giver: Actor, holder: Actor, order: DelegationOrder) -> Iterator[Bar]:
    """Yield why the giver may not give the grant under an order (G-5, R-60, R-63). ``flaws`` come first."""
    if grant.role not in order.roles:
        yield Bar(code="UNKNOWN_ROLE", rule_id="R-08", params=(("role", grant.role),))
    elif grant.kind is GrantKind.SUB_DELEGATION:
        yield from _lending(grant, holder, order)
    elif not any(appoints(held, grant, order) for held in giver.grants):
        yield Bar(
            code="GIVER_STANDS_NOT_ABOVE",
            rule_id="R-08",
            params=(("role", grant.role), ("case_type", _case_type(grant))),
        )


def appoints(held: Grant, grant: Grant, order: DelegationOrder) -> bool:
    """Tell whether a grant lets its holder appoint to another: the director-general everybody, a head those below."""
    role = _acting(held)
    if role not in order.roles or grant.role not in order.roles:
        return False
    if role == DIRECTOR:
        return grant.role != DIRECTOR
    if held.kind is not GrantKind.APPOINTMENT or role == DEPUTY or not covers(held, grant):
        return False
    above, below = order.roles[role], order.roles[grant.role]
    if below.chain is Chain.NONE:
        # Project leads and experts take part in cases; those who keep the house in order are the director-general's.
        return Act.PRESENT in below.acts and _leads(above, order) and above.chain is Chain.DECISION
    return above.chain is below.chain and 0 < below.level < above.level and _leads(above, order)


def revoke_bar(grant: Grant, *, by: Actor, order: DelegationOrder) -> Bar | None:
    """Return why somebody may not revoke a grant: neither gave it nor could give the right behind it (R-28)."""
    if by.person == grant.granted_by and by.grants:
        return None
    behind = _behind(grant)
    if any(appoints(held, behind, order) for held in by.grants):
        return None
    return Bar(code="REVOKER_STANDS_NOT_ABOVE", rule_id="R-28", params=(("role", grant.role),))


def lendable(order: DelegationOrder, held: Grant) -> Iterator[Lendable]:
    """Yield the rows that the holder of an appointment may lend, and to which role (R-60)."""
    if held.kind is not GrantKind.APPOINTMENT or held.role not in order.roles:
        return
    seen: set[tuple[str, str, str]] = set()
    for (case_type, _), rows in order.index.items():
        if not order.roles.appointed(held.role, held.case_types, case_type):
            continue
        for row in rows:
            to = row.constants["sub_delegable_to"]
            key = (case_type, row.rule_id, str(to))
            if to is None or key in seen or not order.roles.reaches(held.role, row.constants["lowest_role"]):
                continue
            seen.add(key)
            yield Lendable(
                rule=row.rule_id,
                title=row.constants["title_sv"],
                condition=row.sub_delegation,
                case_type=case_type,
                role=to,
                on_behalf_of=held.role,
            )


def _lending(grant: Grant, holder: Actor, order: DelegationOrder) -> Iterator[Bar]:
    own = Grant(
        id="",
        person=grant.granted_by,
        role=grant.on_behalf_of or "",
        case_types=grant.case_types,
        valid_from=grant.valid_from,
        granted_by=grant.granted_by,
    )
    open_to = {(row.rule, row.role) for row in lendable(order, own)}
    for rule in sorted(grant.rules or ()):
        if (rule, grant.role) not in open_to:
            yield Bar(code="ROW_NOT_LENDABLE", rule_id="R-60", params=(("rule", rule), ("role", grant.role)))
    appointed = any(
        held.kind is GrantKind.APPOINTMENT and held.role == grant.role and covers(held, grant) for held in holder.grants
    )
    if not appointed:
        yield Bar(
            code="RECEIVER_NOT_APPOINTED",
            rule_id="R-63",
            params=(("role", grant.role), ("case_type", _case_type(grant))),
        )


def _acting(held: Grant) -> str:
    """Return the role that a grant appoints others in: the deputy serves as director-general (MF 24 §)."""
    return DIRECTOR if held.role == DEPUTY and held.kind is GrantKind.SUBSTITUTION else held.role


def _leads(role: Role, order: DelegationOrder) -> bool:
    """Tell whether a role appoints others: a head of department, or the head of the jurists or physicians."""
    if role.chain is Chain.DECISION:
        return role.level >= _APPOINTS_FROM
    return role.level == max(one.level for one in order.roles if one.chain is role.chain)


def _lends(held: Grant, grant: Grant) -> bool:
    return held.kind is GrantKind.APPOINTMENT and held.role == grant.on_behalf_of and covers(held, grant)


def covers(held: Grant, grant: Grant) -> bool:
    """Tell whether a grant is for every case type that another one is for."""
    return held.case_types is None or (grant.case_types is not None and grant.case_types <= held.case_types)


def _behind(grant: Grant) -> Grant:
    """Return the appointment whose giver may also revoke: of a lent right, the one that it was lent from."""
    if grant.kind is not GrantKind.SUB_DELEGATION:
        return grant
    return Grant(
        id=grant.id,
        person=grant.granted_by,
        role=grant.on_behalf_of or "",
        case_types=grant.case_types,
        valid_from=grant.valid_from,
        granted_by=grant.granted_by,
    )


def _case_type(grant: Grant) -> str:
    return ", ".join(sorted(grant.case_types)) if grant.case_types is not None else "ALL"
