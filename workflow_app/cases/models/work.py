"""What waits to be done in a case: steps for people, clocks, messages to them, and what they have begun to type."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow_app.cases.models.case import Case
from workflow_app.cases.models.choices import ACTS
from workflow_app.cases.models.deadlines import Deadline


class WorkItem(models.Model):
    """A user task while it waits for a person."""

    class State(models.TextChoices):
        OFFERED = "OFFERED", _("Offered")
        CLAIMED = "CLAIMED", _("Claimed")
        DONE = "DONE", _("Done")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    #: In ``token``: from here on steps that an order has added beside the model, for which no token of the net waits.
    ADDED_FROM = 1_000_000_000
    #: In ``case_type``: the pool of every case type (a participant who must come from another one).
    ANY_CASE_TYPE = "ANY"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_items")
    #: The net's token that waits here, and the element's qualified id.
    token = models.PositiveIntegerField()
    node = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    #: The case type whose pool the item is offered in; usually the case's own.
    case_type = models.CharField(max_length=8)
    act = models.CharField(max_length=10, choices=ACTS)
    #: Roles the item is offered to, with a space at both ends so that a role can be looked up as a word.
    roles = models.CharField(max_length=80)
    decision_type = models.CharField(max_length=40, blank=True)
    joint_code = models.CharField(max_length=8, blank=True)
    participant = models.CharField(max_length=40, blank=True)
    #: Hash of the proposal when the item was offered; empty outside a proposal.
    proposal_hash = models.CharField(max_length=64, blank=True)
    #: Name of the message whose arrival the item registers; empty for an ordinary user task.
    message = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "token"], name="a_token_waits_in_one_work_item"),
            models.CheckConstraint(
                condition=Q(state="OFFERED", claimed_by__isnull=True)
                | Q(state__in=["CLAIMED", "DONE"], claimed_by__isnull=False)
                | Q(state="WITHDRAWN"),
                name="claimed_work_has_a_claimant",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["case_type", "due_at", "id"], condition=Q(state="OFFERED"), name="work_offered_by_type"
            ),
            models.Index(fields=["claimed_by", "due_at", "id"], condition=Q(state="CLAIMED"), name="work_claimed"),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.state}"

    @property
    def is_added(self) -> bool:
        """True for a step that an order has added while the case was under way (R-29)."""
        return self.token >= self.ADDED_FROM


class FormDraft(models.Model):
    """What a person has typed in a step that is not yet done. No part of the case; read by its writer alone."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    #: Name on the page -> what stands there, as JSON in ASCII: as typed, whether it holds or not.
    typed = models.TextField()
    revision = models.PositiveIntegerField()
    #: The page it was written on; that page need not show what it wrote itself.
    page = models.UUIDField()
    #: ``services.work.revision`` of the item when it was written: the case may have moved on since.
    seen = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["work_item", "person"], name="a_person_has_one_draft_of_a_step")
        ]

    def __str__(self) -> str:
        return f"{self.work_item_id} {self.revision}"


class Timer(models.Model):
    """Something that happens in the net by itself when its moment comes. Frozen when set (DESIGN §4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="timers")
    token = models.PositiveIntegerField()
    #: The boundary event on the token's wait; empty when the token itself waits for the moment.
    boundary = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=80)
    zone = models.CharField(max_length=40)
    occurrence = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "token", "boundary", "occurrence"], name="a_timer_fires_once_per_occurrence"
            ),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="a_timer_is_fired_or_cancelled_not_both",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=Q(fired_at__isnull=True, cancelled_at__isnull=True), name="timer_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.case_id}"


class Notification(models.Model):
    """A word to a person about work, a deadline, a right or how a case stands. Holds no case content."""

    class Kind(models.TextChoices):
        ASSIGNED = "ASSIGNED", _("Assigned to you")
        OVERDUE = "OVERDUE", _("Due time has passed")
        REMINDER = "REMINDER", _("A deadline comes")
        PASSED = "PASSED", _("A deadline has passed")
        TAKEN_BACK = "TAKEN_BACK", _("Taken back from you")
        GIVEN = "GIVEN", _("You have been given a right")
        REVOKED = "REVOKED", _("A right has been revoked")
        ENDED = "ENDED", _("A right has run out")
        USAGE = "USAGE", _("Use of a right that you have lent")
        UNSTAFFED = "UNSTAFFED", _("Nobody is left to decide")
        REORDERED = "REORDERED", _("Another order changes what the case needs")
        DECIDED = "DECIDED", _("Decided by somebody above you")

    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, null=True, related_name="notifications")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, related_name="notifications")
    #: What the notice is about; beside work that was taken back, the right whose end took it.
    grant = models.ForeignKey("organisation.DelegationGrant", on_delete=models.PROTECT, null=True, related_name="+")
    #: Set where the notice is about the case itself.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Which of a deadline's reminders it is, of a right's reports, or the day on which the case stood so.
    moment = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "work_item", "kind"], name="a_person_is_told_once"),
            models.UniqueConstraint(
                fields=["person", "deadline", "kind", "moment"], name="a_person_is_told_once_of_a_deadline"
            ),
            models.UniqueConstraint(
                fields=["person", "grant", "kind", "moment"],
                condition=Q(work_item__isnull=True),
                name="a_person_is_told_once_of_a_right",
            ),
            models.UniqueConstraint(
                fields=["person", "case", "kind", "moment"], name="a_person_is_told_once_how_a_case_stands"
            ),
            models.CheckConstraint(
                condition=Q(work_item__isnull=False, deadline__isnull=True, case__isnull=True)
                | Q(work_item__isnull=True, deadline__isnull=False, grant__isnull=True, case__isnull=True)
                | Q(work_item__isnull=True, deadline__isnull=True, grant__isnull=False, case__isnull=True)
                | Q(work_item__isnull=True, deadline__isnull=True, grant__isnull=True, case__isnull=False),
                name="a_notice_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.work_item_id or self.deadline_id or self.grant_id or self.case_id}"
