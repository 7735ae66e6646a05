"""Roles, their chains and levels: who stands above whom (domain 2.2, G-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from delegation.errors import UnknownRole
from delegation.types import Act


class Chain(StrEnum):
    """A ladder of roles. Decision is taken in one; the other two take part and decide only where a row says so."""

    DECISION = "DECISION"
    LEGAL = "LEGAL"
    MEDICAL = "MEDICAL"
    #: Roles outside every ladder, which reach nobody but themselves.
    NONE = "NONE"


#: The director-general tops every chain.
DIRECTOR: Final = "GD"
DEPUTY: Final = "STF"
#: From this level up, two roles of the same level are each other's counterparts (EC_N and EC_T). Below it they
#: are different jobs: a row that names the case officer doesn't name the inspector.
_COUNTERPARTS_FROM: Final = 20
#: Appointments to these levels are made per case type, so a grant "for every case type" is no appointment.
_PER_CASE_TYPE: Final = range(20, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One row of ``roles.dmn``."""

    code: str
    title: str
    chain: Chain
    level: int
    #: Case types in which the role exists; empty means all.
    case_types: frozenset[str]
    acts: frozenset[Act]


class RoleTable:
    """The roles of one order and who reaches whom."""

    __slots__ = ("_reach", "_roles")

    def __init__(self, roles: Iterable[Role]) -> None:
        self._roles: Mapping[str, Role] = {role.code: role for role in roles}
        self._reach = frozenset(
            (one.code, other.code) for one in self for other in self if one is other or _above(one, other)
        )

    def __iter__(self) -> Iterator[Role]:
        return iter(self._roles.values())

    def __contains__(self, code: object) -> bool:
        return code in self._roles

    def __getitem__(self, code: str) -> Role:
        try:
            return self._roles[code]
        except KeyError:
            raise UnknownRole(code) from None

    def reaches(self, role: str, target: str) -> bool:
        """Tell whether a role may act for a target: the same, or higher in the same chain (R-09, R-15).

        The target may name alternatives, ``INSP/HL``; one of them is enough.
        """
        reach = self._reach
        if (role, target) in reach:
            return True
        return "/" in target and any((role, one) in reach for one in target.split("/"))

    def appointed(self, role: str, case_types: frozenset[str] | None, case_type: str) -> bool:
        """Tell whether a grant of a role for some case types is an appointment in this one."""
        row = self._roles.get(role)
        if row is None or (row.case_types and case_type not in row.case_types):
            return False
        if case_types is None:
            return row.chain is not Chain.DECISION or row.level not in _PER_CASE_TYPE
        return case_type in case_types


def _above(one: Role, other: Role) -> bool:
    if one.code == DIRECTOR:
        return other.chain is not Chain.NONE
    if one.chain is Chain.NONE or one.chain is not other.chain:
        return False
    if one.level == other.level:
        return one.level >= _COUNTERPARTS_FROM and DEPUTY not in (one.code, other.code)
    return one.level > other.level
