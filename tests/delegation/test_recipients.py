"""Who gets a letter, and what it may tell them."""

from __future__ import annotations

from typing import Any

import pytest

from delegation import recipients, vocabulary
from delegation.recipients import Party, Recipient

UNIT = {"unit_id": "ENH-000417", "unit_name": "HVB Enhet 0417", "provider_id": "UTF-00031", "provider_name": "Demo AB"}
PROVIDER = Recipient(party=Party.PROVIDER, code="UTF-00031", name="Demo AB")
COMPLAINT = UNIT | {"respondents": [{"respondent": "Läkare 2"}, {"respondent": "Läkare 2"}, {"respondent": "Demo AB"}]}


def parties(case_type: str, letter: str, facts: dict[str, Any], decision_type: str = "") -> list[Party]:
    found = recipients.of_letter(case_type=case_type, letter=letter, decision_type=decision_type, facts=facts)
    return [each.party for each in found]


def test_supervision_of_a_unit_is_told_to_its_provider() -> None:
    found = recipients.of_letter(case_type="ETV", letter="decision", decision_type="INJUNCTION", facts=UNIT)

    assert found == (PROVIDER,)


def test_supervision_of_a_principal_is_told_to_the_principal() -> None:
    facts = UNIT | {"of_principal": True, "principal_id": "KOM-001", "principal_name": "Kommun 001"}

    assert parties("ETV", "decision", facts) == [Party.PRINCIPAL]


def test_the_parties_of_a_complaint_each_get_a_copy_and_nobody_two() -> None:
    found = recipients.of_letter(case_type="EKP", letter="draft_decision", decision_type="SEND_DRAFT", facts=COMPLAINT)

    assert [(each.party, each.name) for each in found] == [
        (Party.COMPLAINANT, "Klaganden"),
        (Party.RESPONDENT, "Läkare 2"),
        (Party.PROVIDER, "Demo AB"),
    ]


@pytest.mark.parametrize(
    ("case_type", "letter", "decision_type", "expected"),
    [
        ("EKP", "acknowledgement", "", [Party.COMPLAINANT]),
        ("EKP", "complaint", "", [Party.PROVIDER]),
        ("LMA", "acknowledgement", "", [Party.PROVIDER]),
        ("UTL", "decision", "REFUSE_DISCLOSURE", [Party.APPLICANT]),
        ("ETV", "appeal_hand_over", "INJUNCTION", [Party.COURT]),
        ("ETV", "fee_application", "FINE_APPLICATION", [Party.COURT, Party.PROVIDER]),
        ("ETV", "report", "PROSECUTION_REPORT", [Party.PROSECUTOR]),
        ("ETV", "report", "PROTECTIVE_REPORT", [Party.AUTHORITY]),
        ("UPPL", "decision", "FORWARD_TO_AUTHORITY", [Party.AUTHORITY]),
        ("UPPL", "acknowledgement", "", [Party.NOTIFIER]),
        ("UPPL", "decision", "RISK_CLASS_HIGH", [Party.DEPARTMENTS]),
        ("ETV", "decision", "NO_SUPERVISION", [Party.DEPARTMENTS]),
        ("FTB", "decision", "ASSIGN_INSPECTORS", [Party.DEPARTMENTS]),
        ("TLP", "decision", "HSAN_APPEAL", [Party.COURT]),
        ("EKP", "request", "DATA_REQUEST", [Party.PROVIDER]),
        ("TLP", "decision", "INFORMATION_INJUNCTION", [Party.PROVIDER]),
    ],
)
def test_a_letter_goes_to_those_it_is_for(
    case_type: str, letter: str, decision_type: str, expected: list[Party]
) -> None:
    assert parties(case_type, letter, UNIT, decision_type) == expected


def test_the_parties_get_an_application_to_court_to_know_of_it() -> None:
    facts = {"principal_id": "KOM-001", "municipality_board": "Kommun 001, socialnämnden"}

    court, board = recipients.of_letter(
        case_type="EVB", letter="fee_application", decision_type="FEE_APPLICATION", facts=facts
    )

    assert (court.party, court.for_information) == (Party.COURT, False)
    assert (board.party, board.name, board.for_information) == (Party.BOARD, "Kommun 001, socialnämnden", True)


@pytest.mark.parametrize(
    ("facts", "code", "name"),
    [
        ({"forwarded_to": "POLICE"}, "", "Polismyndigheten"),
        ({"forwarded_to": "PRINCIPAL", "forwarded_principal_id": "KOM-001"}, "KOM-001", ""),
        ({"forwarded_to": "PROVIDER", "forwarded_provider_id": "UTF-00031"}, "UTF-00031", ""),
    ],
)
def test_what_is_handed_over_goes_to_whom_it_names_by_code(facts: dict[str, Any], code: str, name: str) -> None:
    (found,) = recipients.of_letter(
        case_type="UPPL", letter="decision", decision_type="FORWARD_TO_AUTHORITY", facts=facts
    )

    assert (found.party, found.code, found.name) == (Party.AUTHORITY, code, name)


def test_the_licensed_person_gets_what_the_disciplinary_board_gets() -> None:
    found = parties("TLP", "report", {"licensed_person_id": "LEG-000204"}, "HSAN_REVOKE")

    assert found == [Party.DISCIPLINARY_BOARD, Party.LICENSED_PERSON]


def test_a_request_goes_to_whoever_holds_what_is_asked_for() -> None:
    facts = UNIT | {"data_holder_id": "UTF-00004", "data_holder_principal_id": "KOM-001"}

    for letter, decision_type in (("request", "DATA_REQUEST"), ("decision", "INFORMATION_INJUNCTION")):
        found = recipients.of_letter(case_type="ETV", letter=letter, decision_type=decision_type, facts=facts)
        assert [each.code for each in found] == ["UTF-00004", "KOM-001"]
    assert parties("ETV", "request", UNIT, "DATA_REQUEST") == [Party.PROVIDER]


@pytest.mark.parametrize("unknown", [{"notifier_anonymous": True}, {"notifier_known": False}])
def test_nobody_gets_the_word_to_an_informer_who_is_unknown(unknown: dict[str, Any]) -> None:
    assert parties("UPPL", "information_notice", UNIT | unknown) == []
    assert not recipients.known(Party.NOTIFIER, unknown)


@pytest.mark.parametrize(("announced", "party"), [(True, Party.PROVIDER), (False, Party.DEPARTMENTS)])
def test_nobody_is_told_beforehand_of_an_inspection_that_is_not_announced(announced: bool, party: Party) -> None:
    assert parties("ETV", "decision", UNIT | {"announced": announced}, "INSPECTION") == [party]


def test_what_concerns_nobody_outside_goes_to_the_authoritys_own() -> None:
    assert parties("NTS", "decision", {}, "START_NATIONAL_SUPERVISION") == [Party.DEPARTMENTS]


def test_a_copy_is_sent_once_to_each_and_not_to_those_who_get_the_letter_anyway() -> None:
    found = recipients.of_letter(
        case_type="ETV",
        letter="decision",
        decision_type="INJUNCTION",
        facts=UNIT,
        also=(Party.NOTIFIER, Party.PROVIDER, Party.NOTIFIER),
    )

    assert [(each.party, each.for_information) for each in found] == [(Party.PROVIDER, False), (Party.NOTIFIER, True)]


@pytest.mark.parametrize("party", [party for party in Party if party is not Party.NOTIFIER])
def test_r_80_who_informed_is_told_to_nobody_else(party: Party) -> None:
    facts = UNIT | {"notifier_type": "STAFF", "notifier_role": "RELATIVE", "information_channel": "CHILD_LINE"}

    assert recipients.told(facts, party) == UNIT
    assert recipients.named_to(party, [Recipient(party=Party.NOTIFIER), PROVIDER]) == (PROVIDER,)


def test_r_80_the_informer_may_be_told_of_their_own() -> None:
    facts = UNIT | {"notifier_type": "STAFF"}

    assert recipients.told(facts, Party.NOTIFIER) == facts


@pytest.mark.parametrize("case_type", [code for code in vocabulary.CASE_TYPES if code != "ADM"])
def test_every_decision_that_is_told_reaches_somebody(case_type: str) -> None:
    facts = COMPLAINT | {"principal_id": "KOM-001", "licensed_person_id": "LEG-000204"}

    assert all(parties(case_type, "decision", facts, each) for each in vocabulary.DECISION_TYPES)
