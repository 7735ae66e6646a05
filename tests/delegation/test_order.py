"""The shipped order says what the delegation order says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from delegation.bundle import LEGAL_BASIS, RULES, digest
from delegation.errors import ConflictingRows, NoRow, Unevaluable, UnknownLegalBasis, UnknownRole
from delegation.legal_basis import RegistryInvalid, read_registry, reference
from delegation.order import DelegationOrder, load_order
from delegation.types import JuristMode
from delegation.vocabulary import DECISION_TYPES
from tests.delegation.authority import ADOPTED, NEUTRAL, bundle

IDS = [
    f"DO-{number:03}"
    for first, last in [
        (1, 25), (30, 54), (60, 66), (69, 78), (80, 88), (90, 96), (100, 106), (110, 118), (120, 123), (130, 132)
    ]
    for number in range(first, last + 1)
]  # fmt: skip


def demands(order: DelegationOrder, case_type: str, decision_type: str, **facts: Any) -> Any:
    return order.requirements(case_type, decision_type, {**NEUTRAL, **facts})


def test_all_106_rows_are_there(order: DelegationOrder) -> None:
    assert len(IDS) == 106
    assert sorted({row.rule_id for row in order.rows}) == IDS


def test_every_row_can_be_reached_from_its_case_types_decision_list(order: DelegationOrder) -> None:
    assert {row.rule_id for rows in order.index.values() for row in rows} == set(IDS)


def test_every_decision_type_of_the_vocabulary_is_in_some_decision_list(order: DelegationOrder) -> None:
    assert {decision_type for _, decision_type in order.index} == set(DECISION_TYPES)


def test_every_decision_row_of_supervision_is_reached(order: DelegationOrder) -> None:
    reached = {row.rule_id for decision in order.decision_types("ETV") for row in order.index["ETV", decision]}
    assert {f"DO-{number:03}" for number in range(33, 55)} <= reached


@pytest.mark.parametrize(
    ("case_type", "decision_type", "facts", "row", "lowest", "jurist"),
    [
        ("ETV", "INJUNCTION_FINE", {"amount": 1_000_000}, "DO-046-1", "AC_N", "BCJ"),
        ("ETV", "INJUNCTION_FINE", {"amount": 1_000_001}, "DO-046-2", "AC_N", "CJ"),
        ("ETV", "INJUNCTION_FINE", {"amount": 5_000_001}, "DO-046-3", "GD", "CJ"),
        ("ETV", "BAN_AFTER", {"affected_persons": 50}, "DO-047-1", "AC_N", "CJ"),
        ("ETV", "REVOKE_AFTER", {"affected_persons": 51}, "DO-047-2", "GD", "CJ"),
        ("ETV", "BAN_AFTER", {"several_units": True}, "DO-047-3", "GD", "CJ"),
        ("ETV", "INJUNCTION_NOTIFY", {"with_fine": True}, "DO-054-2", "AC_N", "BCJ"),
        ("ETV", "INTERIM_BAN", {"chief_jurist_unreachable": True}, "DO-049-2", "AC_N", "BCJ"),
        ("EKP", "DATA_REQUEST", {"volume": 50}, "DO-007", "INSP/HL", None),
        ("EKP", "DATA_REQUEST", {"volume": 500}, "DO-008-1", "EC_N", "AJ"),
        ("EKP", "DATA_REQUEST", {"volume": 767}, "DO-008-2", "AC_N", "BCJ"),
        ("EKP", "DATA_REQUEST", {"volume": 20, "volume_12_months": 1001}, "DO-008-3", "AC_N", "AJ"),
        ("EVB", "FEE_APPLICATION", {"amount": 100_000}, "DO-093", "EC_N", "AJ"),
        ("EVB", "FEE_APPLICATION", {"amount": 100_001}, "DO-094", "AC_N", "BCJ"),
        ("EVB", "FEE_APPLICATION", {"amount": 90_000, "renewed_fee": True}, "DO-095-2", "AC_N", "CJ"),
        ("ETV", "COMMUNICATE", {"extension_number": 3}, "DO-005-3", "EC_N", None),
        ("ETV", "COMMUNICATE", {"extension_weeks": 7}, "DO-005-2", "EC_N", None),
        ("ETV", "CONFLICT_RULING", {"challenged_role": "EC_N"}, "DO-004-2", "AC_N", "AJ"),
        ("ETV", "CONFLICT_RULING", {"challenged_role": "GD"}, "DO-004-4", "STF", "AJ"),
        ("UTL", "REFUSE_DISCLOSURE", {"protected_matter": True}, "DO-132", "BCJ", "BCJ"),
        ("NTS", "DEMAND_REPORT_4", {}, "DO-064-2", "GD", "BCJ"),
    ],
)
def test_bands_follow_the_facts(
    order: DelegationOrder,
    case_type: str,
    decision_type: str,
    facts: dict[str, Any],
    row: str,
    lowest: str,
    jurist: str,
) -> None:
    """R-12: the band is chosen by the amount."""
    found = demands(order, case_type, decision_type, **facts)
    assert (found.row, found.lowest_role, found.jurist_role) == (row, lowest, jurist)


def test_a_matter_of_principle_goes_to_the_director_whatever_the_decision(order: DelegationOrder) -> None:
    """R-11"""
    for case_type, decision_type in order.index:
        found = demands(order, case_type, decision_type, principle=True)
        assert (found.rule, found.lowest_role, found.jurist_role) == ("DO-002", "GD", "CJ")


def test_a_matter_of_principle_can_be_appealed_as_the_row_it_replaces(order: DelegationOrder) -> None:
    assert demands(order, "ETV", "INJUNCTION_FINE", principle=True).appealable
    assert demands(order, "FTB", "INJUNCTION_FINE", principle=True).appealable
    assert not demands(order, "ETV", "NO_DEFICIENCY", principle=True).appealable
    assert "VITE" in demands(order, "ETV", "INJUNCTION_FINE", principle=True).legal_basis


@pytest.mark.parametrize("case_type", ["NTS", "FTB"])
def test_an_alias_asks_what_the_row_it_points_at_asks(order: DelegationOrder, case_type: str) -> None:
    alias = demands(order, case_type, "INJUNCTION_FINE", amount=2_000_000)
    target = demands(order, "ETV", "INJUNCTION_FINE", amount=2_000_000)
    assert (alias.rule, alias.row) == ("DO-046", "DO-046-2")
    assert alias.via == {"NTS": "DO-066", "FTB": "DO-078"}[case_type]
    assert target.via is None
    assert (alias.lowest_role, alias.jurist_role, alias.legal_basis) == (
        target.lowest_role,
        target.jurist_role,
        target.legal_basis,
    )
    assert alias.sub_delegable_to is None


def test_interventions_in_frequency_supervision_always_prepare_with_child_competence(order: DelegationOrder) -> None:
    found = demands(order, "FTB", "INJUNCTION")
    assert [(joint.code, joint.participants) for joint in found.joint_preparations] == [
        ("JB-6", ("AJ", "EC_N:FTB", "INSP:FTB"))
    ]


def test_general_rows_hold_in_every_case_type(order: DelegationOrder) -> None:
    assert demands(order, "TIL", "CORRECTION").rule == "DO-012"
    assert demands(order, "UTL", "REPLY_OVERSIGHT").rule == "DO-025"


@pytest.mark.parametrize(
    ("decision_type", "facts", "codes"),
    [
        ("INJUNCTION_FINE", {}, []),
        ("INJUNCTION_FINE", {"first_use": True}, ["JB-2"]),
        ("OPEN_SUPERVISION", {"child_harm": True, "actor_flag": True}, ["JB-6", "JB-7"]),
        ("OPEN_SUPERVISION", {"case_types_concerned": 2}, ["JB-3"]),
        ("OPEN_SUPERVISION_PRINCIPAL", {}, ["JB-10"]),
        ("DEMAND_REPORT_2", {}, ["JB-9"]),
        ("BAN_DIRECT", {}, ["JB-5"]),
        ("REVOKE_SUITABILITY", {}, ["JB-4"]),
    ],
)
def test_joint_preparation_follows_the_row_and_its_triggers(
    order: DelegationOrder, decision_type: str, facts: dict[str, Any], codes: list[str]
) -> None:
    found = demands(order, "ETV", decision_type, **facts)
    assert [joint.code for joint in found.joint_preparations] == codes


def test_the_fast_lane_defers_four_eyes_and_joint_preparation_but_not_the_jurist(order: DelegationOrder) -> None:
    """R-51"""
    found = demands(order, "ETV", "INTERIM_BAN")
    assert (found.controls_after, found.oral, found.jurist_after) == (True, True, False)
    assert [(joint.code, joint.after) for joint in found.joint_preparations] == [("JB-5", True)]


def test_a_chief_jurist_who_was_not_reached_confirms_within_a_working_day(order: DelegationOrder) -> None:
    """R-37"""
    found = demands(order, "ETV", "INTERIM_BAN", chief_jurist_unreachable=True)
    assert found.jurist_role == "BCJ"
    assert [(joint.after, joint.participants) for joint in found.joint_preparations] == [
        (True, ("CJ", "BCJ", "AC_N", "EC_N"))
    ]


def test_a_sub_delegation_opens_only_when_its_condition_is_stated(order: DelegationOrder) -> None:
    stated = {"amount": 200_000, "same_measure_decided_nationally": True}
    assert demands(order, "ETV", "INJUNCTION_FINE", **stated).sub_delegable_to == "EC_N"
    assert demands(order, "ETV", "INJUNCTION_FINE", **{**stated, "amount": 200_001}).sub_delegable_to is None
    assert demands(order, "ETV", "INJUNCTION_FINE", amount=200_000).sub_delegable_to is None


def test_the_jurist_mode_is_the_rows(order: DelegationOrder) -> None:
    modes = {
        decision: demands(order, "ETV", decision).jurist_mode
        for decision in ("INJUNCTION_FINE", "INJUNCTION", "LEGAL_POSITION")
    }
    assert modes == {
        "INJUNCTION_FINE": JuristMode.CONSULTED,
        "INJUNCTION": JuristMode.TAKES_PART,
        "LEGAL_POSITION": JuristMode.DECIDES,
    }


def test_a_decision_outside_the_list_has_no_row(order: DelegationOrder) -> None:
    with pytest.raises(NoRow, match="PERMIT_GRANT"):
        order.requirements("ETV", "PERMIT_GRANT", {})
    with pytest.raises(NoRow):
        order.requirements("ETV", "ANYTHING", {"principle": True})


@pytest.mark.parametrize("amount", [None, "many", True, [1], object()])
def test_an_amount_that_says_nothing_leaves_the_row_open(order: DelegationOrder, amount: object) -> None:
    with pytest.raises(Unevaluable, match="amount"):
        order.requirements("ETV", "INJUNCTION_FINE", {"amount": amount})


def test_a_fact_that_cannot_matter_may_be_missing(order: DelegationOrder) -> None:
    assert order.requirements("ETV", "BAN_AFTER", {"affected_persons": 60}).row == "DO-047-2"
    with pytest.raises(Unevaluable, match="several_units"):
        order.requirements("ETV", "BAN_AFTER", {"affected_persons": 6})


def test_a_flag_that_is_no_flag_leaves_the_row_open(order: DelegationOrder) -> None:
    with pytest.raises(Unevaluable, match="principle"):
        order.requirements("ETV", "INSPECTION", {"principle": "no"})


def test_conflicting_rows_are_both_named() -> None:
    """A bundle like this is refused at load; an order that slipped past still denies."""
    files = bundle()
    text = files[RULES].decode().replace("<text>&gt; 5000000</text>", "<text>&gt; 4000000</text>")
    order = _unchecked({**files, RULES: text.encode()})
    with pytest.raises(ConflictingRows, match="DO-046-2 and DO-046-3"):
        order.requirements("ETV", "INJUNCTION_FINE", {"amount": 4_500_000})


def _unchecked(files: dict[str, bytes]) -> DelegationOrder:
    """Return an order that nobody has checked."""
    from unittest.mock import patch

    with patch("delegation.order.check_order", return_value=[]):
        return load_order(files, number="TEST-2", valid_from=ADOPTED)


def test_the_order_is_in_force_in_a_half_open_period() -> None:
    end = ADOPTED + timedelta(days=30)
    order = load_order(bundle(), number="TEST-1", valid_from=ADOPTED, valid_to=end)
    assert [order.in_force(at) for at in (ADOPTED - timedelta(seconds=1), ADOPTED, end)] == [False, True, False]


def test_the_sum_covers_every_byte_of_every_file() -> None:
    files = bundle()
    sums = {digest(files)} | {digest({**files, name: data + b" "}) for name, data in files.items()}
    assert len(sums) == len(files) + 1


def test_the_naive_reading_has_the_same_rows() -> None:
    rows = json.loads((Path(__file__).parent / "legal_rows.json").read_text(encoding="utf-8"))
    assert sorted({row["id"] for row in rows}) == IDS


@pytest.mark.parametrize(
    ("day", "statute"),
    [
        (date(2025, 6, 30), "14 kap. 1 § socialtjänstlagen (2001:453)"),
        (date(2025, 7, 1), "19 kap. 1 § socialtjänstlagen (2025:400)"),
    ],
)
def test_a_legal_basis_is_the_law_of_the_day(order: DelegationOrder, day: date, statute: str) -> None:
    assert reference("SOL-OROS", day, registry=order.legal_basis).text == statute


def test_an_unknown_legal_basis_is_refused(order: DelegationOrder) -> None:
    with pytest.raises(UnknownLegalBasis, match="SOL-0"):
        order.legal_basis.reference("SOL-0", datetime(2026, 1, 1, tzinfo=UTC).date())


@pytest.mark.parametrize("data", [b"", b"\xff", b"[[basis]]\nkey = 'A'\n"])
def test_an_unreadable_registry_is_refused(data: bytes) -> None:
    with pytest.raises(RegistryInvalid, match=r"legal_basis\.toml"):
        read_registry(data)


def test_a_registry_that_means_two_things_on_one_day_is_refused() -> None:
    data = bundle()[LEGAL_BASIS] + bundle()[LEGAL_BASIS]
    with pytest.raises(RegistryInvalid, match="two meanings"):
        read_registry(data)


def test_an_unknown_role_is_named(order: DelegationOrder) -> None:
    with pytest.raises(UnknownRole, match="CEO"):
        order.roles["CEO"]
