"""A disagreement goes upward, in the order of domain 3.5, and onward when time runs out."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from delegation.errors import NoResolver, UnknownRole
from delegation.escalation import ACUTE_LIMIT, Resolution, acute_due, is_acute, resolver, steps
from delegation.order import DelegationOrder


@pytest.mark.parametrize(
    ("parties", "step", "role", "days"),
    [
        (("INSP", "INSP"), "E1", "EC_N", 2),
        (("HL", "INSP"), "E1", "EC_N", 2),
        (("EC_N", "AJ"), "E2", "BCJ", 3),
        (("INSP", "AJ"), "E2", "BCJ", 3),
        (("EC_N", "BCJ"), "E2", "AC_N", 3),
        (("EC_N", "EC_N"), "E3", "AC_N", 3),
        (("INSP", "EC_N"), "E3", "AC_N", 3),
        (("AC_N", "AC_T"), "E4", "GD", 5),
        (("AC_N", "AC_N"), "E4", "GD", 5),
        (("AJ", "AJ"), "E5", "CJ", 5),
        (("BCJ", "BCJ"), "E5", "CJ", 5),
        (("AC_N", "CJ"), "E6", "GD", 5),
        (("REG", "EC_N"), "E3", "AC_N", 3),
        (("INSP", "AC_A"), "E4", "GD", 5),
        (("AC_A", "AJ"), "E2", "BCJ", 3),
        (("TL", "INSP"), "E7", "TCL", 3),
        (("TL", "TL"), "E7", "TCL", 3),
        (("TCL", "CJ"), "E7", "GD", 3),
        (("TCL", "AC_N"), "E7", "GD", 3),
    ],
)
def test_each_disagreement_has_its_resolver(
    order: DelegationOrder, parties: tuple[str, str], step: str, role: str, days: int
) -> None:
    """R-61: E1 to E7"""
    for named in (parties, parties[::-1]):
        found = resolver(named, order)
        assert (found.step, found.role, found.working_days) == (step, role, days)


@pytest.mark.parametrize(
    ("parties", "ladder"),
    [
        (("INSP", "INSP"), ["EC_N", "AC_N", "GD"]),
        (("EC_N", "AJ"), ["BCJ", "AC_N", "GD"]),
        (("AC_N", "AJ"), ["BCJ", "GD"]),
        (("AJ", "AJ"), ["CJ", "GD"]),
        (("TL", "INSP"), ["TCL", "GD"]),
        (("AC_N", "CJ"), ["GD"]),
    ],
)
def test_an_unanswered_disagreement_moves_one_level_up(
    order: DelegationOrder, parties: tuple[str, str], ladder: list[str]
) -> None:
    """R-62"""
    assert [found.role for found in steps(parties, order)] == ladder


def test_time_runs_out_step_by_step(order: DelegationOrder) -> None:
    """R-62"""
    assert resolver(("INSP", "INSP"), order, "E1") == Resolution(step="E3", role="AC_N", working_days=3)
    assert resolver(("INSP", "INSP"), order, "E3") == Resolution(step="E4", role="GD", working_days=5)
    with pytest.raises(NoResolver):
        resolver(("INSP", "INSP"), order, "E4")


def test_every_pair_that_takes_part_has_one_resolver_above_it(order: DelegationOrder) -> None:
    """R-61: only upward; nobody resolves for an equal or a higher role in the same chain."""
    outside = {"GD", "STF", "AC", "EC", "EXP", "PO", "DOADM", "IR", "SYS"}
    roles = [role for role in order.roles if role.code not in outside]
    for one, other in itertools.combinations_with_replacement(roles, 2):
        found = order.roles[resolver((one.code, other.code), order).role]
        for party in (one, other):
            assert found.code == "GD" or found.chain is not party.chain or found.level > party.level


def test_nobody_resolves_a_disagreement_with_the_director(order: DelegationOrder) -> None:
    for named in (("GD", "CJ"), ("STF", "AC_N"), ()):
        with pytest.raises(NoResolver):
            resolver(named, order)


def test_an_unknown_party_is_named(order: DelegationOrder) -> None:
    with pytest.raises(UnknownRole, match="CEO"):
        resolver(("CEO", "AJ"), order)


@pytest.mark.parametrize(
    ("parties", "ladder"),
    [(("INSP", "CJ"), ["AC_N", "GD"]), (("EC_N", "BCJ"), ["AC_N", "GD"]), (("INSP", "EC_N"), ["AC_N", "GD"])],
)
def test_nobody_is_asked_twice_on_the_way_up(
    order: DelegationOrder, parties: tuple[str, str], ladder: list[str]
) -> None:
    """R-61, R-62"""
    assert [found.role for found in steps(parties, order)] == ladder
    first = resolver(parties, order)
    assert [found.role for found in steps(parties, order, first.step, first.role)] == ladder[1:]


def test_acute_danger_leaves_four_hours_to_all_levels_together() -> None:
    """R-62: invariant g of domain 3.5"""
    began = datetime(2026, 11, 22, 8, tzinfo=UTC)
    ends = began + ACUTE_LIMIT
    assert timedelta(hours=4) == ACUTE_LIMIT
    assert acute_due(at=began, ends=ends, levels=3) == began + timedelta(minutes=80)
    assert acute_due(at=ends - timedelta(minutes=10), ends=ends, levels=1) == ends
    assert acute_due(at=ends + timedelta(hours=1), ends=ends, levels=2) == ends + timedelta(hours=1)
    assert [
        is_acute(facts) for facts in ({"risk_class": "ACUTE"}, {"acute_danger_found": True}, {}, {"risk_class": "HIGH"})
    ] == [
        True,
        True,
        False,
        False,
    ]
