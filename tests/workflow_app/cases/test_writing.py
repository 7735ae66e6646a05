"""A command's rows are written together, the same on both databases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from workflow_app.cases.models import CaseSeries
from workflow_app.cases.writing import Batch
from workflow_app.ledger.models import LedgerEntry
from workflow_app.organisation.models import DelegationGrant, Person
from workflow_app.outbox.models import Job

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def _person(code: str) -> Person:
    return Person(code=code, display_name=code, email=f"{code}@demo.invalid")


def _job(kind: str = "NOTE") -> Job:
    return Job(kind=kind, due_at=NOW)


def test_an_empty_batch_writes_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        Batch().flush()

    assert not captured.captured_queries


def test_rows_and_those_they_point_at_are_written_in_one_go() -> None:
    giver, person = _person("GD"), _person("EC-01")
    grant = DelegationGrant(person=person, role="EC_N", case_type="ETV", granted_by=giver, valid_from=NOW, given_at=NOW)
    batch = Batch()

    batch.insert(grant)
    batch.insert(giver, person)
    with transaction.atomic():
        batch.flush()

    assert DelegationGrant.objects.get().person == person


def test_nothing_is_written_before_the_flush() -> None:
    Batch().insert(_job())

    assert not Job.objects.exists()


def test_one_statement_on_postgresql_however_many_rows() -> None:
    waiting = _job("WAITING")
    waiting.save()
    batch = Batch()
    batch.insert(*(_job() for _ in range(50)), _person("GD"))
    batch.update(Job, {"pk": waiting.pk}, {"done_at": NOW})

    with CaptureQueriesContext(connection) as captured:
        batch.flush()

    assert Job.objects.filter(done_at=NOW).get() == waiting
    assert Job.objects.count() == 51
    if connection.vendor == "postgresql":
        assert len(captured) == 1


def test_an_update_without_inserts_is_written() -> None:
    job = _job()
    job.save()
    batch = Batch()

    batch.update(Job, {"pk": job.pk}, {"done_at": NOW, "error_code": "X"})
    batch.flush()

    job.refresh_from_db()
    assert (job.done_at, job.error_code) == (NOW, "X")


def test_several_updates_of_different_rows_are_all_written() -> None:
    first, second = _job("FIRST"), _job("SECOND")
    Job.objects.bulk_create([first, second])
    batch = Batch()

    batch.update(Job, {"kind": "FIRST"}, {"attempts": 1})
    batch.update(Job, {"kind": "SECOND"}, {"attempts": 2})
    batch.update(Person, {"code": "NOBODY"}, {"display_name": "x"})
    batch.flush()

    assert list(Job.objects.order_by("attempts").values_list("kind", "attempts")) == [("FIRST", 1), ("SECOND", 2)]


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({"kind__in": ["FIRST", "THIRD"]}, ["FIRST", "THIRD"]),
        ({"attempts__in": [2, 3]}, ["SECOND", "THIRD"]),
        ({"kind__in": []}, []),
        ({"done_at__isnull": True}, ["FIRST", "SECOND"]),
        ({"attempts__in": [1, 2, 3], "kind__not": "SECOND"}, ["FIRST", "THIRD"]),
    ],
    ids=str,
)
def test_an_update_reaches_the_rows_where_every_condition_holds(where: dict[str, Any], told: list[str]) -> None:
    rows = [_job("FIRST"), _job("SECOND"), _job("THIRD")]
    rows[2].done_at = NOW
    for number, row in enumerate(rows, start=1):
        row.attempts = number
    Job.objects.bulk_create(rows)
    batch = Batch()

    batch.update(Job, where, {"error_code": "TOLD"})
    batch.flush()

    assert list(Job.objects.filter(error_code="TOLD").order_by("kind").values_list("kind", flat=True)) == told


def test_values_stay_apart_from_the_statement() -> None:
    hostile = "'); DELETE FROM outbox_job; -- %s {} \\ \u2603"
    batch = Batch()

    batch.insert(_job(), Person(code="GD", display_name=hostile, email="gd@demo.invalid"))
    batch.flush()

    assert Person.objects.get().display_name == hostile
    assert Job.objects.count() == 1


def test_every_kind_of_column_is_written_as_it_is_saved() -> None:
    saved, written = _job("SAVED"), _job("WRITTEN")
    for row in (saved, written):
        row.payload, row.attempts, row.dedupe_key, row.locked_until = "{}", 3, row.kind, NOW + timedelta(microseconds=1)
    saved.save()
    batch = Batch()
    batch.insert(written)
    batch.flush()

    names = [field.attname for field in Job._meta.concrete_fields if field.attname not in {"id", "kind", "dedupe_key"}]
    first, second = Job.objects.order_by("kind").values_list(*names)

    assert first == second


def test_a_table_that_numbers_its_own_rows_is_written_too() -> None:
    entries = [
        LedgerEntry(stream="s", seq=seq, kind="X", at=NOW, command=str(uuid.uuid4()), body="{}", hash="0" * 64)
        for seq in (1, 2)
    ]
    batch = Batch()

    batch.insert(*entries)
    batch.flush()

    assert list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_a_row_that_breaks_a_constraint_undoes_all_of_it() -> None:
    batch = Batch()
    batch.insert(_person("GD"), _person("GD"))
    batch.insert(_job())

    with pytest.raises(IntegrityError), transaction.atomic():
        batch.flush()

    assert not Person.objects.exists()
    assert not Job.objects.exists()


def test_a_key_of_ones_own_choosing_is_kept() -> None:
    batch = Batch()

    batch.insert(CaseSeries(year=2026, last=Decimal(7)))
    batch.flush()

    assert CaseSeries.objects.get().last == 7
