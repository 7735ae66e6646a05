"""The tables of the organisation. A right exists only through a ``DelegationGrant`` (G-5)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from delegation.types import GrantKind


class Department(models.Model):
    """A department of the line. For statistics and staffing; never an input to a decision right (R-10)."""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A person in the authority. Identity is the person; accounts are only ways in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: Stable staff code shown in registers, e.g. ``INSP-017``.
    code = models.CharField(max_length=24, unique=True)
    display_name = models.CharField(max_length=80)
    email = models.EmailField()

    def __str__(self) -> str:
        return self.display_name


class LinePost(models.Model):
    """A post in the line. Gives employment and workload; no right to decide anything (S-25)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="line_posts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    unit = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=80)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
                name="line_post_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to__isnull=True), name="a_person_has_one_open_line_post"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.department})"


class DelegationGrant(models.Model):
    """The right of one person to act in one role for one case type (G-5, domain 3.6)."""

    ALL_CASE_TYPES = "ALL"
    KINDS: ClassVar[list[tuple[str, object]]] = [
        (GrantKind.APPOINTMENT.value, _("appointment")),
        (GrantKind.SUB_DELEGATION.value, _("sub-delegation")),
        (GrantKind.SUBSTITUTION.value, _("substitution")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=8)
    case_type = models.CharField(max_length=8)
    #: Rows (``DO-nnn``) the grant is limited to, separated by spaces; empty means every row of the role.
    rules = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=16, choices=KINDS, default=GrantKind.APPOINTMENT.value)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants_given")
    #: The role (sub-delegation) or the person id (substitution) whose right is lent.
    on_behalf_of = models.CharField(max_length=36, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField()
    #: Who ended it before its time; ``None`` for one that runs, or has run out by itself.
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["role", "case_type"], name="grant_by_role"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # `valid_to = valid_from` is a grant revoked before it began to run.
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="grant_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind=GrantKind.APPOINTMENT.value) | Q(valid_to__isnull=False),
                name="a_lent_right_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.case_type}"


class Absence(models.Model):
    """A period when a person is away (R-56)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # `valid_to = valid_from` is an absence called off before it began.
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="absence_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.valid_from:%Y-%m-%d}"


class Substitute(models.Model):
    """Who sees and may take over another's open work in a period. Gives no right of its own (R-57)."""

    absent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="substitutes")
    substitute = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="substitutions")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_from__lte=F("valid_to")), name="substitution_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="nobody_is_their_own_substitute"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} for {self.absent}"


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, person: Person, password: str | None = None) -> Account:
        """Create a way in for a person. Without a password nobody can log in with it."""
        account = self.model(username=username, person=person)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """A way in. Two accounts of one person are one person in every rule (R-19, P2)."""

    username = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    #: Technical rights only; being staff or superuser gives no right in any case.
    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    objects = AccountManager()

    def __str__(self) -> str:
        return self.username
