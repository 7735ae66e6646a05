"""Due jobs are done once, in their own time, and none of them can stop the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from workflow_app.jobs import runner
from workflow_app.outbox import selectors, services, waking
from workflow_app.outbox.models import Job

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Notebook:
    """A handler that notes what it was asked to do."""

    def __init__(self, *, broken: bool = False) -> None:
        self.jobs: list[UUID] = []
        self.broken = broken

    def __call__(self, *, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
        self.jobs.append(job)
        if self.broken:
            raise ConnectionRefusedError("the printer is away")


def put(kind: str = "NOTE", *, due_at: datetime = NOON, key: str | None = None) -> Job:
    job = services.job(kind=kind, due_at=due_at, payload={"case": "a"}, dedupe_key=key)
    job.save(force_insert=True)
    return job


def test_a_due_job_is_done_once() -> None:
    notebook, job = Notebook(), put()

    first = runner.run_due(at=NOON, handlers={"NOTE": notebook})
    second = runner.run_due(at=NOON, handlers={"NOTE": notebook})

    assert (first.done, second.claimed) == (1, 0)
    assert notebook.jobs == [job.id]


def test_a_job_waits_for_its_moment() -> None:
    notebook = Notebook()
    put(due_at=NOON + timedelta(seconds=1))

    assert runner.run_due(at=NOON, handlers={"NOTE": notebook}).claimed == 0
    assert runner.run_due(at=NOON + timedelta(seconds=1), handlers={"NOTE": notebook}).done == 1


def test_a_broken_job_leaves_its_neighbours_alone() -> None:
    notebook = Notebook()
    put("BROKEN", due_at=NOON - timedelta(minutes=1))
    put()

    result = runner.run_due(at=NOON, handlers={"NOTE": notebook, "BROKEN": Notebook(broken=True)})

    assert (result.done, result.failed) == (1, 1)


def test_a_failed_job_is_tried_again_and_then_given_up_for_a_person_to_see() -> None:
    broken, at = Notebook(broken=True), NOON
    put("BROKEN")

    for _ in range(services.MOST_ATTEMPTS + 3):
        runner.run_due(at=at, handlers={"BROKEN": broken})
        at += timedelta(days=1)

    assert len(broken.jobs) == services.MOST_ATTEMPTS
    assert [job.error_code for job in selectors.given_up()] == ["UNEXPECTED"]


def test_a_kind_that_nobody_knows_fails_by_name() -> None:
    job = put("FROM_THE_FUTURE")

    runner.run_due(at=NOON, handlers={})

    job.refresh_from_db()
    assert job.error_code == "UNKNOWN_JOB"


def test_a_job_whose_worker_died_is_done_by_another_after_the_lease() -> None:
    notebook, job = Notebook(), put()
    services.claim_due(at=NOON)  # this worker now dies

    assert runner.run_due(at=NOON + services.LEASE / 2, handlers={"NOTE": notebook}).claimed == 0
    assert runner.run_due(at=NOON + services.LEASE, handlers={"NOTE": notebook}).done == 1
    assert notebook.jobs == [job.id]


def test_draining_goes_on_until_nothing_is_due() -> None:
    notebook = Notebook()
    for _ in range(7):
        put()

    total = runner.drain(clock=lambda: NOON, limit=3, handlers={"NOTE": notebook})

    assert (total.done, selectors.waiting(NOON)) == (7, 0)


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_left_a_job_wakes_the_driver_and_a_rollback_does_not() -> None:
    woken: list[str] = []

    @waking.listener
    def wake() -> None:
        woken.append("woken")

    try:
        with transaction.atomic():
            put()
            assert not woken
        assert woken == ["woken"]

        with transaction.atomic():
            put()
            transaction.set_rollback(True)
        assert woken == ["woken"]
    finally:
        waking.forget(wake)
