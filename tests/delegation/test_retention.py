"""What must hold before anything of a case is weeded out (R-79)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from delegation.retention import RULES, RetentionRule, weeding_bars

RULE = {"EVB": RetentionRule(case_type="EVB", legal_basis="ARKIVLAG-10", years=10)}


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, []),
        ({"case_type": "ETV"}, ["NO_RETENTION_RULE"]),
        ({"closed_on": None}, ["CASE_IS_OPEN"]),
        ({"today": date(2026, 5, 3)}, ["RETENTION_RUNS"]),
        ({"approved_by": None}, ["WEEDING_FOUR_EYES"]),
        ({"approved_by": "a"}, ["WEEDING_FOUR_EYES"]),
        ({"rules": {}}, ["NO_RETENTION_RULE"]),
    ],
)
def test_r79_weeding_takes_a_rule_its_time_and_two_persons(asked: dict[str, Any], codes: list[str]) -> None:
    """R-79: each of the conditions refuses by itself."""
    told: dict[str, Any] = {
        "case_type": "EVB",
        "closed_on": date(2016, 5, 4),
        "today": date(2026, 5, 4),
        "proposed_by": "a",
        "approved_by": "b",
        "rules": RULE,
    }

    bars = weeding_bars(**(told | asked))

    assert [bar.code for bar in bars] == codes
    assert {bar.rule_id for bar in bars} <= {"R-79"}


def test_r79_a_rule_counts_whole_years_to_the_day() -> None:
    """R-79: the day before is too early, whichever month it falls in."""

    def early(closed_on: date, today: date) -> bool:
        bars = weeding_bars(
            case_type="EVB", closed_on=closed_on, today=today, proposed_by="a", approved_by="b", rules=RULE
        )
        return bool(bars)

    assert early(date(2016, 12, 31), date(2026, 12, 30))
    assert not early(date(2016, 12, 31), date(2026, 12, 31))
    assert not early(date(2016, 12, 31), date(2027, 1, 1))
    assert early(date(2016, 2, 29), date(2026, 2, 28))


def test_r79_no_rule_is_adopted() -> None:
    """R-79: so that nothing can be weeded out by default."""
    assert RULES == {}
