"""Who may see how the work of the house stands."""

from __future__ import annotations

import pytest

from delegation.order import DelegationOrder
from delegation.oversight import oversees
from delegation.types import Actor
from tests.delegation.authority import DECIDER, grant, lent


@pytest.mark.parametrize(
    ("role", "case_type", "expected"),
    [
        ("EC_N", "ETV", True),
        ("AC_N", "ETV", True),
        ("GD", None, True),
        ("DOADM", None, True),
        ("IR", None, True),
        ("INSP", "ETV", False),
        ("CJ", None, False),
        ("REG", None, False),
        ("NO_SUCH_ROLE", None, False),
    ],
)
def test_heads_order_editors_and_audit_do(
    order: DelegationOrder, role: str, case_type: str | None, expected: bool
) -> None:
    assert oversees(Actor(person=DECIDER, grants=(grant(role, case_type),)), order) is expected


def test_a_lent_row_makes_nobody_a_head(order: DelegationOrder) -> None:
    assert not oversees(Actor(person=DECIDER, grants=(lent("EC_N", "DO-036", of="AC_N"),)), order)
