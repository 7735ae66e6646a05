"""Who resolves a disagreement, and by when: always someone above the parties (domain 3.5, R-61, R-62)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from delegation.dmn.errors import DmnError
from delegation.errors import ConflictingRows, NoResolver
from delegation.order import DelegationOrder
from delegation.roles import DEPUTY, DIRECTOR, Chain

#: In acute danger the limits of every step together (invariant g).
ACUTE_LIMIT: Final = timedelta(hours=4)
#: Parties are put in this order before the table is asked, so that it needs each pair once.
_CHAINS: Final = {Chain.NONE: 0, Chain.DECISION: 0, Chain.LEGAL: 1, Chain.MEDICAL: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Which step a disagreement goes to, who resolves it and how long they have."""

    #: ``E1`` to ``E7``.
    step: str
    role: str
    working_days: int
    #: How the positions are put, in Swedish; empty for a step reached by time-out.
    form: str = ""


def resolver(
    party_roles: Iterable[str], order: DelegationOrder, step: str | None = None, passed: str | None = None
) -> Resolution:
    """Return who resolves a disagreement between two roles.

    ``step`` is the step whose time has run out, and ``passed`` the role that let it: the answer is then the next
    level up (R-62). Raises ``UnknownRole``, and ``NoResolver`` when nobody stands above the parties.
    """
    roles = _sorted(party_roles, order)
    if step is None:
        return _first(roles, order)
    values = _ask(order, "escalation_timeouts", {"step": step})
    if values is None:
        raise NoResolver(roles)
    found = Resolution(step=values["next_step"], role=values["resolver"], working_days=int(values["working_days"]))
    # A level that is itself a party, or has had the question, is passed by: escalation only goes upward.
    below = (*roles, passed) if passed else roles
    return found if _is_above(found.role, below, order) else resolver(roles, order, found.step, passed)


def steps(
    party_roles: Iterable[str], order: DelegationOrder, step: str | None = None, passed: str | None = None
) -> Iterator[Resolution]:
    """Yield the first resolver, or the next after a step, and then the ones that time-outs lead to, upward."""
    roles = _sorted(party_roles, order)
    while passed != DIRECTOR:
        try:
            found = resolver(roles, order, step, passed)
        except NoResolver:
            return
        yield found
        step, passed = found.step, found.role


def is_acute(facts: Mapping[str, Any]) -> bool:
    """Tell whether a case is about acute danger, so that nobody may wait for days (invariant g)."""
    return facts.get("risk_class") == "ACUTE" or facts.get("acute_danger_found") is True


def acute_due(*, at: datetime, ends: datetime, levels: int) -> datetime:
    """Return when the next level has its turn in acute danger: what is left of four hours, shared by those left."""
    return at + max(ends - at, timedelta()) / levels


def _sorted(party_roles: Iterable[str], order: DelegationOrder) -> tuple[str, ...]:
    """Return the two highest parties, lowest first; one party disagrees with its equal."""
    named = sorted(
        (order.roles[DIRECTOR if role == DEPUTY else role] for role in party_roles),
        # A level of zero takes part in no ladder: the registrar stands with the case officers here.
        key=lambda role: (_CHAINS[role.chain] if role.level else 0, role.level, role.code),
    )
    if not named:
        raise NoResolver(())
    codes = [role.code for role in named]
    if DIRECTOR in codes:
        raise NoResolver(codes)
    return (codes[0], codes[-1])


def _first(roles: tuple[str, ...], order: DelegationOrder) -> Resolution:
    values = _ask(order, "escalation", {"party": roles[0], "counterpart": roles[1]})
    if values is None:
        raise NoResolver(roles)
    return Resolution(
        step=values["step"], role=values["resolver"], working_days=int(values["working_days"]), form=values["form"]
    )


def _ask(order: DelegationOrder, table: str, scope: dict[str, str]) -> dict[str, Any] | None:
    try:
        value = order.tables[table].evaluate(scope).value
    except DmnError as error:
        raise ConflictingRows((table,)) from error
    return value if isinstance(value, dict) else None


def _is_above(role: str, parties: tuple[str, ...], order: DelegationOrder) -> bool:
    found = order.roles[role]
    return role == DIRECTOR or all(
        order.roles[party].chain is not found.chain or order.roles[party].level < found.level for party in parties
    )
