from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from delegation.dmn import tck
from tests.delegation.dmn.models import definitions

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
