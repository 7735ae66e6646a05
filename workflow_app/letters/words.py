"""Values of a case in the Swedish of its letters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import translation

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import reminders
from workflow_app.engine import selectors as engine
from workflow_app.registry.models import UnitKind

_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
)
#: Keeps the digits of a number, and a sum and its unit, on one line.
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Form:
    """What the forms of a process version say of a field."""

    #: What each code of its choices is called; of a list of rows, the codes of all the row's fields.
    labels: dict[str, str] = field(default_factory=dict)
    #: The fields of a row, in the order of the form.
    columns: tuple[str, ...] = ()


#: What is said of a field that no form has.
NO_FORM = Form()


def day(value: date) -> str:
    """Return a day as it is written in a letter: 22 november 2026."""
    on = value.astimezone(STOCKHOLM).date() if isinstance(value, datetime) else value
    return f"{on.day}{NO_BREAK}{_MONTHS[on.month - 1]}{NO_BREAK}{on.year}"


def number(value: Decimal | int) -> str:
    """Return a number as it is written in Swedish: 77 500 and 2,5."""
    return f"{value:,f}".replace(",", NO_BREAK).replace(".", ",")


def sum_of_money(value: Decimal | None) -> str | None:
    """Return an amount in kronor; öre only where there are any."""
    if value is None:
        return None
    return f"{number(value.to_integral_value() if value == value.to_integral_value() else value)}{NO_BREAK}kronor"


def said(value: Any, form: Form = NO_FORM) -> str | None:
    """Return a value in words, a row's fields in the order of the form.

    ``None`` for what says nothing. The rows of a list are lines.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, Decimal | int):
        return number(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        known = [name for name in form.columns if name in value]
        names = [*known, *(name for name in value if name not in known)]
        return ", ".join(filter(None, (said(value[name], form) for name in names))) or None
    if isinstance(value, list | tuple):
        rows = [text for part in value if (text := said(part, form))]
        lines = any(isinstance(part, Mapping) for part in value)
        return ("\n" if lines else ", ").join(rows) or None
    return form.labels.get(str(value), str(value))


def plain(value: Any) -> Any:
    """Return a value as JSON has it: a template chooses by it and does not print it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


@lru_cache(maxsize=64)
def forms(definition: UUID) -> Mapping[str, Form]:
    """Return what the forms of a process version say, by field."""
    with translation.override("sv"):
        found = {
            "unit_type": Form({kind.value: str(kind.label) for kind in UnitKind}),
            reminders.BOARD_CASES: Form(columns=reminders.CASE_COLUMNS),
        }
    for name, text in engine.files(definition).items():
        if name.endswith(".json"):
            for key, form in _fields(json.loads(text).get("components", ())):
                known = found.get(key, NO_FORM)
                columns = dict.fromkeys([*known.columns, *form.columns])
                found[key] = Form({**known.labels, **form.labels}, tuple(columns))
    return found


def _fields(components: list[dict[str, Any]]) -> Iterator[tuple[str, Form]]:
    for part in components:
        inner = list(_fields(part.get("components", [])))
        if part.get("type") == "dynamiclist":
            # A row says its fields one after the other, so the list knows the codes of them all.
            codes = {code: label for _, form in inner for code, label in form.labels.items()}
            yield part["path"], Form(codes, tuple(key for key, _ in inner))
        yield from inner
        if part.get("key"):
            yield part["key"], Form({str(choice["value"]): str(choice["label"]) for choice in part.get("values", ())})
