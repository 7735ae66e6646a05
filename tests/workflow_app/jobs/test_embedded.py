"""The thread inside the web process does what is due, survives a broken job and ends when told."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import transaction

from workflow_app.jobs import embedded
from workflow_app.jobs.errors import DriverStopped
from workflow_app.outbox import services

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG = 30.0


class Bell:
    """A handler that rings."""

    def __init__(self) -> None:
        self.rung = threading.Event()

    def __call__(self, *, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
        self.rung.set()


def broken(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    raise ConnectionRefusedError("the printer is away")


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def worker(bell: Bell) -> Iterator[embedded.Worker]:
    # The long pause shows that it is the commit that wakes the worker.
    driver = embedded.Worker(clock=lambda: NOON, pause=LONG, handlers={"RING": bell, "BROKEN": broken})
    yield driver
    driver.stop()


def put(kind: str) -> None:
    with transaction.atomic():
        services.job(kind=kind, due_at=NOON, payload={}).save(force_insert=True)


def test_a_job_that_was_there_before_the_worker_is_done(worker: embedded.Worker, bell: Bell) -> None:
    put("RING")

    worker.start()

    assert bell.rung.wait(LONG / 2)


def test_a_commit_wakes_the_worker(worker: embedded.Worker, bell: Bell) -> None:
    worker.start()

    put("RING")

    assert bell.rung.wait(LONG / 2)


def test_a_broken_job_does_not_stop_the_worker(worker: embedded.Worker, bell: Bell) -> None:
    worker.start()

    put("BROKEN")
    put("RING")

    assert bell.rung.wait(LONG / 2)


def test_a_stopped_worker_does_not_begin_again(worker: embedded.Worker) -> None:
    worker.start()
    worker.stop()

    with pytest.raises(DriverStopped):
        worker.start()
