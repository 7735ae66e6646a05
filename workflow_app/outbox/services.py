"""Put jobs in the outbox, take them out, and say how it went."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from workflow_app.outbox import waking
from workflow_app.outbox.models import Job

#: After this many tries a job is given up and shown to a person.
MOST_ATTEMPTS = 5
#: How long a worker may hold a job before another may take it.
LEASE = timedelta(minutes=5)


def job(*, kind: str, due_at: datetime, payload: Mapping[str, str], dedupe_key: str | None = None) -> Job:
    """Return a job, not yet stored; the caller stores it in the transaction that asks for it."""
    waking.after_commit()
    return Job(kind=kind, due_at=due_at, payload=json.dumps(dict(payload), sort_keys=True), dedupe_key=dedupe_key)


def put(*jobs: Job) -> None:
    """Store jobs; one whose work is known already (by its dedupe key) is left as it is."""
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


def settle(*, until: datetime, but: Collection[str]) -> int:
    """Mark due jobs done without doing them, but for some kinds: who would be told has long known. Return how many."""
    waiting = Job.objects.filter(done_at__isnull=True, failed_at__isnull=True, due_at__lte=until)
    return waiting.exclude(kind__in=but).update(done_at=F("due_at"))


@transaction.atomic
def claim_due(*, at: datetime, limit: int = 20) -> list[Job]:
    """Take up to ``limit`` jobs that are due, oldest first; no other worker gets them until the lease ends.

    A job whose workers have died ``MOST_ATTEMPTS`` times is given up instead.
    """
    free = Q(locked_until__isnull=True) | Q(locked_until__lte=at)
    rows = Job.objects.filter(free, done_at__isnull=True, failed_at__isnull=True, due_at__lte=at)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, no_key=True)
    found = list(rows.order_by("due_at", "id")[:limit])
    # Their last worker neither finished nor failed: it died, perhaps of the job itself.
    lost = [row.id for row in found if row.attempts >= MOST_ATTEMPTS]
    Job.objects.filter(id__in=lost).update(failed_at=at, locked_until=None, error_code="WORKER_LOST")
    jobs = [row for row in found if row.id not in lost]
    Job.objects.filter(id__in=[row.id for row in jobs]).update(locked_until=at + LEASE, attempts=F("attempts") + 1)
    for row in jobs:
        row.attempts += 1
    return jobs


def finish(*, job: uuid.UUID, at: datetime) -> None:
    """Mark a job done."""
    Job.objects.filter(id=job).update(done_at=at, locked_until=None)


def fail(*, job: uuid.UUID, error_code: str, at: datetime) -> None:
    """Note a failed try: it is tried again with growing pauses, and given up after ``MOST_ATTEMPTS``."""
    row = Job.objects.get(id=job)
    row.error_code = error_code[:80]
    row.locked_until = None
    if row.attempts >= MOST_ATTEMPTS:
        row.failed_at = at
    else:
        row.due_at = at + timedelta(seconds=10 * 2**row.attempts)
    row.save(update_fields=["error_code", "locked_until", "failed_at", "due_at"])
