"""What leaves a case: for another case, and for its parties. Append-only."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow_app.cases.models.case import Case
from workflow_app.cases.models.choices import PARTIES
from workflow_app.cases.models.record import Decision


class LinkKind(models.TextChoices):
    """Why two cases belong together."""

    #: The one went over into the other.
    HAND_OVER = "HAND_OVER", _("Handed over")
    #: The one waits for the other.
    CHILD = "CHILD", _("Part of")
    #: The one told the other something about the unit (S-73).
    INFORMATION = "INFORMATION", _("Told of")


class HandOver(models.Model):
    """What a case asks another to be opened with; a job opens it. Append-only.

    It decides nothing: the right lies in what was decided in the case that asks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    from_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs")
    #: The element of the model that asked.
    node = models.CharField(max_length=200)
    #: Which of the cases that the element asked for: 0, 1, …
    ordinal = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=LinkKind.choices)
    #: Id of the process that the new case follows.
    process = models.CharField(max_length=100)
    #: What is known at the moment of asking, typed canonical JSON.
    facts = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.from_case_id} -> {self.process}"


class CaseLink(models.Model):
    """Two cases that belong together, one of them the origin. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    from_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_out")
    to_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=12, choices=LinkKind.choices)
    #: What was asked for, where the one case opened the other: a hand-over opens one case, however often it is tried.
    hand_over = models.OneToOneField(HandOver, on_delete=models.PROTECT, null=True, related_name="link")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["from_case", "to_case", "kind"], name="two_cases_are_linked_once"),
            models.CheckConstraint(condition=~Q(from_case=models.F("to_case")), name="no_case_is_linked_to_itself"),
            models.CheckConstraint(
                condition=Q(hand_over__isnull=True, kind="INFORMATION")
                | Q(hand_over__isnull=False, kind__in=["HAND_OVER", "CHILD"]),
                name="what_opens_a_case_was_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_case_id} -> {self.to_case_id}"


class LetterRequest(models.Model):
    """A letter to one receiver, with what is known when it is asked for. Append-only.

    What goes to several is asked for once for each, in the same command.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letter_requests")
    #: The element of the model that asked.
    node = models.CharField(max_length=200)
    #: Name of the template in the case's own process version.
    letter = models.CharField(max_length=60)
    matter = models.PositiveSmallIntegerField()
    #: The decision that it tells of, or was written after.
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="letter_requests")
    #: Whose act sent it; ``None`` where a time limit did.
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=8, blank=True)
    party = models.CharField(max_length=20, choices=PARTIES)
    #: Code in the register that knows the receiver; empty for those in none.
    party_code = models.CharField(max_length=24, blank=True)
    #: How the receiver is addressed; empty where the letter itself says that, as one to a court does.
    recipient = models.TextField(blank=True)
    for_information = models.BooleanField(default=False)
    #: Every fact of the case at that moment, typed canonical JSON.
    facts = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter} {self.case_id}"
