"""What has been done in a case, and under which right. Append-only, but for a declaration that is ruled on."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow_app.cases.models.case import Case
from workflow_app.cases.models.choices import ACTS, ANSWERS
from workflow_app.cases.models.work import WorkItem


class ReturnReason(models.TextChoices):
    """Why a proposal is returned for preparation (domain 6.3)."""

    MISSING_COMPETENCE = "MISSING_COMPETENCE", _("Missing competence")
    MISSING_BASIS = "MISSING_BASIS", _("Missing basis")
    ONE_SIDED_BASIS = "ONE_SIDED_BASIS", _("One-sided basis")
    UNCLEAR_LEGAL_GROUND = "UNCLEAR_LEGAL_GROUND", _("Unclear legal ground")
    USER_NOT_HEARD = "USER_NOT_HEARD", _("User not heard")
    PROPORTIONALITY = "PROPORTIONALITY", _("Proportionality")
    NOT_COMPARABLE = "NOT_COMPARABLE", _("Not comparable with like cases")
    NOT_OWN_MATTER = "NOT_OWN_MATTER", _("Not our matter")
    OTHER = "OTHER", _("Other")


class Forum(models.TextChoices):
    """Where a case is presented (domain 6.1)."""

    OPS = "OPS", _("Operative cooperation (OPS)")
    OLG = "OLG", _("Operative leadership group (OLG)")
    ASSESSMENT = "ASSESSMENT", _("Assessment meeting")
    JURIST = "JURIST", _("Jurists' group")
    MLG = "MLG", _("Management group")
    DECISION = "DECISION", _("Presentation for decision")


class PresentationOutcome(models.TextChoices):
    """What a presentation ended with (domain 6.1)."""

    INFORMED = "INFORMED", _("Informed")
    RETURNED = "RETURNED", _("Returned for preparation")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    #: The meeting did not get to it; it is taken up at the next.
    NOT_REACHED = "NOT_REACHED", _("Not reached")
    DECIDED = "DECIDED", _("Presented for decision")


class CaseAct(models.Model):
    """Something a person did in a case, with the form as filled in. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, null=True, related_name="acts")
    node = models.CharField(max_length=200)
    act = models.CharField(max_length=10, choices=ACTS)
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8)
    at = models.DateTimeField()
    matter = models.PositiveSmallIntegerField()
    proposal_hash = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=20, choices=ANSWERS, blank=True)
    joint_code = models.CharField(max_length=8, blank=True)
    participant = models.CharField(max_length=40, blank=True)
    forum = models.CharField(max_length=12, choices=Forum.choices, blank=True)
    #: Outcome of a presentation.
    outcome = models.CharField(max_length=12, choices=PresentationOutcome.choices, blank=True)
    #: True when the proposal was returned for preparation by this act (R-26).
    returned = models.BooleanField(default=False)
    reason_primary = models.CharField(max_length=24, choices=ReturnReason.choices, blank=True)
    #: Secondary reasons, separated by spaces.
    reason_secondary = models.CharField(max_length=200, blank=True)
    resolves = models.BooleanField(default=False)
    oral = models.BooleanField(default=False)
    #: The form as filled in, typed canonical JSON.
    fields = models.TextField(default="{}")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(returned=False, reason_primary="") | (Q(returned=True) & ~Q(reason_primary="")),
                name="a_return_has_one_primary_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "proposal_hash"], name="act_by_proposal"),
            models.Index(fields=["forum", "at"], condition=~Q(forum=""), name="presentation_by_forum"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.node}"


class PermitRecord(models.Model):
    """The permit an act was done under: which row, grant and order allowed it. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="permits")
    act_record = models.OneToOneField(CaseAct, on_delete=models.PROTECT, related_name="permit")
    act = models.CharField(max_length=10, choices=ACTS)
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey("organisation.DelegationGrant", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8)
    rule = models.CharField(max_length=12, blank=True)
    row = models.CharField(max_length=24, blank=True)
    order_number = models.CharField(max_length=24)
    order_sha256 = models.CharField(max_length=64)
    proposal_hash = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.act} {self.rule}"


class Decision(models.Model):
    """The record of a decision (FL 31 §, R-65). Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    act_record = models.OneToOneField(CaseAct, on_delete=models.PROTECT, related_name="decision")
    #: Its number in the case: 1, 2, …
    number = models.PositiveSmallIntegerField()
    #: The version that this one corrects (FL 36 §); both are kept.
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    # FL 31 §: 1. the day, 2. the content, 3. who decided, 4. who was rapporteur, 5. who took part without deciding.
    decided_at = models.DateTimeField()
    content = models.TextField()
    decider = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    #: ``None`` is an explicit "none": the row asks for no presentation.
    rapporteur = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    #: Person ids with role, as canonical JSON; ``[]`` is an explicit "none".
    participants = models.TextField()
    decision_type = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reasons = models.TextField()
    content_hash = models.CharField(max_length=64)
    rule = models.CharField(max_length=12)
    row = models.CharField(max_length=24)
    #: Legal-basis references as they read on the day of the decision, separated by semicolons.
    legal_basis = models.TextField()
    appealable = models.BooleanField()
    order_number = models.CharField(max_length=24)
    order_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="decisions_of_a_case_are_numbered_once"),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="a_version_is_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(rapporteur__isnull=True) | ~Q(rapporteur=models.F("decider")),
                name="rapporteur_and_decider_are_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_type} {self.case_id}"


class Dissent(models.Model):
    """A dissenting opinion, possible until dispatch (FL 30 §, R-66). Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="dissents")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    opinion = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["decision", "person"], name="one_dissent_per_person_and_decision")
        ]

    def __str__(self) -> str:
        return str(self.decision_id)


class Dispatch(models.Model):
    """The decision left the authority; after this dissent is refused. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="dispatch")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=24)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.decision_id)
