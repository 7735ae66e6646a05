"""Values of a case in the Swedish of its letters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import translation

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.engine import selectors as engine
from workflow_app.registry.models import UnitKind

_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
)
#: Keeps the digits of a number, and a sum and its unit, on one line.
NO_BREAK = "\u00a0"


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


def said(value: Any, labels: Mapping[str, str]) -> str | None:
    """Return a value in words; ``labels`` are what the form says for the codes of its choices.

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
        return ", ".join(filter(None, (said(part, labels) for part in value.values()))) or None
    if isinstance(value, list | tuple):
        rows = [text for part in value if (text := said(part, labels))]
        lines = any(isinstance(part, Mapping) for part in value)
        return ("\n" if lines else ", ").join(rows) or None
    return labels.get(str(value), str(value))


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
def labels(definition: UUID) -> Mapping[str, Mapping[str, str]]:
    """Return what the forms of a process version say for each code, by field."""
    with translation.override("sv"):
        found: dict[str, dict[str, str]] = {"unit_type": {kind.value: str(kind.label) for kind in UnitKind}}
    for name, text in engine.files(definition).items():
        if name.endswith(".json"):
            for key, choices in _choices(json.loads(text).get("components", ())):
                found.setdefault(key, {}).update(choices)
    return found


def _choices(components: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, str]]]:
    for part in components:
        key = part.get("path") if part.get("type") == "dynamiclist" else part.get("key")
        inner = list(_choices(part.get("components", [])))
        yield from inner
        if key and inner:
            # A row says its fields one after the other, so the list knows the codes of them all.
            yield key, {code: label for _, choices in inner for code, label in choices.items()}
        if key and part.get("values"):
            yield key, {str(choice["value"]): str(choice["label"]) for choice in part["values"]}
