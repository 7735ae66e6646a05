"""Every row of the order is come to by some model, or somebody has said why not."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from delegation.order import DelegationOrder
from tests.delegation.authority import shipped
from workflow_app.cli.management.commands import reachability
from workflow_app.modeler import reach
from workflow_app.modeler.reach import Model

ROWS = 106


@pytest.fixture(scope="module")
def order() -> DelegationOrder:
    return shipped()


@pytest.fixture(scope="module")
def found() -> reach.Reach:
    return reachability.shipped()


def model(*decision_types: str, case_type: str = "ETV", facts: tuple[str, ...] = ()) -> Model:
    return Model(id="tried", case_type=case_type, decision_types=frozenset(decision_types), facts=frozenset(facts))


def test_every_row_is_come_to_by_a_model_or_has_its_reason(found: reach.Reach) -> None:
    assert len(found.rows) == ROWS
    assert not found.problems


def test_no_model_lets_anybody_decide_what_the_order_does_not_know(found: reach.Reach) -> None:
    assert not found.unknown


def test_a_decision_without_a_row_is_named_with_its_model(order: DelegationOrder) -> None:
    asked = reach.reach(order, [model("PERMIT_GRANT")], {})

    assert asked.unknown == ("tried: PERMIT_GRANT",)
    assert "tried: PERMIT_GRANT: the order has no such row" in asked.problems


def test_a_reason_for_a_row_that_is_come_to_is_stale(order: DelegationOrder) -> None:
    asked = reach.reach(order, [model("NO_DEFICIENCY")], {"DO-040": "Ingen."})

    assert "DO-040: reached, though a reason says why not" in asked.problems


def test_a_row_whose_flag_no_form_asks_for_is_not_come_to(order: DelegationOrder) -> None:
    without, having = (
        {row.row: row.models for row in reach.reach(order, [model("NO_DEFICIENCY", facts=facts)], {}).rows}
        for facts in ((), ("principle",))
    )

    assert (without["DO-002"], having["DO-002"]) == ((), ("tried",))


def test_the_report_is_for_scripts_too(found: reach.Reach) -> None:
    out = StringIO()

    try:
        call_command("reachability", "--format", "json", stdout=out)
    except SystemExit:
        assert found.problems

    assert len(json.loads(out.getvalue())["rows"]) == ROWS
