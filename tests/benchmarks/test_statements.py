"""What a command may cost is counted, not timed: statements, and that they do not grow with returns."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks import cases, commands

pytestmark = pytest.mark.django_db

#: The hot path's budget (DESIGN §8); SQLite takes a command's rows one by one.
MOST = 8


@pytest.fixture
def story() -> cases.Story:
    call_command("demo_data", "--no-cases", verbosity=0)
    return cases.Story()


def test_a_command_keeps_to_its_budget_and_returns_do_not_make_it_dearer(story: cases.Story) -> None:
    fresh = commands.statements(story, story.prepare(returns=0))
    returned = commands.statements(story, story.prepare(returns=4))

    assert fresh == returned
    if connection.vendor == "postgresql":
        assert max(fresh.values()) <= MOST
