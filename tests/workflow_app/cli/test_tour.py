"""The tour tells one case from signal to dispatched decision, and leaves nothing behind."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from workflow_app.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> str:
    out = StringIO()
    call_command("tour", "--language", "en", stdout=out, no_color=True)
    return out.getvalue()


def test_every_act_has_its_verdict_and_its_line_in_the_ledger(told: str) -> None:
    steps = told.split("\n\n")[1:-1]

    assert len(steps) == 13
    assert all("because:" in step and "Ledger" in step for step in steps)


def test_it_shows_a_return_two_refusals_and_a_decision(told: str) -> None:
    assert told.count("ACT_REFUSED") == 2
    assert told.count("RETURNED_FOR_PREPARATION") == 1
    assert "You may decide under DO-036, because:" in told
    assert "DECISION_DISPATCHED" in told


def test_it_leaves_no_case_behind(told: str) -> None:
    assert not Case.objects.exists()


def test_it_speaks_swedish_too() -> None:
    out = StringIO()

    call_command("tour", "--language", "sv", stdout=out, no_color=True)

    assert "Du får fatta beslut" in out.getvalue() or "Du får besluta" in out.getvalue()
    assert "The " not in out.getvalue()
