"""What a second pair of eyes has opened of what is under review. Append-only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow_app.cases.models.work import WorkItem


class ReviewOpening(models.Model):
    """A reviewer opened a part of the case while holding its review (R-23)."""

    class Part(models.TextChoices):
        #: The page of the review itself, with the proposal and what it rests on.
        PAGE_OF_REVIEW = "PAGE_OF_REVIEW", _("the proposal")
        PAGE_OF_CASE = "PAGE_OF_CASE", _("the case")
        PAGE_OF_LETTER = "PAGE_OF_LETTER", _("a letter")
        PAGE_OF_DECISION = "PAGE_OF_DECISION", _("an earlier decision")

    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="openings")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=16, choices=Part.choices)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} {self.work_item_id}"
