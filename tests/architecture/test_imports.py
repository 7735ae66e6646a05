"""Who may import whom: the contracts of pyproject.toml, and what import-linter cannot see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import source


def test_every_import_contract_is_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([program, "--no-cache"], cwd=source.ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ["net", "soundness"])
def test_the_net_and_its_search_know_neither_framework_nor_engine_library(name: str) -> None:
    names = source.imported(source.ROOT / "workflow_app" / "engine" / f"{name}.py")

    assert not names & {"django", "SpiffWorkflow", "lxml"}


def test_the_pure_core_reads_no_clock_no_file_and_no_environment() -> None:
    forbidden = {"os", "io", "pathlib", "time", "random", "secrets", "socket", "subprocess", "logging", "structlog"}
    # The runner of the DMN conformance kit is a command: it reads the kit's files.
    commands = {source.ROOT / "delegation" / "dmn" / "tck.py", source.ROOT / "delegation" / "dmn" / "__main__.py"}

    found = {
        str(path.relative_to(source.ROOT)): sorted(source.imported(path) & forbidden)
        for path in source.modules("delegation")
        if path not in commands and source.imported(path) & forbidden
    }

    assert not found
