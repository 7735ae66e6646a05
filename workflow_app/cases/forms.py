"""The forms of the steps as stored (form-js schema), and the check that filled-in values must pass.

The web renders and parses; this is the last word, whatever door a value came in by.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from delegation.feel import Expression, parse_expression
from workflow_app.cases.errors import FormRefused, Problem
from workflow_app.engine.forms import ROWS

LONGEST_TEXT = 100_000
#: Rows in a list, and characters in all its rows together.
MOST_ROWS = 1_000
LONGEST_LIST = 400_000
#: A step without a form accepts no field at all.
NONE = '{"components": []}'
#: The field by which a step settles a disagreement (domain 3.5).
RESOLUTION = "resolution"
#: In the place of a register: the answer is the number of a case (`"properties": {"case": true}`).
CASES = "CASE"
_PRESENTATION = frozenset({"text", "group", "separator", "spacer", "html"})
#: Bidirectional controls can make a text read as something else than what is stored.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input of a form; ``inner`` are the inputs of each row where it is a list of rows."""

    key: str
    kind: str
    label: str
    required: bool
    choices: tuple[str, ...]
    #: The list fact that the choices are, where the case decides them.
    choices_from: str
    minimum: Decimal | None
    maximum: Decimal | None
    max_length: int
    decimals: int | None
    hidden_when: Expression | None
    #: The register whose codes are the only answers, or ``CASES``; empty for free text.
    register: str = ""
    #: Whose name the answer is (``SealedName.Kind``): a pseudonym is kept in its place (R-74); empty for other fields.
    sealed: str = ""
    inner: tuple[Field, ...] = ()
    min_rows: int = 0
    max_rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Form:
    """The inputs of a form, in order."""

    fields: tuple[Field, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the inputs."""
        return frozenset(field.key for field in self.fields)

    def clean(self, values: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values to store: every field of the form, ``None`` where hidden or empty.

        A list of rows keeps its order; a row in which nothing is answered is left out. Raises ``FormRefused``
        naming every field that does not hold (``list.row.field`` in a list): unknown, missing, of the wrong type,
        too long, outside its limits or holding characters that no text has.
        """
        cleaned, problems = _cleaned(self.fields, values, facts)
        if problems:
            raise FormRefused(problems)
        return cleaned

    def picked(self, values: Mapping[str, Any], cleaned: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Return the codes that were picked from each register, by place (``list.row.field`` in a list)."""
        found: dict[str, dict[str, str]] = {}
        for field in self.fields:
            if cleaned[field.key] is None:
                continue
            if field.register:
                found.setdefault(field.register, {})[field.key] = cleaned[field.key]
            if field.kind != ROWS:
                continue
            answered = [(number, row) for number, row in enumerate(values[field.key], start=1) if not _is_blank(row)]
            for (number, row), kept in zip(answered, cleaned[field.key], strict=True):
                for register, places in Form(field.inner).picked(row, kept).items():
                    inner = {f"{field.key}.{number}.{place}": code for place, code in places.items()}
                    found.setdefault(register, {}).update(inner)
        return found


def _cleaned(
    fields: tuple[Field, ...], values: Mapping[str, Any], scope: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    known = {field.key for field in fields}
    problems = {str(key)[:80]: "the form has no such field" for key in values if key not in known}
    cleaned: dict[str, Any] = dict.fromkeys(field.key for field in fields)
    seen = {**scope, **cleaned, **values}
    for field in fields:
        if field.hidden_when is not None and field.hidden_when.evaluate(seen) is True:
            continue
        value = _empty_as_none(values.get(field.key))
        if field.kind == ROWS and value is not None:
            value, found = _cleaned_rows(field, value, seen)
            problems |= {".".join(filter(None, (field.key, place))): problem for place, problem in found.items()}
        elif problem := _problem(field, value, seen):
            problems[field.key] = problem
        cleaned[field.key] = value
    return cleaned, problems


def _cleaned_rows(
    field: Field, value: Any, scope: Mapping[str, Any]
) -> tuple[list[dict[str, Any]] | None, dict[str, str]]:
    """Return the rows in which something is answered, and what is wrong by place; "" is the list itself."""
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return None, {"": "must be a list of rows"}
    if len(value) > MOST_ROWS:
        return None, {"": Problem("may have at most %(most)s rows", most=field.max_rows)}
    rows: list[dict[str, Any]] = []
    problems: dict[str, str] = {}
    for number, row in enumerate(value, start=1):
        if _is_blank(row):
            continue
        cleaned, found = _cleaned(field.inner, row, scope)
        rows.append(cleaned)
        problems |= {f"{number}.{key}": problem for key, problem in found.items()}
    length = sum(len(answer) for row in rows for answer in row.values() if isinstance(answer, str))
    if not rows:
        problems |= {"": "must be filled in"} if field.required else {}
    elif len(rows) < field.min_rows:
        problems[""] = Problem("needs at least %(least)s rows", least=field.min_rows)
    elif len(rows) > field.max_rows:
        problems[""] = Problem("may have at most %(most)s rows", most=field.max_rows)
    elif length > LONGEST_LIST:
        problems[""] = too_long(length, LONGEST_LIST)
    return rows or None, problems


def _is_blank(row: Mapping[str, Any]) -> bool:
    return all(_empty_as_none(answer) is None or answer is False for answer in row.values())


def _empty_as_none(value: Any) -> Any:
    return None if value == "" or value == [] else value


def too_long(length: int, most: int) -> Problem:
    """Say that something is longer than it may be."""
    return Problem("is %(length)s characters long; at most %(most)s are allowed", length=length, most=most)


def text_problem(text: str) -> str:
    """Say what makes a text unfit to be stored, or return an empty string."""
    if len(text) > LONGEST_TEXT:
        return too_long(len(text), LONGEST_TEXT)
    for character in text:
        if character in "\n\r\t":
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cs"} or character in _BIDI:
            return Problem("holds a character that no text has (%(name)s); remove it", name=f"U+{ord(character):04X}")
    return ""


def _problem(field: Field, value: Any, scope: Mapping[str, Any]) -> str:
    if value is None:
        return "must be filled in" if field.required else ""
    if field.choices_from:
        field = replace(field, choices=tuple(scope.get(field.choices_from) or ()))
    return _CHECKS.get(field.kind, _check_text)(field, value)


def _check_text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        return "must be a text"
    if len(value) > field.max_length:
        return too_long(len(value), field.max_length)
    return text_problem(value)


def _check_number(field: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, Decimal | int) or not Decimal(value).is_finite():
        return "must be a number"
    if field.minimum is not None and value < field.minimum:
        return Problem("must be at least %(least)s", least=field.minimum)
    if field.maximum is not None and value > field.maximum:
        return Problem("must be at most %(most)s", most=field.maximum)
    exponent = Decimal(value).as_tuple().exponent
    if field.decimals is not None and isinstance(exponent, int) and -exponent > field.decimals:
        return Problem("may have at most %(most)s decimals", most=field.decimals)
    return "" if abs(Decimal(value)) < Decimal("1e12") else "is too large"


def _check_date(field: Field, value: Any) -> str:
    return "" if type(value) is date else "must be a date"


def _check_yes_no(field: Field, value: Any) -> str:
    if not isinstance(value, bool):
        return "must be yes or no"
    return "must be ticked" if field.required and not value else ""


def _check_choice(field: Field, value: Any) -> str:
    return "" if value in field.choices else "is not one of the choices"


def _check_choices(field: Field, value: Any) -> str:
    if not isinstance(value, list) or any(item not in field.choices for item in value):
        return "holds something that is not one of the choices"
    return ""


_CHECKS = {
    "number": _check_number,
    "datetime": _check_date,
    "checkbox": _check_yes_no,
    "radio": _check_choice,
    "select": _check_choice,
    "checklist": _check_choices,
}


def _components(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for component in schema.get("components", ()):
        if component["type"] in _PRESENTATION:
            yield from _components(component)
        else:
            yield component


def _field(component: Mapping[str, Any]) -> Field:
    rules = component.get("validate", {})
    hide = component.get("conditional", {}).get("hide")
    rows = component["type"] == ROWS
    more: dict[str, Any] = {}
    if rows:
        limits = component.get("properties", {})
        # A string is what the form editor writes.
        least = int(limits.get("minRows", 0))
        more = {
            "inner": tuple(_field(part) for part in _components(component)),
            "min_rows": least,
            "max_rows": min(int(limits.get("maxRows", MOST_ROWS)), MOST_ROWS),
        }
        rules = {"required": least > 0, **rules}
    decimals = component.get("decimalDigits")
    properties = component.get("properties", {})
    return Field(
        key=component["path" if rows else "key"],
        kind=component["type"],
        label=component.get("label", ""),
        required=bool(rules.get("required")),
        choices=tuple(choice["value"] for choice in component.get("values", ())),
        choices_from=component.get("valuesKey", ""),
        minimum=None if rules.get("min") is None else Decimal(str(rules["min"])),
        maximum=None if rules.get("max") is None else Decimal(str(rules["max"])),
        max_length=int(rules.get("maxLength", LONGEST_TEXT)),
        decimals=None if decimals is None else int(decimals),
        hidden_when=parse_expression(hide.removeprefix("=")) if hide else None,
        register=CASES if properties.get("case") else properties.get("register", ""),
        sealed=properties.get("sealed", ""),
        **more,
    )


@lru_cache(maxsize=512)
def parse(schema: str) -> Form:
    """Return the form that a form-js schema describes."""
    return Form(tuple(_field(component) for component in _components(json.loads(schema))))
