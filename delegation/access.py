"""Who may read a case and how much of it (R-73..R-75, R-03), and who keeps the registers (S-44)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from delegation.order import DelegationOrder
from delegation.types import Actor, Grant, GrantKind, Requirements

#: Reads everything, decides nothing (domain 2.2).
AUDIT = "IR"
#: Keep the house in order and see no case content (domain 2.2).
HOUSEKEEPING = frozenset({"PO", "DOADM", "SYS"})
#: Keeps the diary, and the registers of units, providers, municipalities and licensed persons (domain 2.2).
REGISTRAR = "REG"
#: Posts of the line: staff, absence and workload, never the content of a case (domain 2.2).
LINE = frozenset({"AC", "EC"})
#: Keep the need-to-know list of a case with an actor flag: the legal chain's head and deputies, and GD (JB-7).
WALL_KEEPERS = frozenset({"BCJ", "CJ", "GD"})
#: Are heard when an actor is flagged, and so need to know from the start (JB-7).
WALL_PARTICIPANTS = ("BCJ", "AC_T", "AC_N")
#: Let a colleague into one case by name: those who head its case type, and the legal chain's head.
SHARERS = frozenset({"GD", "CJ", "AC_N", "AC_T", "EC_N", "EC_T"})
#: Let somebody audit a case by name.
AUDIT_GIVERS = frozenset({"GD", "CJ"})


class View(StrEnum):
    """How much of a case a person sees."""

    #: Not even that there is such a case.
    NOTHING = "NOTHING"
    #: Number, type, state, dates and steps: enough to lead, and to take offered work. No names, no content.
    METADATA = "METADATA"
    CONTENT = "CONTENT"


class Exceptional(StrEnum):
    """What a named exception is for, by the name of Guardian's permission."""

    READ = "read_case"
    AUDIT = "audit_case"
    IDENTITY = "read_identity"


#: The longest that a person may be let into a case by name.
LONGEST = {
    Exceptional.READ: timedelta(days=92),
    Exceptional.AUDIT: timedelta(days=366),
    Exceptional.IDENTITY: timedelta(days=31),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How a person stands to a case."""

    case_type: str
    #: Has declared a circumstance that is not ruled on, or is ruled in conflict.
    disqualified: bool = False
    #: Has declared that no circumstance is known, or has registered the case, which asks for no declaration (R-01).
    cleared: bool = False
    #: Has acted in the case, or holds work in it.
    takes_part: bool = False
    #: Is offered work in it.
    asked: bool = False
    #: A grant reaches a row that the case is to be decided under (``reaches``).
    decides: bool = False
    #: What named exceptions in force let the person do.
    exceptions: frozenset[Exceptional] = frozenset()
    walled: bool = False
    needs_to_know: bool = False


def view(actor: Actor, stand: Stand) -> View:
    """Return how much of a case a person sees (R-73).

    Its content is open to participants who have declared, those who may decide its row, the registrar for the diary,
    internal audit, and persons let in by name. A grant for the case type opens no more than that there is a case, and
    neither does a post in the line. Conflict of interest closes everything (R-03), and so does a wall for those who
    do not need to know (R-75).
    """
    if stand.disqualified or (stand.walled and not stand.needs_to_know):
        return View.NOTHING
    if (
        stand.decides
        or (stand.takes_part and stand.cleared)
        or stand.exceptions & {Exceptional.READ, Exceptional.AUDIT}
        or any(grant.role in {AUDIT, REGISTRAR} and _covers(grant, stand.case_type) for grant in actor.grants)
    ):
        return View.CONTENT
    if (
        stand.takes_part
        or stand.asked
        or stand.needs_to_know
        or any(
            grant.role not in HOUSEKEEPING and (grant.role in LINE or _covers(grant, stand.case_type))
            for grant in actor.grants
        )
    ):
        return View.METADATA
    return View.NOTHING


def reaches(actor: Actor, order: DelegationOrder, row: Requirements, *, case_type: str, jurist: bool = False) -> bool:
    """Tell whether a grant of the actor reaches a row's lowest role, so that its case is open to read (R-73).

    ``jurist`` also lets in the level of jurist that the row asks for an opinion.
    """
    targets = [row.lowest_role, *([row.jurist_role] if jurist and row.jurist_role else [])]
    roles = order.roles
    for grant in actor.grants:
        if grant.role not in roles or not roles.appointed(grant.role, grant.case_types, case_type):
            continue
        if grant.rules is not None and row.rule not in grant.rules:
            continue
        lent = grant.kind is GrantKind.SUB_DELEGATION
        if any(roles.reaches((grant.on_behalf_of or grant.role) if lent else grant.role, target) for target in targets):
            return True
    return False


def may_read_reasons(
    actor: Actor, order: DelegationOrder, row: Requirements, *, case_type: str, disqualified: bool = False
) -> bool:
    """Tell whether a person may read what a circumstance is and why it was ruled on as it was (R-03, R-07).

    Only those who must assess it: whoever may rule under the row, the level of jurist that is asked, and internal
    audit; never somebody in conflict of interest in the case. Being open to read, the case opens no more than that
    there is a circumstance.
    """
    if disqualified:
        return False
    audits = any(grant.role == AUDIT and _covers(grant, case_type) for grant in actor.grants)
    return audits or reaches(actor, order, row, case_type=case_type, jurist=True)


def may_search_rulings(actor: Actor, order: DelegationOrder) -> bool:
    """Tell whether a person assesses circumstances in any case type, by any row that rules on them (R-07)."""
    if any(grant.role == AUDIT for grant in actor.grants):
        return True
    rows = {
        (case_type, row.constants["lowest_role"], row.constants["jurist_role"])
        for (case_type, decision_type), found in order.index.items()
        if decision_type == "CONFLICT_RULING"
        for row in found
        if not row.is_override
    }
    return any(
        order.roles.appointed(grant.role, grant.case_types, case_type)
        and any(target and order.roles.reaches(grant.role, target) for target in targets)
        for grant in actor.grants
        if grant.role in order.roles and grant.rules is None
        for case_type, *targets in rows
    )


def types_known(actor: Actor) -> frozenset[str] | None:
    """Return the case types in which the actor's grants tell that cases exist; ``None`` for all of them."""
    known = [grant for grant in actor.grants if grant.role not in HOUSEKEEPING]
    if any(grant.case_types is None or grant.role in LINE for grant in known):
        return None
    return frozenset(code for grant in known for code in grant.case_types or ())


def may_read_identity(actor: Actor, stand: Stand, *, protected: bool) -> bool:
    """Tell whether a person may read whom a pseudonym stands for (R-74).

    Being let into the case is not enough: the registrar of the diary may, and otherwise only a person let in by name
    for just this. With protected personal data, the registrar may not either.
    """
    if view(actor, stand) is not View.CONTENT:
        return False
    if Exceptional.IDENTITY in stand.exceptions:
        return True
    return not protected and any(grant.role == REGISTRAR and _covers(grant, stand.case_type) for grant in actor.grants)


def may_give(actor: Actor, stand: Stand, *, to: str, what: Exceptional) -> bool:
    """Tell whether a person may let another into a case by name: never themselves, never a case they may not read."""
    if actor.person == to or view(actor, stand) is not View.CONTENT:
        return False
    givers = AUDIT_GIVERS if what is Exceptional.AUDIT else SHARERS
    return any(
        grant.role in givers and grant.kind is GrantKind.APPOINTMENT and _covers(grant, stand.case_type)
        for grant in actor.grants
    )


def may_keep_wall(actor: Actor, stand: Stand) -> bool:
    """Tell whether a person may say who needs to know of a walled case (R-75): a keeper who is on its list."""
    return (
        (not stand.walled or stand.needs_to_know)
        and not stand.disqualified
        and any(grant.role in WALL_KEEPERS and grant.kind is GrantKind.APPOINTMENT for grant in actor.grants)
    )


def _covers(grant: Grant, case_type: str) -> bool:
    return grant.case_types is None or case_type in grant.case_types


def may_keep_registers(actor: Actor) -> bool:
    """Tell whether a person may change the registers that cases are about (S-44): an appointed registrar."""
    return any(grant.role == REGISTRAR and grant.kind is GrantKind.APPOINTMENT for grant in actor.grants)
