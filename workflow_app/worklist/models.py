"""What a plan is made of besides the registers, and the plans that have been made."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class InspectorProfile(models.Model):
    """What the planning needs to know of an inspector. Gives no right and no appointment."""

    person = models.OneToOneField(
        "organisation.Person", on_delete=models.PROTECT, primary_key=True, related_name="inspector_profile"
    )
    senior = models.BooleanField()
    #: Kinds of units that the inspector knows, separated by spaces.
    kinds = models.CharField(max_length=200)
    #: The municipality where journeys begin.
    station = models.ForeignKey("registry.Principal", on_delete=models.PROTECT, related_name="+")
    #: Most visits in a year without absence.
    visits = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.pk)


class MunicipalityPlace(models.Model):
    """Where a municipality lies, in whole kilometres east and north of the corner of the map."""

    municipality = models.OneToOneField(
        "registry.Principal", on_delete=models.PROTECT, primary_key=True, related_name="place"
    )
    east = models.IntegerField()
    north = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.pk} {self.east} {self.north}"


class AssignmentPlan(models.Model):
    """A proposal of inspectors for the homes of a yearly plan: asked for, made, perhaps accepted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="assignment_plans")
    year = models.PositiveSmallIntegerField()
    #: Draws the lots; with the problem it gives the plan once more.
    seed = models.PositiveIntegerField()
    asked_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    problem_sha256 = models.CharField(max_length=64, blank=True)
    #: Teams with reasons, and shortages, as JSON (``proposal``).
    content = models.TextField(blank=True)
    #: Why no plan could be made, in the words of the refusal; empty otherwise.
    failure = models.TextField(blank=True)
    accepted_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, content="")
                | (Q(made_at__isnull=False) & (~Q(content="") | ~Q(failure=""))),
                name="a_plan_that_is_made_says_something",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, made_at__isnull=False, failure=""),
                name="a_plan_is_accepted_by_somebody_once_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.seed}"
