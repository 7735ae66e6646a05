"""Who may see what is added to a case as a party to it, and what secrecy keeps back (FL 10 §, OSL 10:3, R-77)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from delegation.recipients import Party

#: Those with a party's right of access; courts, other authorities and notifiers have none.
PARTIES: Final = frozenset(
    {
        Party.PROVIDER,
        Party.PRINCIPAL,
        Party.BOARD,
        Party.LICENSED_PERSON,
        Party.COMPLAINANT,
        Party.RESPONDENT,
        Party.APPLICANT,
    }
)


class Reason(StrEnum):
    """Why secrecy outweighs a party's right to a piece of material (OSL 10 chap. 3 §). There is no other reason."""

    CHILD = "CHILD"
    NOTIFIER = "NOTIFIER"
    PRIVATE = "PRIVATE"
    CRIME = "CRIME"
    ACTOR = "ACTOR"


#: What stands in the index in place of what is kept back.
GROUNDS: Final[Mapping[Reason, str]] = {
    Reason.CHILD: "ett barn måste skyddas",
    Reason.NOTIFIER: "anmälaren måste skyddas",
    Reason.PRIVATE: "en annan persons hälsa eller personliga förhållanden",
    Reason.CRIME: "en förundersökning eller ett annat ingripande pågår",
    Reason.ACTOR: "en pågående bedömning av en aktör",
}
