"""Who may see how the work of the house stands: numbers and names of persons, never what is in a case (domain 2.2)."""

from __future__ import annotations

from typing import Final

from delegation.order import DelegationOrder
from delegation.roles import Chain
from delegation.types import Actor, GrantKind

#: Keep the order and look after its use.
OVERSEERS: Final = frozenset({"DOADM", "IR"})
#: From this level up a role heads others.
_HEADS_FROM: Final = 20


def oversees(actor: Actor, order: DelegationOrder) -> bool:
    """Tell whether a person heads a unit, a department or the house, edits the order or audits it."""
    return any(_oversees(grant.role, order) for grant in actor.grants if grant.kind is not GrantKind.SUB_DELEGATION)


def _oversees(role: str, order: DelegationOrder) -> bool:
    if role in OVERSEERS:
        return True
    return role in order.roles and order.roles[role].chain is Chain.DECISION and order.roles[role].level >= _HEADS_FROM
