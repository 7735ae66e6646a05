from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from delegation.dmn import reader, tck
from delegation.dmn.errors import ModelInvalid
from delegation.feel import BudgetExceeded, parse_expression
from tests.delegation.dmn.models import NAMESPACE, definitions

MODEL = definitions(
    '<inputData id="i" name="Amount"><variable name="Amount" typeRef="number"/></inputData>'
    '<decision id="d1" name="Double"><variable name="Double"/>'
    '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    "<literalExpression><text>Amount * 2</text></literalExpression></decision>"
    '<decision id="d2" name="Quadruple"><variable name="Quadruple"/>'
    '<informationRequirement><requiredDecision href="#d1"/></informationRequirement>'
    "<literalExpression><text>{sum: Double * 2, list: [Double]}</text></literalExpression></decision>"
    '<decisionService id="s" name="Service"><variable name="Service"/>'
    '<outputDecision href="#d1"/><inputData href="#i"/></decisionService>'
)
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>own.dmn</modelName>
<testCase id="right">
  <inputNode name="Amount"><value xsi:type="xsd:decimal">2.000000000001</value></inputNode>
  <resultNode name="Double"><expected><value xsi:type="xsd:double">4.0</value></expected></resultNode>
</testCase>
<testCase id="structure">
  <inputNode name="Amount"><value xsi:type="xsd:decimal">2</value></inputNode>
  <resultNode name="Quadruple"><expected>
    <component name="sum"><value xsi:type="xsd:decimal">8</value></component>
    <component name="list"><list><item><value xsi:type="xsd:decimal">4</value></item></list></component>
  </expected></resultNode>
</testCase>
<testCase id="service" type="decisionService" invocableName="Service">
  <inputNode name="Amount"><value xsi:type="xsd:decimal">2</value></inputNode>
  <resultNode name="Double"><expected><value xsi:type="xsd:decimal">4</value></expected></resultNode>
</testCase>
<testCase id="nothing">
  <resultNode name="Double" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode>
</testCase>
<testCase id="wrong">
  <inputNode name="Amount"><value xsi:type="xsd:decimal">2</value></inputNode>
  <resultNode name="Double"><expected><value xsi:type="xsd:decimal">5</value></expected></resultNode>
</testCase>
</testCases>"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "suite" / "level" / "0001-own"
    folder.mkdir(parents=True)
    (folder / "own.dmn").write_bytes(MODEL)
    (folder / "own-test-01.xml").write_text(CASES, encoding="utf-8")
    return tmp_path / "suite"


def run(suite: Path, known: str) -> tuple[int, list[str]]:
    listed = suite.parent / "known.toml"
    listed.write_text(known, encoding="utf-8")
    written: list[str] = []
    code = tck.main([str(suite), "--known", str(listed)], written.append)
    return code, "".join(written).splitlines()


def test_a_wrong_expectation_is_reported_with_both_values(suite: Path) -> None:
    code, lines = run(suite, "")

    assert code == 1
    assert "FAILED own-test-01/wrong (not listed)" in lines
    assert "    Double: expected 5 but got 4" in lines
    assert lines[-1] == "4 passed, 1 failed"


def test_literals_are_counted_apart(suite: Path) -> None:
    _, lines = run(suite, "")

    assert "FEEL literals: 2 of 3 (66.67 %)" in lines
    assert "All cases: 4 of 5 (80.00 %)" in lines


def test_a_listed_failure_is_accepted(suite: Path) -> None:
    code, lines = run(suite, '[own-test-01]\nwrong = "the sum is wrong on purpose"\n')

    assert code == 0
    assert "FAILED own-test-01/wrong (known: the sum is wrong on purpose)" in lines
    assert lines[-1] == "4 passed, 1 failed"


def test_a_listed_case_that_passes_fails_the_run(suite: Path) -> None:
    code, lines = run(suite, '[own-test-01]\nwrong = "on purpose"\nright = "not any more"\n')

    assert code == 1
    assert "PASSED own-test-01/right, although it is listed as a known failure" in lines


def test_listed_cases_that_are_not_found_do_not_matter(suite: Path) -> None:
    code, _ = run(suite, '[own-test-01]\nwrong = "on purpose"\n[other-test-01]\nx = "elsewhere"\n')

    assert code == 0


def test_a_missing_model_fails_every_case_of_its_file(suite: Path) -> None:
    (suite / "level" / "0001-own" / "own.dmn").unlink()

    code, lines = run(suite, "")
    assert code == 1
    assert lines[-1] == "0 passed, 5 failed"


def test_other_files_beside_the_cases_do_not_matter(suite: Path) -> None:
    (suite / "notes.xml").write_text("<!DOCTYPE html><html/>", encoding="utf-8")

    assert run(suite, '[own-test-01]\nwrong = "on purpose"\n')[0] == 0


def test_a_folder_without_cases_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()

    assert run(folder, "")[0] == 1


def test_the_committed_list_gives_a_reason_for_every_case() -> None:
    listed = tomllib.loads(tck.KNOWN_FAILURES.read_text(encoding="utf-8"))
    assert all(isinstance(reason, str) and len(reason) > 10 for cases in listed.values() for reason in cases.values())


def read(xml: str) -> Any:
    prefixes = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    return tck.read_value(reader.read_tree(f"<expected {prefixes}>{xml}</expected>".encode()))


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("decimal", "1.50", "1.50"),
        ("boolean", "true", "true"),
        ("string", "a b", '"a b"'),
        ("date", "2026-11-22", "2026-11-22"),
        ("string", "", '""'),
    ],
)
def test_typed_values_are_read(kind: str, text: str, shown: str) -> None:
    assert tck.show(read(f'<value xsi:type="xsd:{kind}">{text}</value>')) == shown


@pytest.mark.parametrize(
    ("kind", "text", "expression"),
    [
        ("time", "10:30:00+01:00", 'time("10:30:00+01:00")'),
        ("dateTime", "2026-11-22T10:00:00Z", 'date and time("2026-11-22T10:00:00Z")'),
        ("duration", "P1Y2M", 'duration("P1Y2M")'),
        ("dayTimeDuration", "PT36H", 'duration("P1DT12H")'),
    ],
)
def test_temporal_values_are_what_feel_makes_of_them(kind: str, text: str, expression: str) -> None:
    value = read(f'<value xsi:type="xsd:{kind}">{text}</value>')

    assert tck.matches(value, parse_expression(expression).evaluate({}))


def test_nothing_and_nil_are_null() -> None:
    assert read("") is None
    assert read('<value xsi:nil="true"/>') is None
    assert read('<list xsi:nil="true"/>') is None
    assert read("<list/>") == []


def test_a_number_that_is_none_is_an_error() -> None:
    with pytest.raises(ModelInvalid, match="`many`"):
        read('<value xsi:type="xsd:decimal">many</value>')


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("1", 1),
        (True, Decimal(1)),
        ([1], [1, 2]),
        ({"a": 1}, {"a": 1, "b": 2}),
        (None, False),
        (Decimal(1), Decimal("1.1")),
    ],
)
def test_values_that_differ_do_not_match(expected: Any, actual: Any) -> None:
    assert not tck.matches(expected, actual)


def test_large_numbers_are_compared_by_their_leading_digits() -> None:
    assert tck.matches(Decimal("1E+30"), Decimal("1E+30") + 1)


def test_functions_services_and_imported_inputs_can_be_cases(tmp_path: Path) -> None:
    importing = definitions(
        f'<import name="lib" namespace="urn:lib" importType="{NAMESPACE}"/>'
        '<businessKnowledgeModel id="f" name="Add"><variable name="Add"/><encapsulatedLogic><formalParameter name="a"/>'
        '<formalParameter name="b"/><literalExpression><text>a + b</text></literalExpression></encapsulatedLogic>'
        '</businessKnowledgeModel><decision id="d" name="Echo"><variable name="Echo"/>'
        '<informationRequirement><requiredInput href="urn:lib#i"/></informationRequirement>'
        "<literalExpression><text>[lib.Amount, function() 1, [1..2]]</text></literalExpression></decision>",
        target="urn:main",
    )
    (tmp_path / "main.dmn").write_bytes(importing)
    (tmp_path / "lib.dmn").write_bytes(MODEL.replace(b"urn:test:model", b"urn:lib"))
    numbers = "".join(f'<inputNode name="{name}"><value xsi:type="xsd:decimal">2</value></inputNode>' for name in "ab")
    three = '<expected><value xsi:type="xsd:decimal">{}</value></expected>'
    cases = [
        f'<testCase id="bkm" type="bkm" invocableName="Add">{numbers}',
        f'<resultNode name="Add">{three.format(4)}</resultNode></testCase>',
        '<testCase id="import"><inputNode name="Amount" namespace="urn:lib"><value xsi:type="xsd:decimal">7</value>',
        f'</inputNode><resultNode name="Echo">{three.format(7)}</resultNode></testCase>',
        f'<testCase id="missing"><resultNode name="Nowhere">{three.format(7)}</resultNode></testCase>',
        '<testCase><inputNode name="x"><value xsi:type="xsd:decimal">x</value></inputNode></testCase></testCases>',
    ]
    start = CASES[: CASES.index("<modelName>")] + "<modelName>main.dmn</modelName>"
    (tmp_path / "main-test.xml").write_text(start + "".join(cases), encoding="utf-8")

    results = {result.case: result.failures for result in tck.run(tmp_path)}
    assert results["bkm"] == ()
    assert results["import"] == ("Echo: expected 7 but got [7, a function, a range from 1 to 2]",)
    assert "no decision `Nowhere`" in results["missing"][0]
    assert "not a number" in results["4"][0]


def only(suite: Path, cases: str) -> dict[str, tuple[str, ...]]:
    """Run a file of other cases about the same model, and return each one's failures."""
    file = next(suite.rglob("own-test-01.xml"))
    file.write_text(CASES[: CASES.index("<testCase id=")] + cases + "</testCases>", encoding="utf-8")
    return {result.case: result.failures for result in tck.run(suite)}


AMOUNT = '<inputNode name="Amount"><value xsi:type="xsd:decimal">{}</value></inputNode>'
FOUR = '<expected><value xsi:type="xsd:decimal">4</value></expected>'


def test_a_file_that_cannot_be_read_is_one_failure(suite: Path) -> None:
    next(suite.rglob("own-test-01.xml")).write_text("<testCases", encoding="utf-8")

    (result,) = tck.run(suite)
    assert (result.case, result.passed) == ("(file)", False)


def test_a_file_that_only_speaks_of_test_cases_has_none(suite: Path) -> None:
    next(suite.rglob("own-test-01.xml")).write_text("<notes>testCases</notes>", encoding="utf-8")

    assert list(tck.run(suite)) == []


def test_cases_of_one_name_are_counted_up(suite: Path) -> None:
    case = f'<testCase id="c">{AMOUNT.format(2)}<resultNode name="Double">{FOUR}</resultNode></testCase>'

    assert set(only(suite, case * 2)) == {"c", "c (2)"}


def test_a_decision_service_can_be_what_a_result_is_of(suite: Path) -> None:
    result = f'<resultNode name="Service" type="decisionService">{FOUR}</resultNode>'

    assert only(suite, f'<testCase id="s">{AMOUNT.format(2)}{result}</testCase>') == {"s": ()}


def test_an_expected_value_that_is_none_is_told(suite: Path) -> None:
    wrong = '<resultNode name="Double"><expected><value xsi:type="xsd:decimal">four</value></expected></resultNode>'

    assert "not a number" in only(suite, f'<testCase id="w">{AMOUNT.format(2)}{wrong}</testCase>')["w"][0]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ZeroDivisionError("oops"), "Double: a defect: ZeroDivisionError: oops"),
        (BudgetExceeded("steps", 10), "Double: "),
    ],
)
def test_what_breaks_while_a_case_runs_fails_that_case(
    suite: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def broken(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(tck.DecisionGraph, "evaluate", broken)
    case = f'<testCase id="c">{AMOUNT.format(2)}<resultNode name="Double">{FOUR}</resultNode></testCase>'

    (failure,) = only(suite, case)["c"]
    assert failure.startswith(told)


def test_numbers_without_end_match_themselves_alone() -> None:
    assert tck.matches(Decimal("Infinity"), Decimal("Infinity"))
    assert not tck.matches(Decimal("Infinity"), Decimal(1))


def test_a_context_is_shown_entry_by_entry() -> None:
    assert tck.show({"a": Decimal(1), "b": None}) == "{a: 1, b: null}"
