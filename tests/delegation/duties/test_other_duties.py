"""Conflict of interest, resolution, rotation, and what must stand in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from delegation.authorizer import is_authorized
from delegation.duties import dissent, records, rotation
from delegation.order import DelegationOrder
from delegation.types import Act, Answer, Bar
from tests.delegation.authority import DECIDER, PREPARER, act, codes, grant, request


@pytest.mark.parametrize("kind", list(Act))
def test_nobody_disqualified_does_anything(order: DelegationOrder, kind: Act) -> None:
    """R-02, R-03"""
    asked = replace(request("INJUNCTION_FINE", grant("GD", None)), act=kind, disqualified=frozenset({DECIDER}))
    assert "NOT_DISQUALIFIED" in codes(is_authorized(asked, order))


@pytest.mark.parametrize("kind", [Act.PREPARE, Act.REVIEW, Act.PRESENT, Act.DECIDE])
def test_nobody_acts_before_declaring(order: DelegationOrder, kind: Act) -> None:
    """R-01"""
    asked = replace(request("INJUNCTION_FINE", grant("AC_N")), act=kind, cleared=frozenset())
    assert "DECLARED" in codes(is_authorized(asked, order))


@pytest.mark.parametrize(
    ("decision_type", "case_type", "role"),
    [("REGISTER_INFORMATION", "UPPL", "UPPL"), ("DISCLOSE", "UTL", "REG"), ("CONFLICT_RULING", "ETV", "EC_N")],
)
def test_registration_disclosure_and_the_ruling_itself_need_no_declaration(
    order: DelegationOrder, decision_type: str, case_type: str, role: str
) -> None:
    """R-01"""
    asked = request(decision_type, grant(role, case_type), case_type=case_type, cleared=frozenset())
    assert is_authorized(asked, order).allowed


def test_the_declaration_itself_and_the_diary_need_no_declaration(order: DelegationOrder) -> None:
    """R-01"""
    asked = replace(request("INJUNCTION_FINE", grant("INSP")), act=Act.HANDLE, decision_type=None, cleared=frozenset())
    assert is_authorized(asked, order).allowed
    diary = replace(request("INJUNCTION_FINE", grant("REG")), act=Act.DISPATCH, cleared=frozenset())
    assert is_authorized(diary, order).allowed


def test_nobody_rules_on_a_challenge_against_themselves(order: DelegationOrder) -> None:
    """R-04"""
    asked = request("CONFLICT_RULING", grant("EC_N"), facts={"challenged_person": DECIDER})
    assert codes(is_authorized(asked, order)) == {"NOT_OWN_CHALLENGE"}


def resolving(order: DelegationOrder, role: str, **changes: Any) -> set[str]:
    acts = (act(Act.PREPARE, PREPARER, "INSP"), act(Act.REVIEW, "reviewer", "INSP", Answer.DISAGREE))
    asked = replace(
        request("INJUNCTION_FINE", grant(role)),
        act=Act.HANDLE,
        prior_acts=acts,
        disagreeing=frozenset({PREPARER, "reviewer"}),
    )
    return codes(is_authorized(replace(asked, **changes), order))


@pytest.mark.parametrize(
    ("role", "bars"),
    [("EC_N", set()), ("GD", set()), ("INSP", {"RESOLVER_STANDS_ABOVE"}), ("AJ", {"RESOLVER_STANDS_ABOVE"})],
)
def test_a_resolver_stands_above_the_parties(order: DelegationOrder, role: str, bars: set[str]) -> None:
    """R-61"""
    assert resolving(order, role) == bars


def test_a_resolver_is_no_party_and_no_preparer(order: DelegationOrder) -> None:
    """R-61"""
    assert "RESOLVER_IS_NOT_PARTY" in resolving(order, "EC_N", disagreeing=frozenset({DECIDER, "reviewer"}))
    assert resolving(order, "EC_N", prepared_by=frozenset({DECIDER})) == {"RESOLVER_IS_NOT_PREPARER"}


def test_others_may_go_on_while_a_disagreement_stands(order: DelegationOrder) -> None:
    asked = replace(
        request("INJUNCTION_FINE", grant("BCJ")), act=Act.CONSULT, disagreeing=frozenset({PREPARER, "reviewer"})
    )
    assert is_authorized(asked, order).allowed


#: An exemption decided for the home and the year at hand (DO-073), and others that are none here (R-18).
EXEMPTED = {
    "unit_id": "ENH-000417",
    "plan_year": 2026,
    "rotation_exemptions": [{"unit_id": "ENH-000417", "year": 2026}],
}
OTHERS_EXEMPTION: list[dict[str, Any]] = [
    {"rotation_exemptions": [{"unit_id": "ENH-000418", "year": 2026}]},
    {"rotation_exemptions": [{"unit_id": "ENH-000417", "year": 2025}]},
    {"rotation_exemptions": [{"unit_id": None, "year": 2026}], "unit_id": None},
    {"rotation_exemptions": [{"unit_id": "ENH-000417", "year": None}], "plan_year": None},
    {"rotation_exemptions": []},
    {"rotation_exemptions": True},
    {"rotation_exemptions": None, "rotation_exemption": True},
]


@pytest.mark.parametrize(
    ("facts", "bars"),
    [
        ({"lead_consecutive_years": 1, "pair_consecutive_years": 0}, set()),
        ({"lead_consecutive_years": 2, "pair_consecutive_years": 0}, {"LEAD_ROTATES"}),
        ({"lead_consecutive_years": 1, "pair_consecutive_years": 1}, {"PAIR_ROTATES"}),
        ({"lead_consecutive_years": 2, "pair_consecutive_years": 2, **EXEMPTED}, set()),
        ({"lead_consecutive_years": None, **EXEMPTED}, set()),
        ({"lead_consecutive_years": None}, {"UNEVALUABLE"}),
    ],
)
def test_inspectors_rotate(order: DelegationOrder, facts: dict[str, Any], bars: set[str]) -> None:
    """R-16, R-18"""
    asked = request("ASSIGN_INSPECTORS", grant("EC_N", "FTB"), case_type="FTB", facts=facts)
    assert codes(is_authorized(asked, order)) == bars


@pytest.mark.parametrize("given", OTHERS_EXEMPTION)
def test_an_exemption_holds_for_its_own_home_and_year_alone(order: DelegationOrder, given: dict[str, Any]) -> None:
    """R-18"""
    years = {"lead_consecutive_years": 2, "pair_consecutive_years": 1}
    asked = request("ASSIGN_INSPECTORS", grant("EC_N", "FTB"), case_type="FTB", facts={**years, **EXEMPTED, **given})
    assert codes(is_authorized(asked, order)) == {"LEAD_ROTATES", "PAIR_ROTATES"}


@pytest.mark.parametrize("years", [(), (2025,), (2024, 2025), (2022, 2024, 2025), (2024,), (2026, 2027)])
def test_years_on_end_stop_at_the_first_year_without(years: tuple[int, ...]) -> None:
    """R-16: two years in a row, then a pause of one begins a new row."""
    expected = {(): 0, (2025,): 1, (2024, 2025): 2, (2022, 2024, 2025): 2, (2024,): 0, (2026, 2027): 0}
    assert rotation.years_on_end(2026, years) == expected[years]
    assert [rotation.may_lead(count) for count in range(4)] == [True, True, False, False]
    assert [rotation.may_pair(count) for count in range(3)] == [True, False, False]


def decided(person: str, *years: int) -> list[dict[str, Any]]:
    return [{"year": year, "person": person} for year in years]


@pytest.mark.parametrize(
    ("role", "facts", "bars"),
    [
        ("EC_N", {"earlier_deciders": decided(DECIDER, 2024, 2025)}, set()),
        ("EC_N", {"earlier_deciders": decided(DECIDER, 2023, 2024, 2025)}, {"DECIDER_ROTATES"}),
        ("EC_N", {"earlier_deciders": decided(DECIDER, 2022, 2023, 2024)}, set()),
        ("EC_N", {"earlier_deciders": decided("another", 2023, 2024, 2025)}, set()),
        ("EC_N", {"earlier_deciders": decided(DECIDER, 2023, 2024, 2025), **EXEMPTED}, set()),
        ("EC_N", {"earlier_deciders": None}, {"UNEVALUABLE"}),
        ("EC_N", {"plan_year": None}, {"UNEVALUABLE"}),
        ("AC_N", {"earlier_deciders": decided(DECIDER, 2023, 2024, 2025)}, set()),
    ],
)
def test_deciders_rotate_in_frequency_supervision(
    order: DelegationOrder, role: str, facts: dict[str, Any], bars: set[str]
) -> None:
    """R-17, R-18"""
    asked = request("NO_DEFICIENCY", grant(role, "FTB"), case_type="FTB", facts=facts)
    assert codes(is_authorized(asked, order)) == bars


def test_two_inspectors_go_unannounced_to_a_home_for_children(order: DelegationOrder) -> None:
    """R-24"""
    facts = {"announced": False, "receives_children": True, "lead_inspector": "INSP-1"}

    def barred(**team: Any) -> set[str]:
        return codes(is_authorized(request("INSPECTION", grant("EC_N"), facts={**facts, **team}), order))

    assert barred() == barred(second_inspector="INSP-1") == {"TWO_INSPECTORS"}
    assert barred(second_inspector="INSP-2") == barred(announced=True) == barred(receives_children=False) == set()


RECORDS: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("R-12", "AMOUNT_AS_FROZEN", "INJUNCTION_FINE", {"frozen_amount": 40_000}, {"frozen_amount": 50_000}),
    ("R-12", "AMOUNT_POSITIVE", "INJUNCTION_FINE", {"amount": 0}, {"amount": 1}),
    ("R-35", "FINE_CONSIDERED", "DEMAND_REPORT_1", {"vite_considered": False, "vite_reason": " "},
     {"vite_considered": False, "vite_reason": "mindre ingripande räcker"}),
    ("R-36", "NEXT_LEVEL_REASON", "DEMAND_REPORT_2", {"next_level_reason": " "}, {"next_level_reason": "plan hålls"}),
    ("R-39", "USERS_HEARD", "NO_DEFICIENCY", {"user_heard": False},
     {"user_heard": False, "user_not_heard_reason": "olämpligt"}),
    ("R-39", "USERS_HEARD", "INJUNCTION", {"user_heard": None},
     {"user_heard": None, "user_not_heard_reason": "obehövligt"}),
    ("R-40", "STATEMENTS_WEIGHED", "NO_DEFICIENCY", {"statements": "Dörrarna är låsta."},
     {"statements": "Dörrarna är låsta.", "statements_weighed": "Bestyrks av protokollet."}),
    ("R-40", "STATEMENTS_WEIGHED", "DEMAND_REPORT_1", {"child_statements": [{"child": "Barn A"}]},
     {"child_statements": [{"child": "Barn A"}], "statements_weighed": "Bestyrks av protokollet."}),
    ("R-36", "DEMAND_IN_ORDER", "DEMAND_REPORT_1", {"stage_number": 1}, {"stage_number": 0}),
    ("R-36", "DEMAND_IN_ORDER", "DEMAND_REPORT_3", {"stage_number": 1}, {"stage_number": 2}),
    ("R-41", "PLAN_VERIFIED", "FINAL_ACCEPTED", {"unverified_items": 1}, {"unverified_items": 0}),
    ("R-47", "COMMUNICATED", "INJUNCTION", {"communicated": False},
     {"communicated": False, "communication_exception": "DO-006"}),
    ("R-48", "MEASURES_AND_DATE", "INJUNCTION", {"measures": "nattbemanning", "latest_date": None},
     {"measures": "nattbemanning", "latest_date": "2026-05-01"}),
    ("R-49", "EARLIER_FINE_FINAL", "INJUNCTION_FINE", {"earlier_fine_final": False}, {"earlier_fine_final": True}),
    ("R-51", "FAST_LANE_ACUTE", "INTERIM_BAN", {"danger": False}, {"danger": True}),
    ("R-53", "INTERIM_MONTHS", "INTERIM_BAN", {"interim_months": 7}, {"interim_months": 6}),
    ("R-53", "EXTENDED_ONCE", "INTERIM_EXTEND", {"earlier_extensions": 1}, {"earlier_extensions": 0}),
    ("R-53", "EXTENDED_ONCE", "INTERIM_EXTEND", {"earlier_extensions": 0, "interim_extended": True},
     {"earlier_extensions": 0, "interim_extended": False}),
    ("R-55", "BASIS_FRESH", "NO_DEFICIENCY", {"basis_age_months": 7},
     {"basis_age_months": 7, "freshness_statement": "gäller ännu"}),
    ("R-88", "INJUNCTION_WHERE_NEEDED", "NO_DEFICIENCY", {"provider_fails_duties": True, "danger": True},
     {"provider_fails_duties": True, "danger": False}),
    ("R-91", "INJUNCTION_NOT_FOLLOWED", "BAN_AFTER", {"injunction_not_followed": False},
     {"injunction_not_followed": True}),
    ("R-91", "DANGER_SHOWN", "BAN_DIRECT", {"danger": False}, {"danger": True}),
    ("R-08", "CRITERION_CODED", "OPEN_SUPERVISION", {"criterion_codes": []}, {"criterion_codes": ["VIOLENCE"]}),
    ("R-08", "PATTERN_SHOWN", "OPEN_SUPERVISION_PRINCIPAL", {"pattern_alert": False, "units_of_principal": 2},
     {"pattern_alert": False, "units_of_principal": 3}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule_id", "code", "decision_type", "unmet", "met"), RECORDS, ids=[f"{one[1]}-{one[2]}" for one in RECORDS]
)
def test_the_file_shows_what_the_decision_rests_on(
    order: DelegationOrder, rule_id: str, code: str, decision_type: str, unmet: dict[str, Any], met: dict[str, Any]
) -> None:
    """R-08, R-12, R-35, R-36, R-39, R-40, R-41, R-47, R-48, R-49, R-51, R-53, R-55, R-88, R-91"""
    role = shown_role(order, decision_type)
    verdict = is_authorized(request(decision_type, grant(role), facts=unmet), order)
    assert [(bar.code, bar.rule_id) for bar in verdict.bars] == [(code, rule_id)]
    assert is_authorized(request(decision_type, grant(role), facts=met), order).allowed


@pytest.mark.parametrize(
    ("rule_id", "code", "case_type", "decision_type", "fact"),
    [
        ("R-35", "FINE_CONSIDERED", "ETV", "DEFICIENCY_NO_DEMAND", "vite_considered"),
        ("R-36", "NEXT_LEVEL_REASON", "NTS", "DEMAND_REPORT_2", "next_level_reason"),
        ("R-39", "USERS_HEARD", "ETV", "NO_DEFICIENCY", "user_heard"),
        ("R-46", "DRAFT_ANSWERED", "EKP", "CRITICISM", "draft_answered"),
        ("R-47", "COMMUNICATED", "FTB", "DEMAND_REPORT_1", "communicated"),
        ("R-48", "MEASURES_AND_DATE", "ETV", "INJUNCTION", "measures"),
        ("R-49", "EARLIER_FINE_FINAL", "ETV", "INJUNCTION_FINE", "earlier_fine_final"),
        ("R-50", "SERVICE_LIMIT", "EVB", "FEE_APPLICATION", "service_limit_passed"),
        ("R-90", "CLOSING_CODED", "EVB", "CLOSE_WITHOUT_APPLICATION", "closing_code"),
        ("R-51", "FAST_LANE_ACUTE", "ETV", "INTERIM_BAN", "danger"),
        ("R-53", "INTERIM_MONTHS", "ETV", "INTERIM_EXTEND", "interim_months"),
        ("R-91", "INJUNCTION_NOT_FOLLOWED", "ETV", "REVOKE_AFTER", "injunction_not_followed"),
        ("R-91", "DANGER_SHOWN", "ETV", "BAN_DIRECT", "danger"),
    ],
)
def test_silence_is_no_answer(
    order: DelegationOrder, rule_id: str, code: str, case_type: str, decision_type: str, fact: str
) -> None:
    """R-35, R-36, R-39, R-46, R-47, R-48, R-49, R-50, R-51, R-53, R-90, R-91"""
    asked = request(decision_type, grant("GD", None), case_type=case_type, facts={fact: None})
    assert (code, rule_id) in {(bar.code, bar.rule_id) for bar in is_authorized(asked, order).bars}


def shown_role(order: DelegationOrder, decision_type: str) -> str:
    return order.requirements("ETV", decision_type, request(decision_type).facts).lowest_role


@pytest.mark.parametrize(
    ("case_type", "decision_type", "role", "facts", "code"),
    [
        ("EKP", "NO_CRITICISM", "EC_N", {"draft_answered": False}, "DRAFT_ANSWERED"),
        ("EVB", "FEE_APPLICATION", "EC_N", {"amount": 9_999}, "FEE_WITHIN_LAW"),
        ("EVB", "FEE_APPLICATION", "AC_N", {"amount": 1_000_001}, "FEE_WITHIN_LAW"),
        ("EVB", "FEE_APPLICATION", "EC_N", {"service_limit_passed": True}, "SERVICE_LIMIT"),
    ],
)
def test_other_case_types_have_their_own(
    order: DelegationOrder, case_type: str, decision_type: str, role: str, facts: dict[str, Any], code: str
) -> None:
    """R-46, R-50"""
    asked = request(decision_type, grant(role, case_type), case_type=case_type, facts=facts)
    assert codes(is_authorized(asked, order)) == {code}


CONVERSATIONS = {"present": 6, "offered": 5, "consented": 3, "held": 2, "declined": 1, "not_suitable": 1}


@pytest.mark.parametrize(
    ("changes", "complete"),
    [
        ({}, True),
        ({"children_held": 0}, False),
        ({"children_held": 4}, False),  # more than consented
        ({"children_declined": 2}, False),  # more answers than offers
        ({"children_offered": 7}, False),  # more offers than children
        ({"children_present": None}, False),
        ({"children_held": 0, "no_child_conversation_reason": "ALL_DECLINED"}, False),
        ({"children_held": 0, "no_child_conversation_accepted": True}, True),
    ],
)
@pytest.mark.parametrize("decision_type", ["NO_DEFICIENCY", "DEMAND_REPORT_1", "INJUNCTION"])
def test_no_home_for_children_is_decided_about_before_the_children_were_heard(
    order: DelegationOrder, decision_type: str, changes: dict[str, Any], complete: bool
) -> None:
    """R-38"""
    record = {f"children_{part}": number for part, number in CONVERSATIONS.items()}
    facts = {**record, "no_child_conversation_accepted": None, **changes}
    asked = request(decision_type, grant("EC_N", "FTB"), case_type="FTB", facts=facts)
    assert ("CHILD_RECORD" in codes(is_authorized(asked, order))) is not complete


PLAN = [{"measure": "Nattbemanning", "verification": "WRITTEN"}, {"measure": "Rutin", "verification": "DOCUMENTS"}]


def _verified(*ways: str) -> list[dict[str, str]]:
    return [{"measure": row["measure"], "verified_by": way} for row, way in zip(PLAN, ways, strict=True)]


@pytest.mark.parametrize(
    ("ways", "area", "bars"),
    [
        (("WRITTEN", "DOCUMENTS"), "STAFFING", set()),
        (("INSPECTION", "USER_CONFIRMATION"), "STAFFING", set()),
        (("WRITTEN", "WRITTEN"), "STAFFING", {"VERIFIED_AS_REQUIRED"}),
        (("NOT_VERIFIED", "DOCUMENTS"), "STAFFING", {"VERIFIED_AS_REQUIRED"}),
        (("WRITTEN", "DOCUMENTS"), "ABUSE", {"VERIFIED_AS_REQUIRED"}),
        (("INSPECTION", "DOCUMENTS"), "THREAT", {"VERIFIED_AS_REQUIRED"}),
        (("INSPECTION", "USER_CONFIRMATION"), "VIOLENCE", set()),
    ],
)
def test_each_measure_is_verified_as_required_and_grave_ones_on_the_spot_or_by_users(
    order: DelegationOrder, ways: tuple[str, ...], area: str, bars: set[str]
) -> None:
    """R-42"""
    facts = {"action_plan": PLAN, "plan_verifications": _verified(*ways), "deficiencies": [{"area": area}]}
    assert codes(is_authorized(request("FINAL_ACCEPTED", grant("EC_N"), facts=facts), order)) == bars


@pytest.mark.parametrize(
    ("plan", "verified", "left"),
    [
        (PLAN, ("WRITTEN", "DOCUMENTS"), 0),
        (PLAN, ("WRITTEN", "NOT_VERIFIED"), 1),
        (PLAN, ("WRITTEN",), 1),
        (PLAN, (), 2),
        ([], ("INSPECTION", "NOT_VERIFIED"), 1),
        ([], (), 0),
    ],
)
def test_what_is_left_to_verify_is_counted_over_the_plan_and_what_was_verified(
    plan: list[dict[str, str]], verified: tuple[str, ...], left: int
) -> None:
    """R-41"""
    rows = [{"measure": row["measure"], "verified_by": way} for row, way in zip(PLAN, verified, strict=False)]
    assert records.unverified({"action_plan": plan, "plan_verifications": rows}) == left


@pytest.mark.parametrize("decision_type", ["DEMAND_REPORT_2", "DEMAND_REPORT_3"])
def test_a_case_that_has_counted_no_demand_begins_with_the_first(order: DelegationOrder, decision_type: str) -> None:
    """R-36"""
    asked = request(decision_type, grant("AC_N"), facts={"stage_number": None})
    assert "DEMAND_IN_ORDER" in codes(is_authorized(asked, order))


@pytest.mark.parametrize("decision_type", ["FINAL_ACCEPTED", "NO_DEFICIENCY", "DEFICIENCY_NO_DEMAND"])
def test_no_case_with_a_demand_closes_before_the_plan_is_verified(order: DelegationOrder, decision_type: str) -> None:
    """R-41"""
    demanded = request(decision_type, grant("EC_N"), facts={"stage_number": 1})
    assert codes(is_authorized(demanded, order)) == {"PLAN_VERIFIED"}
    assert is_authorized(request(decision_type, grant("EC_N"), facts={"stage_number": 0}), order).allowed


def test_a_fourth_demand_is_the_directors(order: DelegationOrder) -> None:
    """R-36"""
    facts = {"repeat_number": 4}
    assert codes(is_authorized(request("DEMAND_REPORT_3", grant("AC_N"), facts=facts), order)) == {"FOURTH_DEMAND"}
    assert is_authorized(request("DEMAND_REPORT_3", grant("GD", None), facts=facts), order).allowed


@pytest.mark.parametrize(
    ("decision_type", "facts"),
    [
        ("INJUNCTION", {"communicated": "yes"}),
        ("DEMAND_REPORT_2", {"repeat_number": "four"}),
        ("FINAL_ACCEPTED", {"unverified_items": True}),
        ("INJUNCTION_FINE", {"frozen_amount": float("inf")}),
    ],
)
def test_a_fact_that_no_duty_can_read_bars(order: DelegationOrder, decision_type: str, facts: dict[str, Any]) -> None:
    verdict = is_authorized(request(decision_type, grant("GD", None), facts=facts), order)
    assert [(bar.code, bar.params) for bar in verdict.bars] == [("UNEVALUABLE", (("facts", next(iter(facts))),))]


@pytest.mark.parametrize(
    ("participants", "dispatched", "noted", "bar"),
    [
        ({"jurist"}, False, False, None),
        ({"other"}, False, False, Bar(code="DID_NOT_TAKE_PART", rule_id="R-66", personal=True)),
        ({"jurist"}, True, False, Bar(code="ALREADY_DISPATCHED", rule_id="R-66")),
        ({"jurist"}, False, True, Bar(code="DISSENT_ALREADY_NOTED", rule_id="R-66", personal=True)),
    ],
)
def test_dissent_is_noted_by_those_who_took_part_until_dispatch(
    participants: set[str], dispatched: bool, noted: bool, bar: Bar | None
) -> None:
    """R-66"""
    assert dissent.bar(person="jurist", participants=participants, dispatched=dispatched, noted=noted) == bar
