"""The catalogue of rules is true: every rule is enforced by code, tried by a test, and known by its id."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from delegation.legal_basis import read_registry
from tests.architecture import source
from tests.delegation.authority import bundle
from workflow_app.enforcement import catalogue, rules
from workflow_app.enforcement.rules import Severity
from workflow_app.enforcement.traces import Place


def named(number: int) -> str:
    """Return the id of a rule. Written out here, the id would make this file look like a test of the rule."""
    return f"R-{number:02}"


def write(path: Path, text: str) -> None:
    """Write a file in which ``§19`` stands for the id of a rule."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("§", "R-"), encoding="utf-8")


def test_the_rules_are_the_ninety_one_of_the_domain_in_order() -> None:
    assert list(rules.by_id()) == [named(number) for number in range(1, 92)]


def test_every_rule_is_enforced_by_code_and_tried_by_a_test() -> None:
    found = catalogue.read(source.ROOT)

    assert found.problems == ()
    assert found.complete == len(rules.by_id())


@pytest.mark.parametrize("rule", rules.by_id().values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_it_demands_in_one_sentence_and_on_what_ground(rule: rules.Rule) -> None:
    registry = read_registry(bundle()["legal_basis.toml"])

    for sentence in (rule.sentence("sv"), rule.sentence("en-gb")):
        assert re.fullmatch(r"[A-ZÅÄÖ].*\.", sentence)
    assert rule.sentence("sv") != rule.sentence("en")
    assert rule.basis
    for day in (date(2024, 1, 1), date(2026, 1, 1)):
        assert all(registry.reference(key, day).statute for key in rule.basis)


def test_an_old_case_keeps_the_reference_of_its_day() -> None:
    registry = read_registry(bundle()["legal_basis.toml"])
    (key,) = rules.by_id()[named(38)].basis

    assert registry.reference(key, date(2025, 6, 30)).statute.endswith("(2001:937)")
    assert registry.reference(key, date(2025, 7, 1)).statute.endswith("(2025:468)")


def test_what_the_order_bars_is_declared_as_a_rule_that_refuses() -> None:
    barring = {
        keyword.value.value
        for path in source.modules("delegation")
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and source.called_name(node) == "Bar"
        for keyword in node.keywords
        if keyword.arg == "rule_id" and isinstance(keyword.value, ast.Constant)
    }

    assert {rules.by_id()[rule].severity for rule in barring} == {Severity.REFUSE}


# A source tree of its own


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a source tree in which the first rule is enforced and tried, and the second only shown."""
    files = {
        "delegation/duties.py": '''
            """About nothing."""
            TABLE = (("CODE", "§01"),)

            class Gate:
                @property
                def first(self):
                    """Refuse it (§01)."""

                def second(self):
                    return 1
            ''',
        "workflow_app/web/pages.py": '"""Show §02."""',
        "workflow_app/cases/migrations/0001_initial.py": '"""§03"""',
        "workflow_app/cases/plain.py": "x = 1\n",
        "tests/test_gate.py": '''
            WAYS = ("§01", "§04")

            def ways():
                return WAYS

            def test_r_01_by_name(): ...

            def test_r05_by_a_shorter_name(): ...

            def test_by_docstring():
                """§06"""

            @pytest.mark.parametrize("way", ways())
            def test_by_the_table_it_is_run_over(way): ...

            def test_of_nothing(): ...
            ''',
        "tests/test_plain.py": "def test_of_nothing(): ...",
        "tests/gate.py": '"""§07"""',
        "bpmn/etv/scenarios.toml": """
            [[scenario]]
            name = "Vägras (§08)"
            [[fragment]]
            name = "§09"
            """,
        "bpmn/stories.toml": """
            [[story]]
            name = "Den tionde"
            number = 10
            step = [{ as = "insp_017", rule = "§10" }]
            """,
    }
    for name, text in files.items():
        lines = text.strip("\n").splitlines()
        margin = len(lines[0]) - len(lines[0].lstrip())
        write(tmp_path / name, "\n".join(line[margin:] for line in lines))
    return tmp_path


def entry(tree: Path, rule: int) -> Any:
    return next(one for one in catalogue.read(tree).entries if one.rule.id == named(rule))


def test_code_is_the_table_or_function_that_names_the_rule(tree: Path) -> None:
    assert entry(tree, 1).code == (
        Place(file="delegation/duties.py", name="Gate.first"),
        Place(file="delegation/duties.py", name="TABLE"),
    )


@pytest.mark.parametrize("rule", [2, 3])
def test_showing_a_rule_or_migrating_a_table_enforces_nothing(tree: Path, rule: int) -> None:
    assert entry(tree, rule).code == ()


@pytest.mark.parametrize(
    ("rule", "tests"),
    [
        (1, ["test_by_the_table_it_is_run_over", "test_r_01_by_name"]),
        (4, ["test_by_the_table_it_is_run_over"]),
        (5, ["test_r05_by_a_shorter_name"]),
        (6, ["test_by_docstring"]),
        (7, []),
    ],
)
def test_a_test_tries_what_its_name_body_or_table_names(tree: Path, rule: int, tests: list[str]) -> None:
    assert [place.name for place in entry(tree, rule).tests] == tests


def test_a_story_tries_what_it_names_but_what_stories_are_made_of_does_not(tree: Path) -> None:
    assert [str(place) for place in entry(tree, 8).stories] == [f"bpmn/etv/scenarios.toml:Vägras ({named(8)})"]
    assert entry(tree, 9).stories == ()
    assert [place.name for place in entry(tree, 10).stories] == ["Den tionde"]


def test_a_rule_without_code_or_test_is_a_problem(tree: Path) -> None:
    problems = catalogue.read(tree).problems

    assert not [problem for problem in problems if problem.startswith(named(1))]
    assert [problem.split(":")[0] for problem in problems if problem.startswith(named(2))] == [
        f"{named(2)} has no code",
        f"{named(2)} has no test",
    ]
    assert [problem.split(":")[0] for problem in problems if problem.startswith(named(8))] == [
        f"{named(8)} has no code"
    ]


def test_an_id_that_no_rule_has_is_a_problem_wherever_it_stands(tree: Path) -> None:
    write(tree / "delegation/more.py", '"""§92"""')
    write(tree / "tests/test_more.py", "def test_r_00_unknown(): ...")
    write(tree / "bpmn/stories.toml", '[[story]]\nname = "§99"')

    assert [problem for problem in catalogue.read(tree).problems if "no rule" in problem] == [
        f"delegation/more.py names {named(92)}, which is no rule of rules.toml",
        f"tests/test_more.py:test_r_00_unknown names {named(0)}, which is no rule of rules.toml",
        f"bpmn/stories.toml:{named(99)} names {named(99)}, which is no rule of rules.toml",
    ]


def test_where_the_tests_are_not_installed_none_is_missed(tree: Path) -> None:
    for path in (tree / "tests").iterdir():
        path.unlink()
    (tree / "tests").rmdir()

    found = catalogue.read(tree)

    assert entry(tree, 1).tests is None
    assert not [problem for problem in found.problems if "no test" in problem]


# The command


def printed(capsys: pytest.CaptureFixture[str], form: str) -> str:
    if catalogue.catalogue().problems:
        with pytest.raises(SystemExit, match="1"):
            call_command("rules", "--format", form)
    else:
        call_command("rules", "--format", form)
    return capsys.readouterr().out


def test_the_command_prints_every_rule_with_its_code_and_tests(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(printed(capsys, "json"))["rules"]

    assert [rule["id"] for rule in listed] == list(rules.by_id())
    reviewing = next(rule for rule in listed if rule["id"] == named(19))
    assert "delegation/duties/separation.py:reviewing" in reviewing["code"]
    assert any(test.endswith("test_the_preparer_does_not_review") for test in reviewing["tests"])
    assert any(test.startswith("bpmn/etv/scenarios.toml:") for test in reviewing["tests"])


@pytest.mark.parametrize("form", ["text", "html"])
def test_the_command_prints_a_list_to_read_and_a_page_to_file(capsys: pytest.CaptureFixture[str], form: str) -> None:
    text = printed(capsys, form)

    assert all(rule in text for rule in rules.by_id())
    assert ("<!doctype html>" in text) == (form == "html")


def test_the_command_ends_with_one_when_a_rule_is_amiss(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tree: Path
) -> None:
    amiss = catalogue.read(tree)
    monkeypatch.setattr("workflow_app.cli.management.commands.rules.catalogue", lambda: amiss)

    with pytest.raises(SystemExit, match="1"):
        call_command("rules")

    assert f"{named(2)} has no code" in capsys.readouterr().out
