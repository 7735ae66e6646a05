"""What runs a case is pure: it loads neither Django nor SpiffWorkflow."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("django", "SpiffWorkflow", "celery")


@pytest.mark.parametrize("module", ["net", "soundness", "cycles", "timers", "nodes", "findings"])
def test_the_net_and_the_search_load_nothing_heavy(module: str) -> None:
    script = f"import sys, workflow_app.engine.{module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
