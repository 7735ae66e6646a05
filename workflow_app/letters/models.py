"""Letters as they were made and sent. Append-only: triggers on both databases refuse UPDATE and DELETE."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

models.CharField.register_lookup(Length)


class Letter(models.Model):
    """A letter as it was set: the PDF, and what it was set from."""

    class Language(models.TextChoices):
        SWEDISH = "sv", _("Swedish")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: What the case asked for; its facts are frozen there. One request, one letter.
    request = models.OneToOneField("cases.LetterRequest", on_delete=models.PROTECT, related_name="made")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.SWEDISH)
    #: SHA-256 of the template's files.
    template_sha256 = models.CharField(max_length=64)
    #: What the template was given, as canonical JSON: with the template it gives the same bytes again.
    data = models.TextField()
    data_sha256 = models.CharField(max_length=64)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    #: Code points that no typeface at hand has, as U+1F600, separated by spaces; a mark stands where they stood.
    unprintable = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(template_sha256__length=64, data_sha256__length=64, sha256__length=64),
                name="a_letter_is_sealed_by_three_sha256",
            )
        ]

    def __str__(self) -> str:
        return str(self.request_id)


class Sending(models.Model):
    """The letter was handed to what takes it to its receiver."""

    class Transport(models.TextChoices):
        REGISTRY = "REGISTRY", _("The registry was asked to expedite it")
        FOLDER = "FOLDER", _("Left in the mailing system's folder")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="sending")
    transport = models.CharField(max_length=8, choices=Transport.choices)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.transport} {self.letter_id}"
