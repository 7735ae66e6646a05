"""The job table."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """Something to do at ``due_at`` or as soon after as a worker is free."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    #: What the handler needs: ids as canonical JSON, never personal data.
    payload = models.TextField(default="{}")
    due_at = models.DateTimeField()
    #: Two jobs with the same key are the same work; the second is refused by the database.
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    #: Set when the job is given up; it then waits for a person.
    failed_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="job_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
