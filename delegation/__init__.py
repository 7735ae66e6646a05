"""The delegation order as a pure library: who may decide what, and which controls come first.

Nothing here knows a framework, a database or a clock. ``load_order`` reads an adopted bundle of decision tables,
``is_authorized`` answers a request under it with every reason, and ``resolver`` says who settles a disagreement.
"""

from __future__ import annotations

from delegation.authorizer import is_authorized
from delegation.escalation import resolver
from delegation.order import DelegationOrder, load_order
from delegation.types import Act, Actor, DecisionRequest, Grant, Permit, Verdict

__all__ = [
    "Act",
    "Actor",
    "DecisionRequest",
    "DelegationOrder",
    "Grant",
    "Permit",
    "Verdict",
    "is_authorized",
    "load_order",
    "resolver",
]
