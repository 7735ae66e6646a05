"""A case, and the proposal that it stands on."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow_app.ledger.chain import GENESIS


class CaseSeries(models.Model):
    """The case numbers of one year. The row is the lock of the series."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.year)


class Case(models.Model):
    """A case (ärende). The row is the lock of everything that belongs to it."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        CLOSED = "CLOSED", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_number = models.CharField(max_length=24, unique=True)
    case_type = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    #: What the case is about, once it is linked (S-42): see ``subject``.
    unit = models.ForeignKey("registry.SupervisedUnit", on_delete=models.PROTECT, null=True, related_name="+")
    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, null=True, related_name="+")
    principal = models.ForeignKey("registry.Principal", on_delete=models.PROTECT, null=True, related_name="+")
    licensed_person = models.ForeignKey(
        "registry.LicensedPerson", on_delete=models.PROTECT, null=True, related_name="+"
    )
    definition = models.ForeignKey("engine.ProcessDefinition", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    #: Who registered it; ``None`` for a case that another case or the calendar opened: nobody decided to.
    opened_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    #: For statistics only; never read by ``facts`` (R-10).
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, null=True, related_name="+")

    #: Where the case stands: the marking of its net, tens to hundreds of bytes.
    marking = models.TextField()
    #: The read-only view that the net and the forms see: the latest value of every fact (see ``facts``).
    facts = models.TextField(default="{}")
    #: Who stands how to the case: cleared, disqualified, prepared the proposal, rapporteur (see ``facts``).
    standing = models.TextField(default="{}")
    proposal = models.ForeignKey("Proposal", on_delete=models.PROTECT, null=True, related_name="+")

    #: Since when nobody but those on its need-to-know list may know of the case (R-75); see ``services.walls``.
    walled_at = models.DateTimeField(null=True, blank=True)

    revision = models.PositiveIntegerField(default=0)
    ledger_seq = models.PositiveIntegerField(default=0)
    ledger_hash = models.CharField(max_length=64, default=GENESIS)
    last_act_at = models.DateTimeField()

    class Meta:
        #: What a named exception may be for (``delegation.access.Exceptional``).
        permissions = [  # noqa: RUF012
            ("read_case", "May read the case"),
            ("audit_case", "May audit the case"),
            ("read_identity", "May read who the pseudonyms stand for"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # No column that every command changes: an update that touches no index leaves no dead index entries, so
            # that a case costs the same however often it is returned.
            models.Index(fields=["case_type", "state", "opened_at"], name="case_by_type_and_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at__isnull=True) | Q(state="CLOSED", closed_at__isnull=False),
                name="a_closed_case_has_a_closing_time",
            ),
        ]

    def __str__(self) -> str:
        return self.case_number


class Proposal(models.Model):
    """One version of a proposal for a decision. Never changed: an edit is a new version with a new hash (R-22)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    #: Which of the case's decisions the proposal is for: 1, 2, …; versions of one matter share it.
    matter = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    decision_type = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    #: All its fields as typed canonical JSON: the bytes behind ``content_hash``.
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    written_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "matter", "version"], name="proposal_versions_are_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.matter}.{self.version}"
