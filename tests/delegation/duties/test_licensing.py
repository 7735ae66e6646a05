"""What must stand in the file before a permit or a licence is decided about."""

from __future__ import annotations

from typing import Any

import pytest

from delegation import is_authorized
from delegation.order import DelegationOrder
from tests.delegation.authority import grant, request

#: Case type, role, decision type, rule, code, facts that bar, facts that don't.
FILES: list[tuple[str, str, str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("TIL", "EC_T", "PERMIT_GRANT", "R-08", "EXAMINED_BY_TWO", {"examiners": 1}, {"examiners": 2}),
    ("TIL", "EC_T", "PERMIT_GRANT", "R-08", "EXAMINED_BY_TWO", {"examiners": None}, {"examiners": 3}),
    ("TIL", "EC_T", "PERMIT_REFUSE_CONTENT", "R-47", "COMMUNICATED", {"communicated": None}, {"communicated": True}),
    ("TIL", "AC_T", "PERMIT_REFUSE_SUITABILITY", "R-47", "COMMUNICATED", {"communicated": False},
     {"communicated": False, "communication_exception": "FL_25_2"}),
    ("TLP", "AC_N", "HSAN_PROBATION", "R-44", "PLAN_COMMUNICATED", {"plan_communicated": False},
     {"plan_communicated": False, "plan_reason": "kan inte nås"}),
    ("TLP", "AC_N", "HSAN_PROBATION", "R-44", "PLAN_COMMUNICATED", {"plan_communicated": None, "plan_reason": " "},
     {"plan_communicated": True}),
    ("TLP", "AC_N", "HSAN_INTERIM", "R-51", "FAST_LANE_ACUTE", {"danger": None}, {"danger": True}),
    ("TLP", "AC_N", "HSAN_INTERIM", "R-53", "INTERIM_MONTHS", {"interim_months": 7}, {"interim_months": 6}),
    ("TLP", "AC_N", "HSAN_INTERIM", "R-53", "INTERIM_MONTHS", {"interim_months": None}, {"interim_months": 1}),
    ("TLP", "EC_N", "NO_CRITICISM", "R-89", "HSAN_REPORT_WHERE_GROUNDS", {"hsan_grounds_found": True}, {}),
    ("TLP", "EC_N", "CRITICISM", "R-89", "OFFENCE_REPORTED", {"offence_suspected": True},
     {"offence_suspected": True, "prosecution_reported": True}),
]  # fmt: skip


@pytest.mark.parametrize(("case_type", "role", "decision_type", "rule_id", "code", "unmet", "met"), FILES)
def test_the_file_shows_what_the_decision_rests_on(
    order: DelegationOrder,
    case_type: str,
    role: str,
    decision_type: str,
    rule_id: str,
    code: str,
    unmet: dict[str, Any],
    met: dict[str, Any],
) -> None:
    """R-08, R-44, R-47, R-51, R-53, R-89"""

    def bars(facts: dict[str, Any]) -> list[tuple[str, str]]:
        asked = request(decision_type, grant(role, case_type), case_type=case_type, facts=facts)
        return [(bar.code, bar.rule_id) for bar in is_authorized(asked, order).bars]

    assert bars(unmet) == [(code, rule_id)]
    assert bars(met) == []


def test_grounds_bar_no_closing_where_nobody_is_reported_to_the_board(order: DelegationOrder) -> None:
    """R-89"""
    asked = request("CRITICISM", grant("EC_N", "EKP"), case_type="EKP", facts={"hsan_grounds_found": True})
    assert is_authorized(asked, order).allowed
