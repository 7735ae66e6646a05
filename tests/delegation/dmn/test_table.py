from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from delegation.dmn.errors import ExpressionInvalid, InputNotAllowed, ModelInvalid, RulesConflict
from delegation.dmn.table import DecisionTable
from tests.delegation.dmn.models import model, table, table_xml

LEVELS = [["< 100", '"HL"'], ["[100..1000]", '"EC"'], ["> 500", '"AC"']]


def test_one_matching_rule_answers() -> None:
    result = table(["amount"], LEVELS).evaluate({"amount": 50})

    assert result.value == "HL"
    assert [rule.id for rule in result.matched] == ["r1"]


def test_no_matching_rule_is_null_without_rules() -> None:
    result = table(["amount"], LEVELS[:2]).evaluate({"amount": 5000})

    assert result.value is None
    assert result.matched == ()


def test_default_output_answers_when_no_rule_matches() -> None:
    assert table(["amount"], LEVELS[:1], defaults=['"GD"']).evaluate({"amount": 5000}).value == "GD"


def test_unique_with_two_matches_is_an_error_naming_both_rules() -> None:
    with pytest.raises(RulesConflict) as error:
        table(["amount"], LEVELS).evaluate({"amount": 700})

    assert error.value.rules == ("r2", "r3")
    assert "`r2`, `r3`" in str(error.value)


def test_unique_is_an_error_even_when_the_answers_agree() -> None:
    with pytest.raises(RulesConflict):
        table(["a"], [["-", "1"], ["-", "1"]]).evaluate({"a": 1})


def test_any_accepts_equal_answers_only() -> None:
    rules = [["> 0", '"yes"'], ["> 10", '"yes"'], ["> 100", '"no"']]
    any_table = table(["a"], rules, policy="ANY")

    assert any_table.evaluate({"a": 50}).value == "yes"
    with pytest.raises(RulesConflict):
        any_table.evaluate({"a": 500})


def test_first_answers_with_the_first_match() -> None:
    result = table(["amount"], LEVELS, policy="FIRST").evaluate({"amount": 700})

    assert result.value == "EC"
    assert [rule.id for rule in result.matched] == ["r2"]


def test_rule_order_and_collect_give_all_in_table_order() -> None:
    for policy in ("RULE ORDER", "COLLECT"):
        assert table(["amount"], LEVELS, policy=policy).evaluate({"amount": 700}).value == ["EC", "AC"]


def test_priority_and_output_order_follow_the_listed_values() -> None:
    values = ['"AC", "EC", "HL"']

    assert table(["amount"], LEVELS, policy="PRIORITY", output_values=values).evaluate({"amount": 700}).value == "AC"
    ordered = table(["amount"], LEVELS, policy="OUTPUT ORDER", output_values=values)
    assert ordered.evaluate({"amount": 700}).value == ["AC", "EC"]


def test_priority_of_several_outputs_compares_the_left_column_first() -> None:
    rules = [["-", '"low"', '"a"'], ["-", '"high"', '"b"'], ["-", '"high"', '"a"']]
    ranked = table(
        ["x"], rules, policy="PRIORITY", outputs=("level", "kind"), output_values=['"high", "low"', '"a", "b"']
    )

    assert ranked.evaluate({"x": 1}).value == {"level": "high", "kind": "a"}


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collect_aggregates(aggregation: str, expected: int) -> None:
    rules = [["> 0", "10"], ["> 1", "20"], ["> 2", "30"]]

    assert table(["a"], rules, policy="COLLECT", aggregation=aggregation).evaluate({"a": 5}).value == expected


def test_an_aggregation_of_several_outputs_is_refused() -> None:
    with pytest.raises(ModelInvalid, match="aggregation"):
        table(["a"], [["-", "1", "2"]], outputs=("x", "y"), policy="COLLECT", aggregation="SUM")


def test_several_outputs_make_a_context() -> None:
    assert table(["a"], [["-", "1", "a + 1"]], outputs=("x", "y")).evaluate({"a": 1}).value == {"x": 1, "y": 2}


CELLS: list[tuple[str, Any, bool]] = [
    ("20,30", 20, True),
    ("20,30", 25, False),
    ("not(80)", 80, False),
    ("not(80, 90)", 85, True),
    ("(6..30]", 6, False),
    ("[6..30[", 30, False),
    ("]6..30]", 30, True),
    (">= 100 ", 100, True),
    ('"ETV","EHT"', "EHT", True),
    ('not("ETV","EHT")', "EHT", False),
    ('not("ETV")', None, True),
    ("true", True, True),
    ("true", Decimal(1), False),
    ("1", True, False),
    ("null", None, True),
    ("not(null)", None, False),
    ("-", None, True),
    ("", None, True),
    ("< 10", None, False),
    ("1.0", 1, True),
    ('date("2026-11-22")', dt.date(2026, 11, 22), True),
    ('< date("2026-11-22")', dt.date(2026, 11, 21), True),
    ('"x"', ["x", "y"], False),
    ('list contains(?, "x")', ["x", "y"], True),
    ("? > limit", 6, True),
    ("limit", 5, True),
]


@pytest.mark.parametrize(("text", "value", "expected"), CELLS)
def test_cells_answer_as_feel_does_with_and_without_the_index(text: str, value: Any, expected: bool) -> None:
    one = table(["a"], [[text, "1"]])
    scope = {"a": value, "limit": Decimal(5)}

    assert bool(one.matches(scope)) is expected
    assert one.trace(scope)[0].matched is expected


def test_a_value_outside_the_input_values_is_an_error_but_a_missing_one_is_not() -> None:
    limited = table(["role"], [["-", "1"]], input_values=['"HL","EC"'])

    assert limited.evaluate({"role": None}).value == 1
    with pytest.raises(InputNotAllowed, match="`role`"):
        limited.evaluate({"role": "GD"})


def test_the_trace_says_what_each_cell_answered() -> None:
    result = table(["amount", "principle"], [["> 10", "false", "1"], ["> 10", "-", "2"]]).explain(
        {"amount": 20, "principle": True}
    )

    first, second = result.trace
    assert [(cell.column, cell.test, cell.answer) for cell in first.cells] == [
        ("amount", "> 10", True),
        ("principle", "false", False),
    ]
    assert second.matched
    assert result.value == 2


def test_literal_cells_expose_their_values() -> None:
    rule = table(["a", "b", "c"], [['"x", "y"', "> 3", "-", "1"]]).rules[0]

    assert rule.inputs[0].literals == {"x", "y"}
    assert rule.inputs[1].literals is None
    assert rule.inputs[2].is_any


def test_a_cell_that_is_not_feel_names_its_line() -> None:
    with pytest.raises(ExpressionInvalid, match="line 2"):
        table(["a"], [["((", "1"]])


def test_python_in_a_cell_is_never_run() -> None:
    one = table(["a"], [["-", '__import__("os").getcwd()']])

    assert one.evaluate({"a": 1}).value is None


def test_any_compares_lists_and_contexts_by_what_they_hold() -> None:
    def answer(one: str, other: str) -> object:
        return table(["a"], [["-", one], ["-", other]], policy="ANY").evaluate({"a": 1}).value

    assert answer("[1, {b: 2}]", "[1, {b: 2}]") == [1, {"b": 2}]
    for one, other in (("[1]", "[1, 2]"), ("{a: 1}", "{b: 1}"), ("1", "true")):
        with pytest.raises(RulesConflict):
            answer(one, other)


def test_an_input_value_list_that_is_a_condition_ranks_nothing() -> None:
    ranked = table(["a"], [["-", "2"], ["-", "1"]], policy="PRIORITY", output_values=("[1..5]",))

    assert ranked.evaluate({"a": 1}).value == 2


def test_a_cell_in_another_language_is_refused() -> None:
    xml = table_xml(["a"], [["-", "1"]])
    for entry in ("inputEntry", "outputEntry"):
        odd = xml.replace(f"<{entry}>", f'<{entry} expressionLanguage="urn:python">')
        read = model(f'<decision id="d1" name="Decision">{odd}</decision>')
        with pytest.raises(ExpressionInvalid, match="urn:python"):
            DecisionTable.compile(read.decision("Decision").table, name="Decision", names=("a",))
