"""Look things up in the registers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.organisation.models import Person
from workflow_app.registry.errors import UnknownEntry
from workflow_app.registry.models import (
    CLOSED,
    TABLES,
    Entry,
    Principal,
    PrincipalKind,
    Register,
    RegisterChange,
    RegisterFile,
    StaffTie,
    SupervisedUnit,
    UnitKind,
)

PAGE_SIZE = 50
#: How many a person is shown to choose between; more are found by writing more.
MOST_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some lines of a register, by code."""

    entries: tuple[Entry, ...]
    #: Code to go on after, or ``None`` at the end.
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of an entry: each column that changed, before and after."""

    at: datetime
    by: str
    columns: Mapping[str, tuple[Any, Any]]


def day_of(at: datetime) -> date:
    """Return the day that a moment falls on in Sweden."""
    return at.astimezone(STOCKHOLM).date()


def is_register(name: str) -> bool:
    """Tell whether there is a register of that name."""
    return name in Register.values


def is_closed(register: Register) -> bool:
    """Tell whether registrars alone read a register."""
    return register in CLOSED


def unit_kinds() -> dict[str, str]:
    """Return the kinds of units in words, by code."""
    return {code: str(label) for code, label in UnitKind.choices}


def register_named(name: str) -> Register:
    """Return the register that a form or an address names. Raises ``UnknownEntry``."""
    try:
        return Register(name)
    except ValueError as error:
        raise UnknownEntry(f"no register is called `{name[:40]}`; one of {', '.join(Register.values)}") from error


def _entries(register: Register) -> QuerySet[Entry]:
    # Which table it is, is only known now.
    rows: QuerySet[Any] = TABLES[register]._default_manager.order_by("code")
    if register is Register.SUPERVISED_UNIT:
        rows = rows.select_related("provider", "municipality", "principal")
    return rows


def _printable(text: str) -> str:
    """Return a text from an address as a database takes it: no code or name holds what cannot be printed."""
    return "".join(filter(str.isprintable, text))


def find(register: Register, code: str) -> Entry | None:
    """Return the entry with a code, in force or not, or ``None``."""
    return _entries(register).filter(pk=_printable(code)).first()


def unit(code: str) -> SupervisedUnit | None:
    """Return the supervised unit with its provider, municipality and principal, or ``None``."""
    return SupervisedUnit.objects.select_related("provider", "municipality", "principal").filter(pk=code).first()


def municipalities() -> list[str]:
    """Return the codes of the municipalities, in force or not."""
    rows = Principal.objects.filter(kind=PrincipalKind.MUNICIPALITY).order_by("code")
    return list(rows.values_list("code", flat=True))


def units(codes: Iterable[str]) -> list[SupervisedUnit]:
    """Return the supervised units with some codes, by code."""
    return list(SupervisedUnit.objects.filter(pk__in=set(codes)).order_by("code"))


def homes_for_children(*, on: date) -> list[str]:
    """Return the codes of the units in force on a day that receive children and young (R-85)."""
    units = SupervisedUnit.objects.filter(receives_children=True, active_from__lte=on).exclude(active_to__lte=on)
    return list(units.order_by("code").values_list("code", flat=True))


def entry(register: Register, code: str) -> Entry:
    """Return the entry with a code. Raises ``UnknownEntry``."""
    found = find(register, code)
    if found is None:
        raise UnknownEntry(f"the register {register} has no entry `{code[:40]}`")
    return found


def units_of(owner: Entry) -> tuple[SupervisedUnit, ...]:
    """Return the first units that a provider runs or a principal answers for, by code."""
    owns = {Register.PROVIDER: "provider", Register.PRINCIPAL: "principal"}.get(owner.REGISTER)
    rows = SupervisedUnit.objects.filter(**{owns: owner.code}) if owns else SupervisedUnit.objects.none()
    return tuple(rows.order_by("code")[:PAGE_SIZE])


def labels(register: Register, codes: Iterable[str]) -> dict[str, str]:
    """Return what the entries with some codes are called, by code."""
    return {row.code: row.label for row in _entries(register).filter(pk__in=set(codes))}


def _matching(register: Register, text: str) -> QuerySet[Entry]:
    rows = _entries(register)
    for word in _printable(text).casefold().split()[:8]:
        rows = rows.filter(folded__contains=word)
    return rows


def search(register: Register, text: str, *, on: date, limit: int = MOST_SUGGESTIONS) -> list[Entry]:
    """Return the first entries in force whose code or name holds every word; none for no words."""
    if not _printable(text).strip():
        return []
    rows = _matching(register, text).filter(active_from__lte=on).exclude(active_to__lte=on)
    return list(rows[:limit])


def page(register: Register, *, text: str = "", after: str = "") -> Page:
    """Return a page of a register, whoever is in force, after a code."""
    rows = list(_matching(register, text).filter(code__gt=_printable(after))[: PAGE_SIZE + 1])
    shown = tuple(rows[:PAGE_SIZE])
    return Page(entries=shown, more=shown[-1].code if len(rows) > PAGE_SIZE else None)


def ties(person: uuid.UUID, parties: Collection[str]) -> QuerySet[StaffTie]:
    """Return how a person of the authority is tied to some parties, whenever (R-06)."""
    code = Person.objects.filter(pk=person).values("code")
    return StaffTie.objects.filter(staff_code__in=code, party__in=list(parties)).order_by("code")


def counts(*, closed: bool = False) -> dict[Register, int]:
    """Return how many entries each register has; ``closed`` takes in those that registrars alone read."""
    return {
        register: table._default_manager.count()
        for register, table in TABLES.items()
        if closed or register not in CLOSED
    }


def waiting_files(register: Register) -> list[RegisterFile]:
    """Return the files that have been checked and neither imported nor thrown away, oldest first."""
    rows = RegisterFile.objects.filter(register=register, imported_at__isnull=True).select_related("by")
    return list(rows.defer("text").order_by("checked_at", "id"))


def problems(register: Register, codes: Iterable[str], *, at: datetime) -> dict[str, str]:
    """Say of each code that cannot be chosen at a moment why not."""
    wanted, on = set(codes), day_of(at)
    found = TABLES[register]._default_manager.in_bulk(wanted)
    said = dict.fromkeys(wanted - set(found), "is not in the register; search for the name and choose from the list")
    ended = "is not in force on that day; choose another from the register"
    return said | {code: ended for code, row in found.items() if not row.is_active(on)}


def history(register: Register, code: str) -> list[Change]:
    """Return how an entry has changed, newest first."""
    rows = RegisterChange.objects.filter(register=register, code=code).select_related("file__by").order_by("-at", "-id")
    return [_change(row) for row in rows]


def _change(row: RegisterChange) -> Change:
    before, after = json.loads(row.before), json.loads(row.after)
    columns = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    return Change(at=row.at, by=row.file.by.display_name, columns=columns)
