"""The demo authority in the test database: people named by role, the order of `bpmn/`, the processes of `bpmn/`."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.workflow_app.office import Office
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cli import demo_authority

BEGINNING = datetime(2023, 1, 1, tzinfo=STOCKHOLM)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def office(db: None) -> Office:
    """Return the demo authority at work, its clock at a Monday morning."""
    demo_authority.build(beginning=BEGINNING, at=NOW - timedelta(days=1), say=lambda text: None, processes=["etv"])
    return Office(at=NOW, client=uuid.uuid4().hex)
