"""The days by which something is to be done in a case."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from workflow_app.cases.models.case import Case


class Deadline(models.Model):
    """A day by which something is to be done in a case: by law, or by the authority's own routine.

    Counted once and frozen; what is left to set is how it ended (see ``deadlines``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    #: A key of ``deadlines.KINDS``.
    kind = models.CharField(max_length=24)
    #: Key of the order's register of legal bases; empty for the authority's own.
    legal_basis = models.CharField(max_length=40, blank=True)
    statutory = models.BooleanField()
    #: How it was counted, ``4w``; empty where the last day itself was given.
    period = models.CharField(max_length=8, blank=True)
    starts_on = models.DateField()
    due_on = models.DateField()
    #: When the last day has passed.
    due_at = models.DateTimeField()
    set_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    #: When it was found to have passed unmet; it may still be met late.
    expired_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="a_deadline_is_met_or_withdrawn_not_both",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("starts_on")) | Q(period=""), name="a_deadline_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["case", "due_at"],
                condition=Q(met_at__isnull=True, withdrawn_at__isnull=True),
                name="deadline_open_by_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"
