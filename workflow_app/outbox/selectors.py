"""Read the outbox."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import QuerySet

from workflow_app.outbox.models import Job


def payload(job: Job) -> dict[str, str]:
    """Return what the handler of the job needs."""
    content: dict[str, str] = json.loads(job.payload)
    return content


def waiting(at: datetime) -> int:
    """Return how many jobs are due and not done."""
    return Job.objects.filter(done_at__isnull=True, failed_at__isnull=True, due_at__lte=at).count()


def given_up() -> QuerySet[Job]:
    """Return jobs that a person must look at."""
    return Job.objects.filter(failed_at__isnull=False).order_by("-failed_at")
