from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegation.dmn.boxes import Boxes
from delegation.dmn.checks import CheckLimits, Code, Finding, check, gaps
from delegation.dmn.table import DecisionTable
from delegation.feel import Value
from tests.delegation.dmn.models import table

#: Halves, so that the open stretches between whole numbers are met too.
AMOUNTS = [Decimal(half) / 2 for half in range(-2, 14)]
KINDS = ["a", "b", "something else"]
FLAGS = [True, False]

AMOUNT_CELLS = ["-", "< 3", ">= 3", "[1..4]", "(2..5)", "2", "1, 4", "not(2)", "not([1..4])", "< 2, > 4", "]0..3]"]
KIND_CELLS = ["-", '"a"', '"b"', '"a", "b"', 'not("a")', 'not("a", "b")']
FLAG_CELLS = ["-", "true", "false", "not(true)"]
RULES = st.lists(
    st.tuples(*map(st.sampled_from, (AMOUNT_CELLS, KIND_CELLS, FLAG_CELLS, "123"))),
    min_size=1,
    max_size=7,
)  # fmt: skip


def build(rules: list[Any], policy: str = "UNIQUE", **options: Any) -> DecisionTable:
    return table(["amount", "kind", "flag"], rules, policy=policy, types=("number", "string", "boolean"), **options)


def of(findings: tuple[Finding, ...], code: Code) -> list[Finding]:
    return [finding for finding in findings if finding.code is code]


def matching(checked: DecisionTable, example: Any) -> list[str]:
    return [rule.id for rule in checked.matches(example)]


def everything() -> list[dict[str, Value]]:
    return [
        {"amount": amount, "kind": kind, "flag": flag}
        for amount, kind, flag in itertools.product(AMOUNTS, KINDS, FLAGS)
    ]


@given(rules=RULES)
def test_overlaps_are_exactly_those_that_brute_force_finds(rules: list[Any]) -> None:
    checked = build(rules)
    expected = set()
    for point in everything():
        expected.update(itertools.combinations(matching(checked, point), 2))

    found = of(check(checked), Code.OVERLAP)

    assert {finding.rules for finding in found} == expected
    for finding in found:
        assert set(finding.rules) <= set(matching(checked, finding.example))


@given(rules=RULES)
def test_a_gap_is_found_exactly_when_brute_force_finds_one(rules: list[Any]) -> None:
    checked = build(rules)
    expected = any(not matching(checked, point) for point in everything())

    found = of(check(checked), Code.GAP)

    assert bool(found) is expected
    for finding in found:
        assert matching(checked, finding.example) == []


@settings(max_examples=60)
@given(rules=RULES)
def test_a_rule_of_a_first_table_is_unreachable_exactly_when_it_never_comes_first(rules: list[Any]) -> None:
    checked = build(rules, policy="FIRST")
    first = {matched[0] for matched in (matching(checked, point) for point in everything()) if matched}

    found = of(check(checked), Code.UNREACHABLE)

    assert {finding.rules[0] for finding in found} == {rule.id for rule in checked.rules} - first


@settings(max_examples=60)
@given(rules=RULES)
def test_a_rule_of_a_priority_table_is_unreachable_exactly_when_it_never_wins(rules: list[Any]) -> None:
    checked = build(rules, policy="PRIORITY", output_values=["1, 2, 3"])
    winners = set()
    for point in everything():
        matched = checked.matches(point)
        if matched:
            best = min(int(rule.outputs[0].text) for rule in matched)
            winners.add(next(rule.id for rule in matched if int(rule.outputs[0].text) == best))

    found = of(check(checked), Code.UNREACHABLE)

    assert {finding.rules[0] for finding in found} == {rule.id for rule in checked.rules} - winners


def test_any_overlaps_count_only_when_answers_differ() -> None:
    rules = [["< 5", "-", "-", "1"], ["< 3", "-", "-", "1"], ["< 2", "-", "-", "2"]]

    assert [finding.rules for finding in of(check(build(rules, "ANY")), Code.OVERLAP)] == [("r1", "r3"), ("r2", "r3")]


def test_dates_have_no_gap_between_two_days() -> None:
    days = table(["day"], [['<= date("2026-11-22")', "1"], ['>= date("2026-11-23")', "2"]], types=("date",))

    assert check(days) == ()


def test_a_missing_day_is_the_example_of_its_gap() -> None:
    days = table(["day"], [['<= date("2026-11-21")', "1"], ['>= date("2026-11-23")', "2"]], types=("date",))

    (gap,) = check(days)
    assert gap.code is Code.GAP
    assert gap.example == {"day": dt.date(2026, 11, 22)}


def test_null_is_a_gap_only_where_it_can_occur() -> None:
    flags = table(["flag"], [["true", "1"], ["false", "2"]])

    assert check(flags) == ()
    (gap,) = check(flags, nullable=("flag",))
    assert gap.example == {"flag": None}


def test_enumerated_columns_have_no_other_text() -> None:
    roles = table(["role"], [['"HL"', "1"], ['"EC"', "2"]], input_values=['"HL", "EC"'])

    assert check(roles) == ()


def test_a_caller_may_enumerate_a_column() -> None:
    roles = table(["role"], [['"HL"', "1"], ['"EC"', "2"]])

    assert [finding.code for finding in check(roles)] == [Code.GAP]
    (gap,) = check(roles, values={"role": ("HL", "EC", "AC")})
    assert gap.example == {"role": "AC"}


def test_a_limited_column_may_still_be_null() -> None:
    roles = table(["role"], [['"HL"', "1"], ['"EC"', "2"]], input_values=['"HL", "EC"'])

    (gap,) = check(roles, nullable=("role",))
    assert gap.example == {"role": None}


def test_enumerated_numbers_are_asked_one_by_one() -> None:
    repeated = table(["number"], [["< 2", "1"], ["3", "2"]])

    (gap,) = check(repeated, values={"number": (1, 2, 3)})
    assert gap.example == {"number": 2}


def test_gaps_can_be_asked_within_values_that_belong_together() -> None:
    pairs = table(["case", "decision"], [['"ETV"', '"A"', "1"], ['"EHT"', '"B"', "2"]])
    boxes = Boxes(pairs)

    assert gaps(pairs, boxes, within={"case": ["ETV"], "decision": ["A"]}) == []
    (gap,) = gaps(pairs, boxes, within={"case": ["ETV"], "decision": ["B"]})
    assert gap.example == {"case": "ETV", "decision": "B"}


def test_a_cell_that_cannot_be_analysed_is_reported_and_makes_overlaps_possible() -> None:
    checked = table(["amount", "kind"], [["< limit", "-", "1"], ["> 5", '"a"', "2"], ["<= 5", '"b"', "3"]])

    findings = check(checked)
    assert [finding.rules for finding in of(findings, Code.NOT_ANALYSABLE)] == [("r1",)]
    assert [finding.rules for finding in of(findings, Code.POSSIBLE_OVERLAP)] == [("r1", "r2"), ("r1", "r3")]
    assert of(findings, Code.POSSIBLE_GAP)
    assert not of(findings, Code.GAP)


def test_a_rule_whose_cell_allows_nothing_is_unreachable() -> None:
    checked = table(["role"], [['"GD"', "1"], ["-", "2"]], input_values=['"HL", "EC"'])

    codes = {finding.code for finding in check(checked)}
    assert codes == {Code.UNREACHABLE, Code.VALUE_NOT_ALLOWED}


def test_undeclared_words_are_found_in_columns_cells_and_outputs() -> None:
    checked = table(["amount"], [["< roof", "1"], [">= 5", "unheard"]])

    found = of(check(checked, declared=("amount",)), Code.UNKNOWN_WORD)
    assert [(finding.params["word"], finding.rules) for finding in found] == [("roof", ("r1",)), ("unheard", ("r2",))]


def test_forbidden_words_are_found_wherever_they_stand() -> None:
    checked = table(["amount", "Person"], [["-", '"x"', '"ask the person"']])

    found = of(check(checked, forbidden=("person",)), Code.FORBIDDEN_WORD)
    assert [finding.params["column"] for finding in found] == ["Person", "answer"]


def test_an_output_outside_the_output_values_is_found() -> None:
    checked = table(["a"], [["-", '"HX"']], output_values=['"HL", "EC"'])

    (finding,) = check(checked)
    assert (finding.code, finding.params["text"]) == (Code.VALUE_NOT_ALLOWED, '"HX"')


def test_columns_with_the_same_expression_are_one_input() -> None:
    checked = table(["amount", "amount"], [["< 5", "> 5", "1"], ["-", "-", "2"]])

    assert [finding.rules for finding in of(check(checked), Code.UNREACHABLE)] == [("r1",)]
    assert not of(check(checked), Code.OVERLAP)


def test_running_out_of_steps_is_said() -> None:
    steps = [f"[{at}..{at + 1})" for at in range(40)]
    rules = [[cell, "-", "-", "1"] for cell in ("< 0", *steps, ">= 40")]
    complete = build(rules)

    assert check(complete) == ()
    findings = check(complete, limits=CheckLimits(steps=10))
    assert any(finding.params.get("search") == "gaps" for finding in of(findings, Code.UNDECIDED))


def test_more_findings_than_asked_for_are_summed_up() -> None:
    rules = [["-", "-", "-", "1"] for _ in range(10)]

    findings = check(build(rules), limits=CheckLimits(findings=5))
    assert len(of(findings, Code.OVERLAP)) == 5
    assert [finding.params["search"] for finding in of(findings, Code.UNDECIDED)] == ["overlaps"]


def test_a_table_of_fifteen_hundred_rules_and_nine_columns_is_decided() -> None:
    columns = ["number", *(f"c{at}" for at in range(8))]
    rules = [
        [f"[{10 * at}..{10 * at + 10})", *("-" if (at + column) % 3 else '"x"' for column in range(8)), "1"]
        for at in range(1500)
    ]
    large = table(columns, rules, types=("number", *["string"] * 8))

    findings = check(large)

    assert not of(findings, Code.OVERLAP)
    assert len(of(findings, Code.GAP)) == 100
    assert matching(large, of(findings, Code.GAP)[0].example) == []


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_tables_that_answer_with_a_list_may_overlap_and_have_gaps(policy: str) -> None:
    assert check(build([["1", "-", "-", "1"], ["1", "-", "-", "2"]], policy)) == ()


def test_a_priority_overlap_counts_only_where_the_rank_is_equal() -> None:
    rules = [["-", '"a"', "1"], ["-", '"b"', "2"], ["-", '"a"', "2"]]
    ranked = table(["x"], rules, policy="PRIORITY", outputs=("level", "detail"), output_values=['"a", "b"', None])

    assert [finding.rules for finding in of(check(ranked), Code.OVERLAP)] == [("r1", "r3")]


def test_computed_outputs_are_compared_as_text() -> None:
    rules = [["-", "x + 1"], ["-", "x + 1"], ["-", "x + 2"]]

    overlaps = of(check(table(["x"], rules, policy="ANY")), Code.OVERLAP)
    assert [finding.rules for finding in overlaps] == [("r1", "r3"), ("r2", "r3")]


def test_computed_outputs_have_no_rank_that_could_hide_a_rule() -> None:
    rules = [["-", "x"], ["1", "2"]]

    assert not of(check(table(["x"], rules, policy="PRIORITY", output_values=["1, 2"])), Code.UNREACHABLE)


def test_a_table_without_rules_is_one_gap() -> None:
    (gap,) = check(table(["x"], []))

    assert gap.code is Code.GAP


def test_a_value_no_rule_speaks_of_is_a_gap_without_an_example() -> None:
    checked = table(["x"], [['"a"', "1"]])

    (gap,) = gaps(checked, Boxes(checked), within={"x": ["never heard of"]})
    assert (gap.code, gap.params, gap.example) == (Code.GAP, {"column": "x"}, None)
