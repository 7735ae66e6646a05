"""A job is leased to one worker at a time, tried again with growing pauses, and given up for a person to see."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.outbox import selectors, services
from workflow_app.outbox.models import Job

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def _job(**changes: Any) -> Job:
    job = services.job(**{"kind": "NOTE", "due_at": NOW, "payload": {"case": "1"}, **changes})
    job.save(force_insert=True)
    return job


def _ids(jobs: list[Job]) -> list[uuid.UUID]:
    return [job.id for job in jobs]


def test_a_job_is_due_at_its_moment_and_not_before() -> None:
    job = _job()

    assert services.claim_due(at=NOW - TICK) == []
    assert _ids(services.claim_due(at=NOW)) == [job.id]


def test_the_oldest_come_first_and_no_more_than_asked() -> None:
    late, early, middle = (_job(due_at=NOW - timedelta(hours=hours)) for hours in (1, 3, 2))

    assert _ids(services.claim_due(at=NOW, limit=2)) == [early.id, middle.id]
    assert _ids(services.claim_due(at=NOW, limit=2)) == [late.id]


def test_a_leased_job_is_nobody_elses_until_the_lease_ends() -> None:
    job = _job()
    services.claim_due(at=NOW)

    assert services.claim_due(at=NOW + services.LEASE - TICK) == []
    assert _ids(services.claim_due(at=NOW + services.LEASE)) == [job.id]


def test_a_finished_job_is_never_taken_again() -> None:
    job = _job()
    services.claim_due(at=NOW)

    services.finish(job=job.id, at=NOW)

    assert services.claim_due(at=NOW + timedelta(days=365)) == []
    assert selectors.waiting(NOW + timedelta(days=365)) == 0


def test_a_failed_job_waits_twice_as_long_each_time_and_is_then_given_up() -> None:
    job, at, pauses = _job(), NOW, []

    for _ in range(services.MOST_ATTEMPTS):
        assert _ids(services.claim_due(at=at)) == [job.id]
        services.fail(job=job.id, error_code="SMTP", at=at)
        job.refresh_from_db()
        pauses.append((job.due_at - at).total_seconds())
        at = job.due_at

    assert pauses[:-1] == [20, 40, 80, 160]
    assert job.failed_at is not None
    assert services.claim_due(at=at + timedelta(days=365)) == []
    assert [(row.id, row.error_code) for row in selectors.given_up()] == [(job.id, "SMTP")]


def test_a_failed_job_is_not_tried_before_its_pause_is_over() -> None:
    job = _job()
    services.claim_due(at=NOW)
    services.fail(job=job.id, error_code="SMTP", at=NOW)

    assert services.claim_due(at=NOW + timedelta(seconds=20) - TICK) == []
    assert _ids(services.claim_due(at=NOW + timedelta(seconds=20))) == [job.id]


def test_a_job_that_kills_its_workers_is_given_up_too() -> None:
    job, at = _job(), NOW
    for _ in range(services.MOST_ATTEMPTS):
        assert _ids(services.claim_due(at=at)) == [job.id]
        at += services.LEASE

    assert services.claim_due(at=at) == []
    assert [(row.id, row.error_code) for row in selectors.given_up()] == [(job.id, "WORKER_LOST")]


def test_a_long_error_code_is_cut_to_fit() -> None:
    job = _job()
    services.claim_due(at=NOW)

    services.fail(job=job.id, error_code="X" * 500, at=NOW)

    job.refresh_from_db()
    assert job.error_code == "X" * 80


def test_the_same_work_is_asked_for_once() -> None:
    _job(dedupe_key="publish:1:1")

    with pytest.raises(IntegrityError), transaction.atomic():
        _job(dedupe_key="publish:1:1")
    assert Job.objects.count() == 1


def test_jobs_without_a_key_are_all_different() -> None:
    _job()
    _job()

    assert Job.objects.count() == 2


def test_work_that_is_done_is_not_asked_for_again_either() -> None:
    job = _job(dedupe_key="publish:1:1")
    services.claim_due(at=NOW)
    services.finish(job=job.id, at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        _job(dedupe_key="publish:1:1")


@given(st.dictionaries(st.text(), st.text()))
def test_what_a_handler_needs_is_read_as_it_was_written(payload: dict[str, str]) -> None:
    job = services.job(kind="NOTE", due_at=NOW, payload=payload)

    assert selectors.payload(job) == payload
    assert list(json.loads(job.payload)) == sorted(payload)


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_the_same_time_share_the_jobs_and_take_none_twice() -> None:
    made = {_job().id for _ in range(40)}
    taken: list[list[uuid.UUID]] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        try:
            barrier.wait()
            for _ in range(4):
                taken.append(_ids(services.claim_due(at=NOW, limit=5)))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    claimed = [job for batch in taken for job in batch]
    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= made
    assert set(Job.objects.filter(attempts=1).values_list("id", flat=True)) == set(claimed)
