"""The tables of a case. Facts are rows with constraints, never process variables (DESIGN §1.3).

``CaseAct``, ``PermitRecord``, ``Decision``, ``Dissent``, ``Dispatch``, ``LetterRequest``, ``HandOver`` and ``CaseLink``
are append-only: triggers on both databases refuse UPDATE and DELETE.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delegation.types import Act, Answer
from workflow_app.ledger.chain import GENESIS

ACTS = [(act.value, act.value.lower()) for act in Act]
ANSWERS = [(answer.value, answer.value.lower()) for answer in Answer]


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

    revision = models.PositiveIntegerField(default=0)
    ledger_seq = models.PositiveIntegerField(default=0)
    ledger_hash = models.CharField(max_length=64, default=GENESIS)
    last_act_at = models.DateTimeField()

    class Meta:
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


class WorkItem(models.Model):
    """A user task while it waits for a person."""

    class State(models.TextChoices):
        OFFERED = "OFFERED", _("Offered")
        CLAIMED = "CLAIMED", _("Claimed")
        DONE = "DONE", _("Done")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

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

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=["NO_CIRCUMSTANCE", "CIRCUMSTANCE"], by=models.F("person"))
                | (Q(kind__in=["RULED_CONFLICT", "RULED_CLEAR"]) & ~Q(by=models.F("person"))),
                name="nobody_rules_on_their_own_conflict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


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
    """A letter that is to leave the authority, with what is known when it is asked for. Append-only."""

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
    #: Whom the dispatch of a decision names; empty where the facts say who gets it.
    recipient = models.TextField(blank=True)
    #: Every fact of the case at that moment, typed canonical JSON.
    facts = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter} {self.case_id}"


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


class Deadline(models.Model):
    """A day by which something is to be done in a case: by law, or by the authority's own routine.

    Counted once and frozen; what is left to set is how it ended (see ``deadlines``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    #: A key of ``deadlines.KINDS``.
    kind = models.CharField(max_length=24)
    #: Key of the order's register of legal bases; empty for the authority's own.
    legal_basis = models.CharField(max_length=40, blank=True)
    statutory = models.BooleanField()
    #: How it was counted, ``4w``; empty where the last day itself was given.
    period = models.CharField(max_length=8, blank=True)
    starts_on = models.DateField()
    due_on = models.DateField()
    #: When the last day has passed.
    due_at = models.DateTimeField()
    set_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    #: When it was found to have passed unmet; it may still be met late.
    expired_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="a_deadline_is_met_or_withdrawn_not_both",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("starts_on")) | Q(period=""), name="a_deadline_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["case", "due_at"],
                condition=Q(met_at__isnull=True, withdrawn_at__isnull=True),
                name="deadline_open_by_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class Notification(models.Model):
    """A word to a person about work or a deadline: assigned, due soon or overdue. Holds no case content."""

    class Kind(models.TextChoices):
        ASSIGNED = "ASSIGNED", _("Assigned to you")
        OVERDUE = "OVERDUE", _("Due time has passed")
        REMINDER = "REMINDER", _("A deadline comes")
        PASSED = "PASSED", _("A deadline has passed")

    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, null=True, related_name="notifications")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Which of a deadline's reminders it is.
    moment = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "work_item", "kind"], name="a_person_is_told_once"),
            models.UniqueConstraint(
                fields=["person", "deadline", "kind", "moment"], name="a_person_is_told_once_of_a_deadline"
            ),
            models.CheckConstraint(
                condition=Q(work_item__isnull=False, deadline__isnull=True)
                | Q(work_item__isnull=True, deadline__isnull=False),
                name="a_notice_is_about_work_or_a_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.work_item_id or self.deadline_id}"


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
