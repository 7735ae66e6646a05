"""Read a form-js description into an immutable form, and refuse what Beredd cannot render.

The description is data from a deployed model: an unknown component type, a key used twice or a condition
that does not parse is a defect of the model, named with the form and the component.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from delegation.feel import parse_expression
from delegation.feel.errors import FeelSyntaxError
from workflow_app.engine.forms import ROWS
from workflow_app.registry import selectors as registry
from workflow_app.web.forms.errors import FormDescriptionError

#: Component types that hold a value, and those that only structure the page.
FIELD_TYPES = frozenset(
    {"textfield", "textarea", "number", "datetime", "date", "checkbox", "radio", "select", "checklist", ROWS}
)
LAYOUT_TYPES = frozenset({"text", "group", "separator", "spacer"})
CHOICE_TYPES = frozenset({"radio", "select", "checklist"})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
#: Rows that a list is shown with at most, whatever its description says.
MOST_ROWS = 200
#: Names the page itself posts; no form may use them.
RESERVED = frozenset({"csrfmiddlewaretoken", "key", "revision", "shown", "next", "rows", "draft", "draft_revision"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that may be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of a form: a field, a text or a group of parts."""

    id: str
    type: str
    #: Name of the value; empty for texts and groups.
    key: str = ""
    label: str = ""
    description: str = ""
    #: Body of a ``text`` component.
    text: str = ""
    required: bool = False
    readonly: bool = False
    default: Any = None
    min_length: int | None = None
    max_length: int | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    decimals: int | None = None
    choices: tuple[Choice, ...] = ()
    #: Name of the fact that holds the choices, where the case decides them.
    choices_from: str | None = None
    suffix: str = ""
    #: Name of the register that the answer is a code of.
    register: str = ""
    #: FEEL that hides the part while it is true.
    hide: Any = None
    children: tuple[Component, ...] = ()
    #: Of a list of rows, whose ``children`` are the parts of each row.
    min_rows: int = 0
    max_rows: int = MOST_ROWS
    #: Name of the list in the case whose rows a new one begins with, so that each is answered to.
    rows_from: str = ""

    @property
    def is_rows(self) -> bool:
        return self.type == ROWS

    @property
    def moves(self) -> bool:
        """Whether the page draws it anew in its place while the form is being filled in."""
        return self.hide is not None or self.is_rows

    @property
    def inner(self) -> FormSchema:
        """The form that each row of a list is."""
        return FormSchema(id=self.id, components=self.children)

    @property
    def is_field(self) -> bool:
        return self.type in FIELD_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSchema:
    """A whole form, as its parts from top to bottom."""

    id: str
    components: tuple[Component, ...]

    def walk(self) -> Iterator[Component]:
        """Every part, parents before their children; what is inside a list of rows is the list's own."""
        yield from _walk(self.components)

    def fields(self) -> tuple[Component, ...]:
        """The parts that hold a value."""
        return tuple(part for part in self.walk() if part.is_field)

    @property
    def is_conditional(self) -> bool:
        return any(part.hide is not None or (part.is_rows and part.inner.is_conditional) for part in self.walk())


def read_schema(description: Mapping[str, Any]) -> FormSchema:
    """Turn a form-js description into a form.

    Raises ``FormDescriptionError`` naming the component at fault.
    """
    form = str(description.get("id") or "form")
    parts = tuple(_component(form, raw, path=str(n)) for n, raw in enumerate(_parts(form, description), start=1))
    schema = FormSchema(id=form, components=parts)
    _refuse_doubles(form, schema.fields())
    return schema


def _refuse_doubles(form: str, fields: Iterable[Component]) -> None:
    seen: set[str] = set()
    for part in fields:
        if part.key in seen:
            raise FormDescriptionError(form=form, component=part.id, reason=f"the key `{part.key}` is used twice")
        seen.add(part.key)


def _walk(parts: tuple[Component, ...]) -> Iterator[Component]:
    for part in parts:
        yield part
        if not part.is_rows:
            yield from _walk(part.children)


def _parts(form: str, holder: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parts = holder.get("components", [])
    if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts):
        raise FormDescriptionError(
            form=form, component=str(holder.get("id", form)), reason="`components` must be a list of objects"
        )
    return parts


def _component(form: str, raw: Mapping[str, Any], *, path: str) -> Component:
    kind = str(raw.get("type", ""))
    name = str(raw.get("id") or raw.get("key") or raw.get("path") or path)

    def refuse(reason: str) -> FormDescriptionError:
        return FormDescriptionError(form=form, component=name, reason=reason)

    if kind not in FIELD_TYPES | LAYOUT_TYPES:
        raise refuse(f"unknown type `{kind}`")
    if kind == "datetime" and raw.get("subtype", "date") != "date":
        raise refuse("only the subtype `date` of `datetime` is supported")
    key = str(raw.get("path" if kind == ROWS else "key", "")) if kind in FIELD_TYPES else ""
    if kind in FIELD_TYPES and (not _KEY.fullmatch(key) or key in RESERVED):
        raise refuse(f"`{key}` cannot be a key; use small letters, digits and underscores")
    validate = raw.get("validate") or {}
    if validate.get("pattern"):
        # A pattern from a model can take exponential time on a long answer.
        raise refuse("`pattern` is not supported; say in the description how to write")
    try:
        min_length, max_length = _whole(validate.get("minLength")), _whole(validate.get("maxLength"))
        min_value, max_value = _number(validate.get("min")), _number(validate.get("max"))
        decimals = _whole(raw.get("decimalDigits"))
        limits = raw.get("properties") or {}
        min_rows, max_rows = _whole(limits.get("minRows")) or 0, _whole(limits.get("maxRows")) or MOST_ROWS
    except (InvalidOperation, ValueError) as error:
        raise refuse("a limit in `validate` or `properties` is no number") from error
    choices = tuple(_choice(item) for item in raw.get("values") or ())
    choices_from = raw.get("valuesKey") or None
    if kind in CHOICE_TYPES and not choices and not choices_from:
        raise refuse("a choice needs `values` or `valuesKey`")
    children = tuple(_component(form, child, path=f"{path}.{n}") for n, child in enumerate(_parts(form, raw), start=1))
    if kind == ROWS:
        inner = FormSchema(id=form, components=children).fields()
        _refuse_doubles(form, inner)
        if not inner or any(part.is_rows or part.readonly for part in inner):
            raise refuse("a list of rows needs fields, and no list among them")
    return Component(
        id=name,
        type="date" if kind == "datetime" else kind,
        key=key,
        label=str(raw.get("dateLabel") or raw.get("label") or ""),
        description=str(raw.get("description") or ""),
        text=str(raw.get("text") or ""),
        required=bool(validate.get("required", min_rows > 0)),
        readonly=bool(raw.get("readonly") or raw.get("disabled")),
        default=raw.get("defaultValue"),
        choices=choices,
        choices_from=choices_from,
        suffix=str((raw.get("appearance") or {}).get("suffixAdorner") or ""),
        register=_register(raw, refuse),
        hide=_condition(raw, refuse),
        children=children,
        min_rows=min_rows,
        max_rows=min(max_rows, MOST_ROWS),
        rows_from=str(limits.get("rowsFrom") or ""),
        min_length=min_length,
        max_length=max_length,
        min_value=min_value,
        max_value=max_value,
        decimals=decimals,
    )


def _register(raw: Mapping[str, Any], refuse: Any) -> str:
    name = str((raw.get("properties") or {}).get("register") or "")
    if name and (raw["type"] != "textfield" or not registry.is_register(name)):
        raise refuse(f"`{name}` is no register, or the field no `textfield`")
    return name


def _condition(raw: Mapping[str, Any], refuse: Any) -> Any:
    text = (raw.get("conditional") or {}).get("hide")
    if not text:
        return None
    try:
        return parse_expression(str(text).lstrip().removeprefix("="))
    except FeelSyntaxError as error:
        raise refuse(f"the condition `{text}` is not FEEL: {error}") from error


def _choice(item: Any) -> Choice:
    if isinstance(item, Mapping):
        value = str(item.get("value", ""))
        return Choice(value=value, label=str(item.get("label") or value))
    return Choice(value=str(item), label=str(item))


def _whole(value: Any) -> int | None:
    return None if value is None or value == "" else int(value)


def _number(value: Any) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))
