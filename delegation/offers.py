"""Whom a step is shown to. An offer gives no right: the authorizer answers when somebody acts."""

from __future__ import annotations

from collections.abc import Iterable

from delegation.order import DelegationOrder
from delegation.roles import DEPUTY, Chain
from delegation.types import Act, Actor

#: From this level of a chain a role leads the work of others (domain 2.1).
FIRST_HEAD = 20
#: Where any head of unit or department of the case type may sit (domain 2.3).
OLG_ROLES = ("EC_N", "AC_N")
#: Who speaks with children in their work.
CHILD_COMPETENT_ROLES = ("INSP",)
#: The level of the heads of a case type.
_HEADS_FROM = 20
#: Written after a participant's role when it must come from another case type than the case's.
ANY_CASE_TYPE = frozenset({"OTHER", "ANY"})


def acting_roles(order: DelegationOrder, act: Act, case_type: str) -> tuple[str, ...]:
    """Return the roles nearest the work that may do an act: the lowest level of the decision chain that has it."""
    able = [
        role
        for role in order.roles
        if act in role.acts and role.chain is Chain.DECISION and (not role.case_types or case_type in role.case_types)
    ]
    lowest = min((role.level for role in able), default=0)
    return tuple(role.code for role in able if role.level == lowest)


def reviewing_roles(order: DelegationOrder, case_type: str, target: str | None) -> tuple[str, ...]:
    """Return who is shown a review: those nearest the work, and jurists where a jurist decides (``target``)."""
    jurists = (role.code for role in order.roles if role.chain is Chain.LEGAL and Act.REVIEW in role.acts)
    return (*acting_roles(order, Act.REVIEW, case_type), *(code for code in jurists if code == target))


def leading_roles(order: DelegationOrder, level: int, case_type: str) -> tuple[str, ...]:
    """Return the roles of the decision chain that stand at a level for a case type: its heads, or theirs."""
    return tuple(
        role.code
        for role in order.roles
        if role.chain is Chain.DECISION
        and role.level == level
        and (not role.case_types or case_type in role.case_types)
    )


def named_roles(target: str) -> tuple[str, ...]:
    """Return the roles of a row's lowest decider, which may name alternatives (``INSP/HL``)."""
    return tuple(target.split("/"))


def passed_over(order: DelegationOrder, role: str, target: str) -> tuple[str, ...]:
    """Return the roles to tell of a decision made above them: the row's, when the decider stands higher (R-15)."""
    named = named_roles(target)
    return named if order.roles[role].level > max(order.roles[code].level for code in named) else ()


def are_heads(order: DelegationOrder, roles: tuple[str, ...]) -> bool:
    """Tell whether roles lead others: then all who hold them are told, whether or not they have had a part (R-15)."""
    return all(order.roles[role].level >= FIRST_HEAD for role in roles)


def participant_roles(participant: str) -> tuple[str, ...]:
    """Return the roles a joint-preparation participant may come from."""
    role = participant.partition(":")[0]
    return {"OLG": OLG_ROLES, "CHILD_COMPETENT": CHILD_COMPETENT_ROLES}.get(role, (role,))


def participant_case_type(participant: str, case_type: str) -> str | None:
    """Return the case type whose pool is asked, or ``None`` for any."""
    where = participant.partition(":")[2]
    if where in ANY_CASE_TYPE:
        return None
    return where or case_type


def sufficient_roles(order: DelegationOrder, target: str) -> tuple[str, ...]:
    """Return the roles that may act for a target: itself and every one above it in its chain (R-09)."""
    return tuple(role.code for role in order.roles if order.roles.reaches(role.code, target))


def seen_roles(order: DelegationOrder, role: str) -> tuple[str, ...]:
    """Return the roles whose pools a holder of ``role`` sees: its own, its counterparts', those below in participation.

    A head of permits is the counterpart of a head of supervision: a step for either is a step for both.
    """
    own = order.roles[role]
    if own.chain not in {Chain.LEGAL, Chain.MEDICAL}:
        equals = (other.code for other in order.roles if other is not own and order.roles.reaches(other.code, role))
        return (role, *(code for code in equals if order.roles.reaches(role, code)))
    below = (other.code for other in order.roles if other.chain is own.chain and 0 < other.level < own.level)
    return (role, *below)


def may_work_in(order: DelegationOrder, actor: Actor, roles: Iterable[str], case_type: str) -> bool:
    """Tell whether any grant of a person reaches work offered to some roles in a case type."""
    wanted = tuple(roles)
    return any(
        grant.role in order.roles
        and order.roles.appointed(grant.role, grant.case_types, case_type)
        and any(order.roles.reaches(grant.role, role) for role in wanted)
        for grant in actor.grants
    )


def next_above(order: DelegationOrder, roles: Iterable[str], act: Act, case_type: str) -> tuple[str, ...]:
    """Return the nearest roles that stand above some others and may do an act, or nothing at the top (R-56).

    Above a role outside every ladder stand the heads of the case type.
    """
    below = [order.roles[role] for role in roles if role in order.roles and order.roles[role].chain is not Chain.NONE]
    above = [
        role
        for role in order.roles
        if act in role.acts
        and (not role.case_types or case_type in role.case_types)
        and role.code != DEPUTY
        and (below or (role.chain is Chain.DECISION and role.level >= _HEADS_FROM))
        and all(role.level > one.level and order.roles.reaches(role.code, one.code) for one in below)
    ]
    nearest = min((role.level for role in above), default=0)
    return tuple(role.code for role in above if role.level == nearest)
