"""Who may read a case (R-73, R-03), and who keeps the registers that cases are about (S-44)."""

from __future__ import annotations

from collections.abc import Collection

from delegation.types import Actor, GrantKind

#: Reads everything, decides nothing (domain 2.2).
AUDIT = "IR"
#: Keep the house in order and see no case content (domain 2.2).
HOUSEKEEPING = frozenset({"PO", "DOADM", "SYS"})
#: Keeps the registers of units, providers, municipalities and licensed persons (domain 2.2).
REGISTRAR = "REG"


def may_read(actor: Actor, *, case_type: str, disqualified: Collection[str], takes_part: bool = False) -> bool:
    """Tell whether a person may read the content of a case of this type.

    A grant for the case type (or for all) opens it; being in conflict of interest closes it again. A line post
    opens nothing. ``takes_part`` says that the person has acted in the case or is asked to.
    """
    if actor.person in disqualified:
        return False
    return takes_part or any(
        grant.role == AUDIT or grant.case_types is None or case_type in grant.case_types
        for grant in actor.grants
        if grant.role not in HOUSEKEEPING
    )


def may_keep_registers(actor: Actor) -> bool:
    """Tell whether a person may change the registers that cases are about (S-44): an appointed registrar."""
    return any(grant.role == REGISTRAR and grant.kind is GrantKind.APPOINTMENT for grant in actor.grants)
