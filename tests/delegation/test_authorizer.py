"""Grants: who reaches an act at all, before any duty is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from delegation.authorizer import is_authorized
from delegation.order import DelegationOrder, load_order
from delegation.types import Act, Actor, DecisionRequest, Grant, GrantKind
from tests.delegation.authority import ADOPTED, DECIDER, NOW, PROPOSAL, bundle, codes, grant, lent, request


def decided(
    order: DelegationOrder, *grants: Grant, decision_type: str = "INJUNCTION_FINE", **changes: object
) -> set[str]:
    """Return the codes of the bars; empty when allowed."""
    return codes(is_authorized(request(decision_type, *grants, **changes), order))  # type: ignore[arg-type]


def step(order: DelegationOrder, act: Act, *grants: Grant, **changes: object) -> set[str]:
    """Return the codes of the bars of an act other than the decision."""
    asked = replace(request("INJUNCTION_FINE", *grants), act=act, prior_acts=(), rapporteur=None)
    return codes(is_authorized(replace(asked, **changes), order))  # type: ignore[arg-type]


def test_a_national_head_of_department_decides_an_injunction_with_fine(order: DelegationOrder) -> None:
    """R-08"""
    verdict = is_authorized(request("INJUNCTION_FINE", grant("AC_N")), order)
    assert verdict.allowed
    assert verdict.permit is not None
    assert (verdict.permit.rule, verdict.permit.row, verdict.permit.role) == ("DO-046", "DO-046-1", "AC_N")
    assert (verdict.permit.grant, verdict.permit.proposal) == ("decider-AC_N-ETV", PROPOSAL)
    assert (verdict.permit.order_number, verdict.permit.order_sha256) == (order.number, order.sha256)


def test_without_a_grant_nobody_decides(order: DelegationOrder) -> None:
    """R-08"""
    assert decided(order) == {"NO_GRANT"}


def test_somebody_elses_grant_gives_nothing(order: DelegationOrder) -> None:
    assert decided(order, grant("AC_N", person="somebody else")) == {"NO_GRANT"}


def test_a_grant_in_another_case_type_gives_nothing(order: DelegationOrder) -> None:
    assert decided(order, grant("AC_N", "FTB")) == {"NO_GRANT"}


def test_an_appointment_is_made_per_case_type(order: DelegationOrder) -> None:
    assert decided(order, grant("AC_N", None)) == {"NO_GRANT"}
    assert decided(order, grant("GD", None)) == set()


def test_a_line_post_gives_nothing(order: DelegationOrder) -> None:
    assert decided(order, grant("AC"), grant("EC")) == {"LEVEL_TOO_LOW"}


@pytest.mark.parametrize("role", ["SYS", "PO", "DOADM", "IR"])
@pytest.mark.parametrize("act", list(Act))
def test_technical_and_auditing_roles_have_no_power_in_a_case(order: DelegationOrder, role: str, act: Act) -> None:
    assert step(order, act, grant(role, None))


def test_an_unknown_role_gives_nothing(order: DelegationOrder) -> None:
    assert decided(order, grant("CEO")) == {"UNKNOWN_ROLE"}


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        (NOW, None, True),
        (NOW + timedelta(microseconds=1), None, False),
        (ADOPTED, NOW + timedelta(microseconds=1), True),
        (ADOPTED, NOW, False),
    ],
)
def test_a_grant_is_in_force_in_a_half_open_period(
    order: DelegationOrder, start: object, end: object, allowed: bool
) -> None:
    """R-28, R-59: an expired grant refuses the same second."""
    bars = decided(order, grant("AC_N", valid_from=start, valid_to=end))
    assert bars == (set() if allowed else {"GRANT_NOT_IN_FORCE"})


def test_a_grant_may_be_limited_to_rows(order: DelegationOrder) -> None:
    assert decided(order, grant("AC_N", rules=frozenset({"DO-046"}))) == set()
    assert decided(order, grant("AC_N", rules=frozenset({"DO-047"}))) == {"GRANT_FOR_OTHER_ROWS"}


@pytest.mark.parametrize("role", ["CJ", "BCJ", "TCL"])
def test_a_jurists_or_physicians_level_never_stands_for_decision_level(order: DelegationOrder, role: str) -> None:
    """R-09"""
    assert decided(order, grant(role)) == {"LEVEL_TOO_LOW"}
    assert decided(order, grant(role), decision_type="CORRECTION") == {"LEVEL_TOO_LOW"}


def test_a_higher_level_takes_over_and_the_rows_demands_remain(order: DelegationOrder) -> None:
    """R-15"""
    asked = request("INJUNCTION_FINE", grant("GD", None))
    assert is_authorized(asked, order).allowed
    assert "FOUR_EYES" in codes(is_authorized(replace(asked, prior_acts=()), order))


def test_permits_have_their_own_heads(order: DelegationOrder) -> None:
    assert decided(order, grant("EC_T", "TIL"), decision_type="PERMIT_GRANT", case_type="TIL") == set()
    assert decided(order, grant("EC_N", "TIL"), decision_type="PERMIT_GRANT", case_type="TIL") == {"NO_GRANT"}
    assert decided(order, grant("EC_T", "ETV"), decision_type="CORRECTION") == {"NO_GRANT"}
    assert decided(order, grant("EC_T", "TIL"), decision_type="CORRECTION", case_type="TIL") == set()


def test_inspectors_and_case_officers_are_different_jobs(order: DelegationOrder) -> None:
    assert decided(order, grant("HL", "TIL"), decision_type="PERMIT_COMPLETE", case_type="TIL") == set()
    assert decided(order, grant("INSP", "TIL"), decision_type="PERMIT_COMPLETE", case_type="TIL") == {"LEVEL_TOO_LOW"}


def test_the_deputy_decides_only_while_serving(order: DelegationOrder) -> None:
    """MF 24 §, domain 3.6"""
    assert decided(order, grant("STF", None)) == {"NOT_SERVING"}
    serving = grant("STF", None, kind=GrantKind.SUBSTITUTION, on_behalf_of="director")
    verdict = is_authorized(request("INJUNCTION_FINE", serving, facts={"principle": True}), order)
    assert verdict.allowed
    assert verdict.permit is not None
    assert verdict.permit.role == "GD"


def test_the_deputy_rules_on_a_challenge_against_the_director(order: DelegationOrder) -> None:
    """R-04"""
    facts = {"challenged_role": "GD"}
    assert decided(order, grant("STF", None), decision_type="CONFLICT_RULING", facts=facts) == set()
    assert decided(order, grant("AC_N"), decision_type="CONFLICT_RULING", facts=facts) == {"LEVEL_TOO_LOW"}


def test_a_substitute_acts_with_a_grant_of_the_same_level(order: DelegationOrder) -> None:
    """R-57"""
    assert decided(order, grant("AC_N", kind=GrantKind.SUBSTITUTION, on_behalf_of="head")) == set()
    assert decided(order, grant("EC_N", kind=GrantKind.SUBSTITUTION, on_behalf_of="head")) == {"LEVEL_TOO_LOW"}


LENT = {"amount": 150_000, "same_measure_decided_nationally": True}


def test_a_sub_delegation_ends_within_a_year(order: DelegationOrder) -> None:
    """R-59"""
    held = lent("EC_N", "DO-046", of="AC_N")
    assert decided(order, held, facts=LENT) == set()
    year = ADOPTED.replace(year=2027)
    assert decided(order, replace(held, valid_to=year), facts=LENT) == set()
    assert decided(order, replace(held, valid_to=year + timedelta(days=2)), facts=LENT) == {"SUB_DELEGATION_TOO_LONG"}
    assert decided(order, replace(held, valid_to=None), facts=LENT) == {"SUB_DELEGATION_TOO_LONG"}


def test_a_sub_delegation_covers_named_rows_and_its_giver_holds_the_right(order: DelegationOrder) -> None:
    """R-60"""
    held = lent("EC_N", "DO-046", of="AC_N")
    assert decided(order, replace(held, rules=None), facts=LENT) == {"NOT_SUB_DELEGABLE"}
    assert decided(order, replace(held, on_behalf_of="EC_N"), facts=LENT) == {"NOT_SUB_DELEGABLE"}
    assert decided(order, replace(held, role="INSP"), facts=LENT) == {"NOT_SUB_DELEGABLE"}
    assert decided(order, held, facts={**LENT, "amount": 200_001}) == {"NOT_SUB_DELEGABLE"}


def test_a_sub_delegation_gives_no_other_act(order: DelegationOrder) -> None:
    held = lent("EC_N", "DO-046", of="AC_N")
    assert step(order, Act.REVIEW, held) == {"SUB_DELEGATION_DECIDES_ONLY"}


def test_an_order_out_of_force_allows_nothing() -> None:
    """R-29: the order in force when the decision is signed."""
    later = load_order(bundle(), number="NEXT", valid_from=NOW + timedelta(days=1))
    assert codes(is_authorized(request("INJUNCTION_FINE", grant("AC_N")), later)) == {"ORDER_NOT_IN_FORCE"}


def test_a_decision_outside_the_case_types_list_is_refused(order: DelegationOrder) -> None:
    asked = replace(request("INJUNCTION_FINE", grant("GD", None)), decision_type="PERMIT_GRANT")
    for act in Act:
        assert "NO_ROW" in codes(is_authorized(replace(asked, act=act), order))


def test_a_decision_without_a_type_is_refused(order: DelegationOrder) -> None:
    asked = replace(request("INJUNCTION_FINE", grant("GD", None)), decision_type=None)
    assert "NO_DECISION_TYPE" in codes(is_authorized(asked, order))


def test_a_missing_amount_bars_and_is_named(order: DelegationOrder) -> None:
    asked = request("INJUNCTION_FINE", grant("GD", None))
    verdict = is_authorized(replace(asked, facts={}), order)
    assert [(bar.code, bar.params) for bar in verdict.bars] == [("UNEVALUABLE", (("facts", "amount"),))]
    assert verdict.requirements is None


def test_writing_a_proposal_needs_no_amount_yet(order: DelegationOrder) -> None:
    asked = replace(request("INJUNCTION_FINE", grant("INSP")), facts={}, act=Act.PREPARE)
    assert is_authorized(asked, order).allowed


def test_a_diagram_narrows_who_may_act(order: DelegationOrder) -> None:
    assert step(order, Act.HANDLE, grant("INSP"), step_role="INSP HL") == set()
    assert step(order, Act.HANDLE, grant("EC_N"), step_role="INSP") == set()
    assert step(order, Act.HANDLE, grant("INSP"), step_role="EC_N AC_N") == {"STEP_ROLE"}
    assert step(order, Act.HANDLE, grant("AJ"), step_role="INSP") == {"STEP_ROLE"}
    assert step(order, Act.HANDLE, grant("INSP"), step_role="ORDER") == set()
    assert decided(order, grant("AC_N"), step_role="GD") == {"STEP_ROLE"}


def test_a_diagram_never_widens_who_may_act(order: DelegationOrder) -> None:
    assert decided(order, grant("INSP"), step_role="INSP") == {"LEVEL_TOO_LOW"}


@pytest.mark.parametrize(
    ("role", "act"),
    [
        ("REG", Act.REVIEW),
        ("AJ", Act.DISPATCH),
        ("INSP", Act.CONSULT),
        ("UPPL", Act.PRESENT),
        ("TLED", Act.ANSWER),
    ],
)
def test_a_role_does_only_its_own_acts(order: DelegationOrder, role: str, act: Act) -> None:
    assert step(order, act, grant(role), participant=role, joint_code="JB-2") & {"ACT_NOT_IN_ROLE", "NO_GRANT"}


@pytest.mark.parametrize(("role", "allowed"), [("AJ", False), ("BCJ", True), ("CJ", True), ("TL", True), ("GD", False)])
def test_an_opinion_comes_from_the_rows_level_or_above(order: DelegationOrder, role: str, allowed: bool) -> None:
    """R-09: DO-046 asks for BCJ; a physician may always be asked."""
    assert step(order, Act.CONSULT, grant(role)) == (set() if allowed else {"OPINION_LEVEL"})


def answered(order: DelegationOrder, participant: str, held: Grant, code: str = "JB-2", **facts: object) -> set[str]:
    """Return the bars of an answer in joint preparation."""
    stated: dict[str, object] = {"first_use": True, **facts}
    asked: DecisionRequest = replace(
        request("INJUNCTION_FINE", held, facts=stated), act=Act.ANSWER, joint_code=code, participant=participant
    )
    return codes(is_authorized(asked, order))


@pytest.mark.parametrize(
    ("participant", "role", "case_type", "allowed"),
    [
        ("AJ", "AJ", "ETV", True),
        ("AJ", "CJ", None, True),
        ("BCJ", "AJ", "ETV", False),
        ("OLG", "EC_N", "ETV", True),
        ("OLG", "AC_N", "ETV", True),
        ("OLG", "INSP", "ETV", False),
        ("OLG", "EC_N", "FTB", False),
    ],
)
def test_an_answer_comes_from_the_participant_or_above(
    order: DelegationOrder, participant: str, role: str, case_type: str | None, allowed: bool
) -> None:
    assert answered(order, participant, grant(role, case_type)) == (set() if allowed else {"NO_GRANT"})


@pytest.mark.parametrize(
    ("participant", "role", "case_types", "allowed"),
    [
        ("EC_N:FTB", "EC_N", {"FTB"}, True),
        ("EC_N:FTB", "EC_N", {"ETV"}, False),
        ("INSP:FTB", "INSP", {"FTB"}, True),
        ("AC_N:OTHER", "AC_N", {"EKP"}, True),
        ("AC_N:OTHER", "AC_N", {"ETV"}, False),
        ("AC_N:ANY", "AC_N", {"EKP"}, True),
        ("AC_N:ANY", "GD", None, True),
        ("AC_N:OTHER", "GD", None, False),
    ],
)
def test_a_participant_may_come_from_another_case_type(
    order: DelegationOrder, participant: str, role: str, case_types: set[str] | None, allowed: bool
) -> None:
    held = grant(role, case_types=None if case_types is None else frozenset(case_types))
    bars = answered(order, participant, held)
    # The row asks none of these in JB-2, so that bar stands alone when the grant reaches.
    assert bars == ({"PARTICIPANT_ASKED"} if allowed else {"PARTICIPANT_ASKED", "NO_GRANT"})


def test_the_row_says_who_answers(order: DelegationOrder) -> None:
    assert answered(order, "AJ", grant("AJ"), code="JB-4") == {"PARTICIPANT_ASKED"}


def test_the_lowest_sufficient_grant_is_relied_on_whatever_their_order(order: DelegationOrder) -> None:
    grants = (grant("GD", None), grant("AC_N"), grant("EC_N"))
    for held in (grants, grants[::-1]):
        permit = is_authorized(request("INJUNCTION_FINE", *held), order).permit
        assert permit is not None
        assert permit.role == "AC_N"


def test_a_refusal_names_the_lowest_level_that_may(order: DelegationOrder) -> None:
    verdict = is_authorized(request("INJUNCTION_FINE", grant("INSP")), order)
    assert (verdict.lowest_role, verdict.rule) == ("AC_N", "DO-046")
    assert all(bar.personal for bar in verdict.bars)


def test_a_case_that_is_not_ready_bars_everyone_and_nobody_personally(order: DelegationOrder) -> None:
    verdict = is_authorized(replace(request("INJUNCTION_FINE", grant("AC_N")), prior_acts=()), order)
    assert {"FOUR_EYES", "JURIST_HEARD", "PRESENTED"} == codes(verdict)
    assert not any(bar.personal for bar in verdict.bars)


def test_the_actor_is_a_person_not_an_account(order: DelegationOrder) -> None:
    asked = replace(request("INJUNCTION_FINE"), actor=Actor(person="other", grants=(grant("AC_N", person=DECIDER),)))
    assert "NO_GRANT" in codes(is_authorized(asked, order))
