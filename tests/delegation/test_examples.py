"""Facts for a row: every row of the shipped order can be shown by an example."""

from __future__ import annotations

from dataclasses import replace

import pytest

from delegation.errors import Unevaluable
from delegation.examples import example
from delegation.order import DelegationOrder
from delegation.rows import PRINCIPLE


def test_every_row_of_the_order_has_an_example_that_it_covers(order: DelegationOrder) -> None:
    shown = 0
    for (case_type, decision_type), rows in order.index.items():
        for row in rows:
            facts, found = example(order, row, case_type=case_type, decision_type=decision_type)
            assert order.row(case_type, decision_type, facts) is row
            assert found.row == row.id or found.via == row.rule_id
            shown += 1
    assert shown > 700


def test_an_override_is_shown_by_the_fact_that_calls_for_it(order: DelegationOrder) -> None:
    row = next(row for row in order.rows if row.is_override)
    facts, found = example(order, row, case_type="ETV", decision_type="INJUNCTION")

    assert facts[PRINCIPLE] is True
    assert found.lowest_role == "GD"


def test_a_fact_that_cannot_be_stated_is_no_example(order: DelegationOrder) -> None:
    """A flag that is always in doubt bars, however it is answered."""
    key = ("ETV", "INJUNCTION_FINE")
    nameless = replace(order, participants={}, triggers={"JB-2": ((),)}, _built={})
    row = next(row for row in order.index[key] if row.id == "DO-046-1")

    with pytest.raises(Unevaluable):
        example(nameless, row, case_type=key[0], decision_type=key[1])
