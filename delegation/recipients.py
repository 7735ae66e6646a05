"""Whom a letter goes to, and what it may tell them.

A letter goes to everyone it concerns, to each as a copy of its own. Who that is follows from the kind of case, the
letter, what is decided, and what registers and forms have said about the case: nobody types a receiver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

Facts = Mapping[str, Any]


class Party(StrEnum):
    """Whom a letter can go to."""

    PROVIDER = "PROVIDER"
    PRINCIPAL = "PRINCIPAL"
    BOARD = "BOARD"
    LICENSED_PERSON = "LICENSED_PERSON"
    COMPLAINANT = "COMPLAINANT"
    RESPONDENT = "RESPONDENT"
    APPLICANT = "APPLICANT"
    NOTIFIER = "NOTIFIER"
    #: The one asked for information, where that is another than whom the case is about.
    DATA_HOLDER = "DATA_HOLDER"
    COURT = "COURT"
    DISCIPLINARY_BOARD = "DISCIPLINARY_BOARD"
    PROSECUTOR = "PROSECUTOR"
    AUTHORITY = "AUTHORITY"
    #: The authority's own, where a decision concerns nobody outside it.
    DEPARTMENTS = "DEPARTMENTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One who gets a copy of a letter of their own."""

    party: Party
    #: Code in the register that knows them; empty for those in none.
    code: str = ""
    #: How the letter addresses them; empty where the register, or the letter itself, says that.
    name: str = ""
    #: Gets it to know of it, and is not the one it is written to.
    for_information: bool = False


#: Those whom a case is about or whose it is, by its type; each of them gets what concerns the case.
_PARTIES: Final[Mapping[str, tuple[Party, ...]]] = {
    "EVB": (Party.BOARD,),
    "EKP": (Party.COMPLAINANT, Party.RESPONDENT, Party.PROVIDER),
    "TLP": (Party.LICENSED_PERSON,),
    "UPPL": (Party.DEPARTMENTS,),
    "UTL": (Party.APPLICANT,),
}
#: Letters that are not for all the parties, by name or by name and case type.
_OF_LETTER: Final[Mapping[str, tuple[Party, ...]]] = {
    "appeal_hand_over": (Party.COURT,),
    "complaint": (Party.PROVIDER,),
    "complaint_handed_over": (Party.PROVIDER,),
    "fee_application": (Party.COURT,),
    "information_notice": (Party.NOTIFIER,),
    "acknowledgement EKP": (Party.COMPLAINANT,),
    "acknowledgement UPPL": (Party.NOTIFIER,),
    "delay_notice EKP": (Party.COMPLAINANT,),
}
#: Letters whose receiver gets the original, and the parties a copy to know of it.
_PARTIES_KNOW_OF: Final = frozenset({"fee_application"})
#: Decisions that go to whoever holds what is asked for, and who that is where the case names nobody else.
_ASKS_FOR_INFORMATION: Final = frozenset({"DATA_REQUEST", "INFORMATION_INJUNCTION", "INFORMATION_INJUNCTION_FINE"})
_ASKED: Final[Mapping[str, tuple[Party, ...]]] = {"EKP": (Party.PROVIDER,), "TLP": (Party.PROVIDER,)}
#: Decisions about the authority's own work: to tell a party would tell that somebody has informed, or who will come.
_INTERNAL: Final = frozenset(
    """ADOPT_ORDER LEGAL_POSITION CONFLICT_RULING REFRAIN_COMMUNICATION ENGAGE_EXPERT COUNSEL_MANDATE FINE_NOT_APPLIED
    REGISTER_INFORMATION RISK_CLASS_LOW RISK_CLASS_MEDIUM RISK_CLASS_HIGH RISK_CLASS_ACUTE RISK_CLASS_OVERRIDE
    NO_SUPERVISION NO_SUPERVISION_HIGH_RISK START_NATIONAL_SUPERVISION ADOPT_CRITERIA DEVIATE_CRITERIA PUBLISH_REPORT
    ADOPT_INSPECTION_PLAN ASSIGN_INSPECTORS ROTATION_EXEMPTION ACCEPT_NO_CHILD_CONVERSATION""".split()  # noqa: SIM905
)
_TO_COURT: Final = frozenset(
    {"COURT_PLEADING", "APPEAL_JUDGMENT", "APPEAL_FEE_JUDGMENT", "WITHDRAW_APPLICATION", "HSAN_APPEAL"}
)
_TO_AUTHORITY: Final = frozenset({"FORWARD_TO_AUTHORITY", "POLICE_ASSISTANCE", "REPLY_OVERSIGHT"})
_AUTHORITIES: Final[Mapping[str, str]] = {
    "POLICE": "Polismyndigheten",
    "SCHOOLS": "Statens skolinspektion",
    "WORK_ENVIRONMENT": "Arbetsmiljöverket",
    "MEDICINES": "Läkemedelsverket",
    "COUNTY": "Länsstyrelsen",
    "INSURANCE": "Försäkringskassan",
}
#: Facts that tell who gave information, or by what way it came (R-80); all that begin with ``notifier_`` too.
_TELLS_OF_NOTIFIER: Final = frozenset({"information_channel", "complaint_channel"})
_NOTIFIER_PREFIX: Final = "notifier_"


def of_letter(
    *, case_type: str, letter: str, decision_type: str, facts: Facts, also: Iterable[Party] = ()
) -> tuple[Recipient, ...]:
    """Return everyone the letter goes to; ``also`` are those who get it to know of it.

    Empty where the only one it concerns is unknown, as an anonymous informer is.
    """
    to = _to(case_type, letter, decision_type, facts)
    found = list(_all(to, facts))
    if not found and to != (Party.NOTIFIER,):
        found = list(_all((Party.DEPARTMENTS,), facts))
    knowing = [*also]
    if letter in _PARTIES_KNOW_OF:
        knowing += _parties(case_type, facts)
    if letter == "report" and decision_type.startswith("HSAN"):
        knowing.append(Party.LICENSED_PERSON)
    known = {(each.party, each.code, each.name) for each in found}
    for each in _all(knowing, facts, for_information=True):
        if (each.party, each.code, each.name) not in known:
            known.add((each.party, each.code, each.name))
            found.append(each)
    return tuple(found)


def known(party: Party, facts: Facts) -> bool:
    """Tell whether the case has such a party."""
    return any(_WHO[party](facts))


def told(facts: Facts, party: Party) -> dict[str, Any]:
    """Return the facts that a letter to the party may be set from: who informed is told to nobody else (R-80)."""
    if party is Party.NOTIFIER:
        return dict(facts)
    return {
        name: value
        for name, value in facts.items()
        if name not in _TELLS_OF_NOTIFIER and not name.startswith(_NOTIFIER_PREFIX)
    }


def named_to(party: Party, others: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Return those of the other receivers whom a letter to the party may name (R-80)."""
    return tuple(each for each in others if each.party is not Party.NOTIFIER or party is Party.NOTIFIER)


def _parties(case_type: str, facts: Facts) -> tuple[Party, ...]:
    if case_type in _PARTIES:
        return _PARTIES[case_type]
    return (Party.PROVIDER,) if facts.get("of_principal") is not True and _names_provider(facts) else (Party.PRINCIPAL,)


def _to(case_type: str, letter: str, decision_type: str, facts: Facts) -> tuple[Party, ...]:
    if letter == "report":
        return (_reported_to(decision_type),)
    if letter == "request" or (letter == "decision" and decision_type in _ASKS_FOR_INFORMATION):
        held = known(Party.DATA_HOLDER, facts)
        return (Party.DATA_HOLDER,) if held else _ASKED.get(case_type) or _parties(case_type, facts)
    if letter == "decision" and (found := _by_decision(decision_type, facts)):
        return found
    by_letter = _OF_LETTER.get(f"{letter} {case_type}") or _OF_LETTER.get(letter)
    return by_letter or _parties(case_type, facts)


def _by_decision(decision_type: str, facts: Facts) -> tuple[Party, ...]:
    """Return who is told of a decision that is not for the parties; nothing where it is."""
    if decision_type in _INTERNAL or (decision_type == "INSPECTION" and facts.get("announced") is not True):
        return (Party.DEPARTMENTS,)
    if decision_type in _TO_COURT:
        return (Party.COURT,)
    return (Party.AUTHORITY,) if decision_type in _TO_AUTHORITY else ()


def _reported_to(decision_type: str) -> Party:
    if decision_type.startswith("HSAN"):
        return Party.DISCIPLINARY_BOARD
    return Party.PROSECUTOR if decision_type.startswith("PROSECUTION") else Party.AUTHORITY


def _all(parties: Iterable[Party], facts: Facts, *, for_information: bool = False) -> Iterator[Recipient]:
    for party in parties:
        for code, name in _WHO[party](facts):
            yield Recipient(party=party, code=code, name=name, for_information=for_information)


def _text(facts: Facts, name: str) -> str:
    value = facts.get(name)
    return value.strip() if isinstance(value, str) else ""


def _names_provider(facts: Facts) -> bool:
    return any(_text(facts, name) for name in ("provider_id", "provider_name", "unit_id", "unit_name"))


def _provider(facts: Facts) -> Iterator[tuple[str, str]]:
    if _names_provider(facts):
        yield _text(facts, "provider_id"), _text(facts, "provider_name") or _text(facts, "unit_name")


def _principal(facts: Facts) -> Iterator[tuple[str, str]]:
    if code := _text(facts, "principal_id"):
        yield code, _text(facts, "principal_name")


def _board(facts: Facts) -> Iterator[tuple[str, str]]:
    name = _text(facts, "municipality_board")
    if code := _text(facts, "principal_id"):
        yield code, name or _text(facts, "principal_name")


def _licensed_person(facts: Facts) -> Iterator[tuple[str, str]]:
    if code := _text(facts, "licensed_person_id"):
        yield code, f"Yrkesutövaren {code}"


def _respondents(facts: Facts) -> Iterator[tuple[str, str]]:
    rows = facts.get("respondents") or ()
    named = (_text(row, "respondent") for row in rows if isinstance(row, Mapping))
    # The provider as such is told as a provider, once.
    yield from (("", name) for name in dict.fromkeys(named) if name and name != _text(facts, "provider_name"))


def _notifier(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.get("notifier_anonymous") is not True and facts.get("notifier_known") is not False:
        yield "", "Den som lämnade upplysningen"


def _data_holder(facts: Facts) -> Iterator[tuple[str, str]]:
    for name in ("data_holder_id", "data_holder_principal_id"):
        if code := _text(facts, name):
            yield code, ""


def _authority(facts: Facts) -> Iterator[tuple[str, str]]:
    code = _text(facts, "forwarded_principal_id") or _text(facts, "forwarded_provider_id")
    yield code, "" if code else _AUTHORITIES.get(_text(facts, "forwarded_to"), "")


def _called(name: str) -> Callable[[Facts], Iterator[tuple[str, str]]]:
    return lambda facts: iter((("", name),))


_WHO: Final[Mapping[Party, Callable[[Facts], Iterator[tuple[str, str]]]]] = {
    Party.PROVIDER: _provider,
    Party.PRINCIPAL: _principal,
    Party.BOARD: _board,
    Party.LICENSED_PERSON: _licensed_person,
    Party.COMPLAINANT: _called("Klaganden"),
    Party.RESPONDENT: _respondents,
    Party.APPLICANT: _called("Sökanden"),
    Party.NOTIFIER: _notifier,
    Party.DATA_HOLDER: _data_holder,
    Party.COURT: _called(""),
    Party.DISCIPLINARY_BOARD: _called("Hälso- och sjukvårdens ansvarsnämnd"),
    Party.PROSECUTOR: _called("Åklagarmyndigheten"),
    Party.AUTHORITY: _authority,
    Party.DEPARTMENTS: _called("Berörda avdelningar"),
}
