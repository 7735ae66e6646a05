"""A kept query answers as Django's own would, whatever the values."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import DateTimeField, F, QuerySet, UUIDField
from django.test.utils import CaptureQueriesContext

from workflow_app.cases.kept_query import KeptQuery
from workflow_app.outbox import services
from workflow_app.outbox.models import Job

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def build(*, since: datetime, job: uuid.UUID) -> QuerySet[Job]:
    return Job.objects.filter(due_at__gte=since, pk=job).annotate(tries=F("attempts")).order_by("pk")


@pytest.fixture
def kept() -> KeptQuery:
    samples = {"since": (DateTimeField(), datetime(1900, 1, 1, tzinfo=UTC)), "job": (UUIDField(), uuid.UUID(int=1))}
    return KeptQuery(build, samples)


@pytest.fixture
def jobs() -> list[Job]:
    rows = [services.job(kind="REMIND", due_at=at, payload={"item": f"{at.hour}"}) for at in (TEN, NOON)]
    return Job.objects.bulk_create(rows)


def test_each_question_gets_its_own_answer(kept: KeptQuery, jobs: list[Job]) -> None:
    early, late = jobs

    assert kept.fetch(since=TEN, job=early.pk) == [early]
    assert kept.fetch(since=NOON, job=early.pk) == []
    assert kept.fetch(since=NOON, job=late.pk) == [late]


def test_rows_are_whole_instances_with_their_annotations(kept: KeptQuery, jobs: list[Job]) -> None:
    kept.fetch(since=TEN, job=jobs[1].pk)
    (row,) = kept.fetch(since=TEN, job=jobs[0].pk)

    assert (row.due_at, row.payload, row.tries) == (TEN, '{"item": "10"}', 0)
    assert not row._state.adding


def test_the_text_is_the_one_that_django_writes(kept: KeptQuery, jobs: list[Job]) -> None:
    with CaptureQueriesContext(connection) as asked:
        kept.fetch(since=TEN, job=jobs[0].pk)
        kept.fetch(since=TEN, job=jobs[0].pk)
        list(build(since=TEN, job=jobs[0].pk))

    assert len({query["sql"] for query in asked.captured_queries}) == 1


def test_a_query_of_values_gives_rows_as_django_reads_them(jobs: list[Job]) -> None:
    def build(*, since: datetime) -> QuerySet[Job, tuple[uuid.UUID, datetime]]:
        return Job.objects.filter(due_at__gte=since).order_by("due_at").values_list("pk", "due_at")

    kept = KeptQuery(build, {"since": (DateTimeField(), datetime(1900, 1, 1, tzinfo=UTC))})
    early, late = jobs

    assert kept.rows(since=TEN) == [(early.pk, TEN), (late.pk, NOON)]
    assert kept.rows(since=NOON) == [(late.pk, NOON)]
