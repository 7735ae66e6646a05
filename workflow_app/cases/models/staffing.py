"""What a night's look at the house came to. No part of any case."""

from __future__ import annotations

from django.db import models


class StaffingReport(models.Model):
    """Which open cases and which kinds of decisions could not be decided, and who is missed when away."""

    at = models.DateTimeField(unique=True)
    #: ``readiness.Report`` as JSON.
    content = models.TextField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
