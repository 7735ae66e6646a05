"""What SpiffWorkflow answers for decision tables: why the delegation order is never evaluated by it."""

from __future__ import annotations

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException

from tests.spiff_facts.models import decide

LEVELS = [(["> 10"], '"EC"'), (["> 20"], '"AC"')]


@pytest.mark.parametrize("hit_policy", ["UNIQUE", "ANY", "PRIORITY", "BANAN"])
def test_two_matching_rows_give_the_first_without_a_word(hit_policy: str) -> None:
    assert decide({"amount": 50}, LEVELS, hit_policy=hit_policy) == "EC"


def test_no_matching_row_gives_nothing_without_a_word() -> None:
    assert decide({"amount": 5}, LEVELS) is None


@pytest.mark.parametrize("amount", [80, 50])
def test_a_negated_cell_never_matches(amount: int) -> None:
    assert decide({"amount": amount}, [(["not(80)"], '"EC"')]) is None


@pytest.mark.parametrize("amount", [80, 90])
def test_a_list_cell_never_matches(amount: int) -> None:
    assert decide({"amount": amount}, [(["80,90"], '"EC"')]) is None


def test_a_range_cell_fails_when_the_case_reaches_it() -> None:
    with pytest.raises(WorkflowTaskException, match="invalid syntax"):
        decide({"amount": 50}, [(["[0..100]"], '"EC"')])


def test_a_cell_runs_python() -> None:
    assert decide({"amount": 50}, [(["== len(__import__('string').digits) * 5"], '"EC"')]) == "EC"
