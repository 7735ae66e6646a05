"""Conflict of interest in a case: what was declared and ruled, why (sealed), and what may be done all the same."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow_app.cases.models.case import Case
from workflow_app.cases.models.record import Decision
from workflow_app.cases.models.work import WorkItem


class Ground(models.TextChoices):
    """The grounds of 16 § of the Administrative Procedure Act."""

    PARTY = "PARTY", _("Party, or affected by the outcome (16 § first paragraph 1)")
    RELATED = "RELATED", _("A relative is party or affected (16 § first paragraph 2)")
    REPRESENTATIVE = "REPRESENTATIVE", _("Has represented a party (16 § first paragraph 3)")
    OTHER_AUTHORITY = "OTHER_AUTHORITY", _("Took part in another authority's final handling (16 § first paragraph 4)")
    OTHER = "OTHER", _("Another circumstance that shakes confidence (16 § first paragraph 5)")


class ConflictDeclaration(models.Model):
    """A person's word about conflict of interest in a case, and the ruling on it (R-01..R-07). Append-only."""

    class Kind(models.TextChoices):
        NO_CIRCUMSTANCE = "NO_CIRCUMSTANCE", _("No circumstance")
        CIRCUMSTANCE = "CIRCUMSTANCE", _("A circumstance")
        RULED_CONFLICT = "RULED_CONFLICT", _("Ruled: conflict of interest")
        RULED_CLEAR = "RULED_CLEAR", _("Ruled: no conflict of interest")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="declarations")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: The person's highest role for the case's type at that moment, so that like cases are found alike (R-07).
    role = models.CharField(max_length=8, blank=True)
    #: The ground that was tried; only of a ruling.
    ground = models.CharField(max_length=16, choices=Ground.choices, blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="rulings")
    #: True when the challenged person ruled, because nobody else could be called in (FL 18 § third paragraph, R-04).
    nobody_else = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=["NO_CIRCUMSTANCE", "CIRCUMSTANCE"], by=models.F("person"))
                | (Q(kind__in=["RULED_CONFLICT", "RULED_CLEAR"]) & (~Q(by=models.F("person")) | Q(nobody_else=True))),
                name="nobody_rules_on_their_own_conflict",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-at"], condition=Q(kind__startswith="RULED_"), name="ruling_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class SealedReasons(models.Model):
    """What a circumstance is, what a jurist thinks of it and why it was ruled so. Append-only.

    Kept here and nowhere else: no fact, form or decision holds it. Read through ``conflict_reasons`` alone.
    """

    class Kind(models.TextChoices):
        CIRCUMSTANCE = "CIRCUMSTANCE", _("The circumstance")
        OPINION = "OPINION", _("The jurist's opinion")
        RULING = "RULING", _("Reasons for the ruling")
        NECESSITY = "NECESSITY", _("Why nobody else can do it in time")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sealed_reasons")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="sealed_reasons")

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class NecessaryTask(models.Model):
    """A step that somebody in conflict of interest may do, since nobody else can without considerable delay (R-05).

    Append-only. Who may do it stands in the case's standing; why is sealed.
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="necessities")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    reasons = models.ForeignKey(SealedReasons, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["work_item", "person"], name="a_task_is_necessary_once"),
            models.CheckConstraint(condition=~Q(by=models.F("person")), name="nobody_calls_their_own_task_necessary"),
        ]

    def __str__(self) -> str:
        return f"{self.work_item_id} {self.person_id}"
