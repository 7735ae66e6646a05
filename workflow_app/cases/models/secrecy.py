"""What is kept apart in a case: names, who needs to know of it, and who is let in by name for a time."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from workflow_app.cases.models.case import Case


class SealedName(models.Model):
    """Who a pseudonym of a case stands for (R-74, R-80). Append-only; read through ``services.sealed`` alone."""

    class Kind(models.TextChoices):
        CHILD = "CHILD", _("Child")
        NOTIFIER = "NOTIFIER", _("Notifier")
        PERSON = "PERSON", _("Person")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sealed_names")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    #: What stands everywhere else: in facts, proposals, decisions and letters.
    pseudonym = models.CharField(max_length=40)
    name = models.TextField()
    #: True for a person with protected personal data: then the registry does not read it either.
    protected = models.BooleanField(default=False)
    by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "pseudonym"], name="a_pseudonym_stands_for_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} {self.case_id}"


class IdentityReading(models.Model):
    """Somebody read whom a pseudonym stands for, and why (R-74). Append-only; its ledger entry bears no free text."""

    sealed_name = models.ForeignKey(SealedName, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sealed_name_id} {self.at}"


class NeedToKnow(models.Model):
    """A person on the need-to-know list of a walled case, while ``ended_at`` is not set (JB-7, R-75)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="need_to_know")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(ended_at__isnull=True), name="a_person_needs_to_know_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.case_id}"


class NamedException(UserObjectPermissionBase):
    """One person let into one case until a moment, whatever their grants: Guardian's permission with an end.

    Guardian's own ``assign_perm`` cannot make one, since it knows no end; ``services.exceptions`` does. What has been
    given stays in the ledger when the row is gone.
    """

    content_object = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exceptions")
    given_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()

    class Meta(UserObjectPermissionBase.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="an_exception_ends_after_it_begins")
        ]
