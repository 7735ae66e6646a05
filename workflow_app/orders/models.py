"""The adopted versions of the order."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class OrderVersion(models.Model):
    """One adopted version of the delegation order, whole (DO-001)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    sha256 = models.CharField(max_length=64)
    #: The bundle, file name -> text, as canonical JSON.
    files = models.TextField()
    valid_from = models.DateTimeField(unique=True)
    valid_to = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                name="order_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(adopted_by=F("reviewed_by")), name="an_order_is_adopted_by_four_eyes"),
        ]

    def __str__(self) -> str:
        return self.number
