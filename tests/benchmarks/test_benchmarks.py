"""The benchmarks run and keep the shape that scripts read."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest


def run(module: str, *options: str) -> Any:
    command = [sys.executable, "-m", module, "--quick", "--format", "json", *options]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=500)
    return json.loads(done.stdout)


def test_the_rules_are_measured_without_a_database() -> None:
    figures = run("benchmarks.rules")

    assert figures["net_step"]["nodes"] >= 40
    # The state is a marking, never history: fifty returns leave its size as it was.
    assert figures["net_step"]["after_50_returns"]["bytes"] <= figures["net_step"]["after_0_returns"]["bytes"] + 16
    assert set(figures["verdict"]) == {"allowed", "too_low", "unprepared"}
    assert "etv" in figures["soundness"]


def test_who_is_left_to_decide_is_measured() -> None:
    figures = run("benchmarks.staffing")

    assert len(figures["20_steps"]) == 5
    assert all({"median_us", "p95_us", "unsatisfiable"} <= set(figure) for figure in figures["20_steps"].values())
    assert set(figures["persons_away"]) == {"1 away", "2 away"}


def test_the_rehearsal_of_another_order_is_measured() -> None:
    figures = run("benchmarks.rehearsal")

    assert figures["decisions"] == 500
    assert figures["directions"]["UP"] > 0


@pytest.mark.long
def test_commands_are_measured_with_spiffworkflow_beside_them() -> None:
    figures = run("benchmarks.commands", "--only", "sqlite")["sqlite"]

    for name in ("after_0_returns", "after_50_returns"):
        assert set(figures[name]["clients"]["1"]) == {"claim", "decide", "complete"}
        assert {"median_us", "p95_us", "commands_per_second"} <= set(figures[name]["clients"]["1"]["decide"])
        assert figures[name]["beside_spiffworkflow"]["times_slower"] > 0


def test_the_plan_of_a_year_is_measured() -> None:
    figures = run("benchmarks.rotation")

    assert figures["room for all"]["homes_without"] == [0]
    assert figures["too little room"]["homes_without"] != [0]
