"""The papers are true: commands and files they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.architecture import source

PAPERS = sorted([*source.ROOT.glob("*.md"), *(source.ROOT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (source.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def code_in(paper: Path) -> str:
    return "\n".join(block or span for block, span in CODE.findall(paper.read_text(encoding="utf-8")))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_a_paper_names_only_make_targets_that_exist(paper: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code_in(paper)))

    assert named <= TARGETS


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_a_paper_names_only_management_commands_that_exist(paper: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", code_in(paper)))

    assert named <= set(get_commands())


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_a_paper_links_only_to_files_that_exist(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
    missing = [link for link in links if not (paper.parent / link).exists()]

    assert not missing


def test_the_makefile_explains_every_target_a_newcomer_needs() -> None:
    assert {"setup", "demo", "tour", "test", "test-long", "bench", "lint", "types"} <= TARGETS


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    settings = source.ROOT / "workflow_app" / "config"
    read = "\n".join(path.read_text(encoding="utf-8") for path in settings.rglob("*.py"))
    named = set(
        re.findall(r"^(BEREDD_[A-Z_]+)=", (source.ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )

    asked = {f"BEREDD_{name}" for name in re.findall(r'\benv\.[a-z]+\(\s*"([A-Z_]+)"', read)}
    asked |= set(re.findall(r'environ\.get\("(BEREDD_[A-Z_]+)"', read))
    # DEBUG is for whoever changes the program.
    assert named == asked - {"BEREDD_DEBUG"}
