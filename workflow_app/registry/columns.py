"""What the file of each register holds: its columns, and how a cell becomes a value.

The headings are Swedish, as the registrars' spreadsheets are; codes of kinds are those of ``models``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflow_app.registry.models import CLOSED, PrincipalKind, Profession, Register, TieKind, UnitKind

_CODES = {
    Register.SUPERVISED_UNIT: (r"ENH-\d{6}", "ENH-000417"),
    Register.PROVIDER: (r"UTF-\d{5}", "UTF-00031"),
    Register.PRINCIPAL: (r"KOM-\d{3}|REG-\d{2}", "KOM-112"),
    Register.LICENSED_PERSON: (r"LEG-\d{6}", "LEG-000204"),
    Register.STAFF_TIE: (r"KNY-\d{6}", "KNY-000001"),
}
_STAFF = re.compile(r"[A-Z]{1,8}(?:-[A-Z]?\d{1,3}|-[A-Z])?")
_YES_NO = {"ja": True, "nej": False}
#: Ten digits with or without century and dash: a personal or organisation number has no place in a register.
_NUMBER = re.compile(r"(?:\d{2})?\d{6}[-+ ]?\d{4}")


class CellRefused(ValueError):
    """The cell cannot be read; the message says why, in the reader's language."""


Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file."""

    #: Its heading in the file.
    heading: str
    #: The field of the entry that it is.
    field: str
    read: Read
    required: bool = True
    #: The register that the cell's code is looked up in.
    refers_to: Register | None = None

    def value(self, cell: str) -> Any:
        """Return what the cell means. Raises ``CellRefused``."""
        if not cell:
            if self.required:
                raise CellRefused(_("must be filled in"))
            return None
        return self.read(cell)


def _code(register: Register, *, only: str = "") -> Read:
    pattern, example = _CODES[register]

    def read(cell: str) -> str:
        if not re.fullmatch(pattern, cell) or not cell.startswith(only):
            raise CellRefused(
                _("`%(cell)s` is no code; write for example %(example)s") % {"cell": cell, "example": example}
            )
        return cell

    return read


def _name(cell: str) -> str:
    if len(cell) > 120:
        raise CellRefused(
            _("is %(length)s characters long; at most %(most)s are allowed") % {"length": len(cell), "most": 120}
        )
    if _NUMBER.search(cell):
        raise CellRefused(_("holds something like a personal number; a register holds none"))
    return cell


def _staff(cell: str) -> str:
    if not _STAFF.fullmatch(cell):
        raise CellRefused(
            _("`%(cell)s` is no code; write for example %(example)s") % {"cell": cell, "example": "INSP-017"}
        )
    return cell


def _party(cell: str) -> str:
    patterns = [pattern for register, (pattern, _example) in _CODES.items() if register not in CLOSED]
    if not any(re.fullmatch(pattern, cell) for pattern in patterns):
        raise CellRefused(
            _("`%(cell)s` is no code; write for example %(example)s") % {"cell": cell, "example": "UTF-00031"}
        )
    return cell


def _choice(values: list[str]) -> Read:
    def read(cell: str) -> str:
        if cell not in values:
            raise CellRefused(
                _("`%(cell)s` is none of the choices: %(choices)s") % {"cell": cell, "choices": ", ".join(values)}
            )
        return cell

    return read


def _yes_no(cell: str) -> bool:
    try:
        return _YES_NO[cell.casefold()]
    except KeyError as error:
        raise CellRefused(_("`%(cell)s` is neither ja nor nej") % {"cell": cell}) from error


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell if len(cell) == 10 else "")
    except ValueError as error:
        raise CellRefused(_("`%(cell)s` is no day; write for example 2026-03-01") % {"cell": cell}) from error


def _all(register: Register, *own: Column) -> tuple[Column, ...]:
    return (
        Column(heading="kod", field="code", read=_code(register)),
        *own,
        Column(heading="verksam_fran", field="active_from", read=_day),
        Column(heading="verksam_till", field="active_to", read=_day, required=False),
    )


_NAME = Column(heading="namn", field="name", read=_name)

COLUMNS: Mapping[Register, tuple[Column, ...]] = {
    Register.SUPERVISED_UNIT: _all(
        Register.SUPERVISED_UNIT,
        _NAME,
        Column(heading="slag", field="kind", read=_choice(UnitKind.values)),
        Column(heading="tar_emot_barn", field="receives_children", read=_yes_no),
        Column(
            heading="utforare",
            field="provider_id",
            read=_code(Register.PROVIDER),
            refers_to=Register.PROVIDER,
        ),
        Column(
            heading="kommun",
            field="municipality_id",
            read=_code(Register.PRINCIPAL, only="KOM-"),
            refers_to=Register.PRINCIPAL,
        ),
        Column(
            heading="huvudman",
            field="principal_id",
            read=_code(Register.PRINCIPAL),
            required=False,
            refers_to=Register.PRINCIPAL,
        ),
    ),
    Register.PROVIDER: _all(Register.PROVIDER, _NAME),
    Register.PRINCIPAL: _all(
        Register.PRINCIPAL, _NAME, Column(heading="slag", field="kind", read=_choice(PrincipalKind.values))
    ),
    Register.LICENSED_PERSON: _all(
        Register.LICENSED_PERSON, Column(heading="yrke", field="profession", read=_choice(Profession.values))
    ),
    Register.STAFF_TIE: _all(
        Register.STAFF_TIE,
        Column(heading="person", field="staff_code", read=_staff),
        Column(heading="part", field="party", read=_party),
        Column(heading="slag", field="kind", read=_choice(TieKind.values)),
    ),
}
