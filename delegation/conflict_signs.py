"""Signs of a conflict of interest that the house can see by itself; a person still declares, and somebody rules (R-06).

A sign bars nobody. It is shown when a step is taken, and that it was shown is on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TieKind(StrEnum):
    """How somebody in the authority is tied to somebody that cases are about (FL 16 § first paragraph)."""

    PARTY = "PARTY"
    OWNER = "OWNER"
    RELATED = "RELATED"
    EMPLOYED = "EMPLOYED"
    SIDE_JOB = "SIDE_JOB"
    REPRESENTATIVE = "REPRESENTATIVE"
    OTHER_AUTHORITY = "OTHER_AUTHORITY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A line of the register of ties, in force during ``[since, until)``. Codes only."""

    kind: TieKind
    #: The code of a unit, a provider, a municipality or region, or a licensed person.
    party: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something that may be a conflict of interest, by the code of its kind."""

    code: str
    #: What it concerns: a register's code, or the number of a case.
    about: str


#: Had been decided on by the same person before.
EARLIER_DECISION = "EARLIER_DECISION"
#: Ties that do not end with the day they are registered to: what was done then is still known.
_LASTING = frozenset({TieKind.OTHER_AUTHORITY, TieKind.REPRESENTATIVE})


def signs(ties: Iterable[Tie], *, parties: Collection[str], decided: Iterable[str], on: date) -> Iterator[Sign]:
    """Yield what may be a conflict of interest in a case about ``parties`` (R-06).

    ``decided`` are the numbers of cases that this one comes from and that the person has decided.
    """
    for tie in ties:
        lasts = tie.kind in _LASTING or tie.until is None or on < tie.until
        if tie.party in parties and tie.since <= on and lasts:
            yield Sign(code=tie.kind.value, about=tie.party)
    for number in decided:
        yield Sign(code=EARLIER_DECISION, about=number)
