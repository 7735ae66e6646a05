"""The tables of the registers. Nothing is deleted: an entry ends, and a change keeps what was there before.

Triggers on both databases refuse to delete an entry, and to change or delete a line of the history.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delegation.conflict_signs import TieKind as _Tie


class Register(models.TextChoices):
    """The registers, by the name that a form's field asks for them with."""

    SUPERVISED_UNIT = "SUPERVISED_UNIT", _("Supervised units")
    PROVIDER = "PROVIDER", _("Providers")
    PRINCIPAL = "PRINCIPAL", _("Municipalities and regions")
    LICENSED_PERSON = "LICENSED_PERSON", _("Licensed persons")
    STAFF_TIE = "STAFF_TIE", _("Ties of the authority's staff")


class UnitKind(models.TextChoices):
    """What a supervised unit does."""

    HVB = "HVB", _("residential care home (HVB)")
    SUPPORTED_HOUSING = "SUPPORTED_HOUSING", _("supported housing")
    SHELTER = "SHELTER", _("sheltered housing")
    SIS = "SIS", _("special residential home (SiS)")
    LSS_CHILDREN = "LSS_CHILDREN", _("housing for children, LSS 9 § 8")
    LSS = "LSS", _("housing for adults, LSS 9 § 9")
    SABO = "SABO", _("special housing for the elderly")
    HOME_CARE = "HOME_CARE", _("home care")
    HOSPITAL = "HOSPITAL", _("hospital ward")
    PRIMARY_CARE = "PRIMARY_CARE", _("primary care")
    PSYCHIATRY = "PSYCHIATRY", _("psychiatric care")
    DENTAL = "DENTAL", _("dental care")
    OTHER = "OTHER", pgettext_lazy("unit", "other")


class PrincipalKind(models.TextChoices):
    """Who answers for care in public."""

    MUNICIPALITY = "MUNICIPALITY", _("municipality")
    REGION = "REGION", _("region")


class Profession(models.TextChoices):
    """Licensed professions (PSL 4 kap. 1 §)."""

    PHYSICIAN = "PHYSICIAN", _("physician")
    NURSE = "NURSE", _("nurse")
    DENTIST = "DENTIST", _("dentist")
    DENTAL_HYGIENIST = "DENTAL_HYGIENIST", _("dental hygienist")
    MIDWIFE = "MIDWIFE", _("midwife")
    PHARMACIST = "PHARMACIST", _("pharmacist")
    PHYSIOTHERAPIST = "PHYSIOTHERAPIST", _("physiotherapist")
    PSYCHOLOGIST = "PSYCHOLOGIST", _("psychologist")
    OTHER = "OTHER", pgettext_lazy("profession", "other")


class TieKind(models.TextChoices):
    """How somebody is tied to a party (FL 16 § first paragraph); see ``delegation.conflict_signs``."""

    PARTY = _Tie.PARTY.value, _("is the party")
    OWNER = _Tie.OWNER.value, _("owns or leads it")
    RELATED = _Tie.RELATED.value, _("is related to somebody there")
    EMPLOYED = _Tie.EMPLOYED.value, _("is or was on its staff list")
    SIDE_JOB = _Tie.SIDE_JOB.value, _("has a side job there")
    REPRESENTATIVE = _Tie.REPRESENTATIVE.value, _("has represented it")
    OTHER_AUTHORITY = _Tie.OTHER_AUTHORITY.value, _("took part in its decisions at another authority")


def _of(name: str, values: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__in": values}), name=f"%(class)s_{name}_is_known")


def _coded(prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(code__startswith=prefix), name="%(class)s_has_a_code_of_its_own")


class Entry(models.Model):
    """A line of a register, in force during ``[active_from, active_to)``."""

    REGISTER: ClassVar[Register]

    code = models.CharField(max_length=24, primary_key=True)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True)
    #: Code and name without capitals, for searching: a database folds ``Å`` in its own way, or not at all.
    folded = models.CharField(max_length=240, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_from__lt=F("active_to")),
                name="%(class)s_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.code})"

    @property
    def label(self) -> str:
        """What a person calls the entry."""
        return self.code

    def is_active(self, on: date) -> bool:
        """Tell whether the entry is in force on a day."""
        return self.active_from <= on and (self.active_to is None or on < self.active_to)

    def fold(self) -> None:
        """Write down what the entry is searched by."""
        self.folded = f"{self.code} {self.label}".casefold()


class Principal(Entry):
    """A municipality or a region, by number."""

    REGISTER = Register.PRINCIPAL

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=PrincipalKind.choices)

    class Meta(Entry.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind=PrincipalKind.MUNICIPALITY.value, code__startswith="KOM-")
                | Q(kind=PrincipalKind.REGION.value, code__startswith="REG-"),
                name="a_principal_has_the_code_of_its_kind",
            ),
        ]

    @property
    def label(self) -> str:
        return self.name


class Provider(Entry):
    """The legal person that runs units."""

    REGISTER = Register.PROVIDER

    name = models.CharField(max_length=160)

    class Meta(Entry.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [*Entry.Meta.constraints, _coded("UTF-")]

    @property
    def label(self) -> str:
        return self.name


class SupervisedUnit(Entry):
    """An operation that is supervised: a home, a ward, a surgery."""

    REGISTER = Register.SUPERVISED_UNIT

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    receives_children = models.BooleanField()
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="units")
    #: Where it lies.
    municipality = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="units_within")
    #: The municipality or region that answers for the care; none where the provider does so alone.
    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, null=True, related_name="units_answered_for")

    class Meta(Entry.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Entry.Meta.constraints,
            _coded("ENH-"),
            _of("kind", UnitKind.values),
        ]

    @property
    def label(self) -> str:
        return self.name


class LicensedPerson(Entry):
    """A licensed person: an opaque id and a profession, never a name or a personal number."""

    REGISTER = Register.LICENSED_PERSON

    profession = models.CharField(max_length=20, choices=Profession.choices)

    class Meta(Entry.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Entry.Meta.constraints,
            _coded("LEG-"),
            _of("profession", Profession.values),
        ]


class StaffTie(Entry):
    """How somebody in the authority is tied to somebody that cases are about (R-06). Codes only; registrars read it."""

    REGISTER = Register.STAFF_TIE

    #: Staff code of the person, as in the organisation.
    staff_code = models.CharField(max_length=24)
    #: Code of a unit, a provider, a municipality or region, or a licensed person.
    party = models.CharField(max_length=24)
    kind = models.CharField(max_length=20, choices=TieKind.choices)

    class Meta(Entry.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Entry.Meta.constraints,
            _coded("KNY-"),
            _of("kind", TieKind.values),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["staff_code", "party"], name="tie_by_person")]

    @property
    def label(self) -> str:
        return f"{self.staff_code} – {self.party}"


TABLES: dict[Register, type[Entry]] = {
    table.REGISTER: table for table in (SupervisedUnit, Provider, Principal, LicensedPerson, StaffTie)
}
#: Registers that registrars alone read.
CLOSED = frozenset({Register.STAFF_TIE})


class RegisterFile(models.Model):
    """A file that a registrar has checked, and whether it has been imported."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=16, choices=Register.choices)
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)
    #: The how-manieth import into the register it is to be: as many as there were when it was checked, and one.
    number = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Of two that were checked against the same register, one is imported and the other checked again.
            models.UniqueConstraint(
                fields=["register", "number"],
                condition=Q(imported_at__isnull=False),
                name="imports_into_a_register_are_counted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.sha256[:12]}"


class RegisterChange(models.Model):
    """One entry added or changed: what was there before and after, by which file, and when (S-45)."""

    file = models.ForeignKey(RegisterFile, on_delete=models.PROTECT, related_name="changes")
    register = models.CharField(max_length=16, choices=Register.choices)
    code = models.CharField(max_length=24)
    at = models.DateTimeField()
    #: The columns as JSON; ``{}`` before an entry that was added.
    before = models.TextField()
    after = models.TextField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["register", "code"], name="change_by_entry")]

    def __str__(self) -> str:
        return f"{self.code} {self.at:%Y-%m-%d}"
