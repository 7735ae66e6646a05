"""The Django form of one process step, built anew for each request from the step's description."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from workflow_app.web.forms.errors import UnknownField
from workflow_app.web.forms.fields import IsoDateField, SafeTextField, SwedishDecimalField, swedish_number
from workflow_app.web.forms.problems import Explained
from workflow_app.web.forms.schema import RESERVED, Choice, Component, FormSchema

SHORT_TEXT = 500
LONG_TEXT = 50_000
#: A list of choices longer than this is shown as a drop-down by the model's author, never by us.
_EMPTY_CHOICE = ("", _("Choose"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the template draws: a component with its bound field, or with its parts."""

    component: Component
    hidden: bool
    field: BoundField | None = None
    parts: tuple[Part, ...] = ()
    #: The value in words, for a field that cannot be changed here.
    shown_value: str = ""

    @property
    def anchor(self) -> str:
        return f"part-{self.component.id}"


class StepForm(Explained):
    """A step's form. Hidden parts are neither required nor read; unknown fields refuse the request."""

    def __init__(
        self,
        schema: FormSchema,
        *,
        data: QueryDict | None = None,
        files: Collection[str] = (),
        initial: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Raise ``UnknownField`` when ``data`` carries a name the form does not have, or ``files`` any at all."""
        self.schema = schema
        self.facts = dict(facts or {})
        start = {part.key: part.default for part in schema.fields() if part.default is not None}
        super().__init__(data, initial={**start, **(initial or {})}, auto_id="id_%s")
        for part in schema.fields():
            if not part.readonly:
                self.fields[part.key] = _field(part, self.facts)
        if data is not None:
            unknown = sorted({*data, *files} - set(self.fields) - RESERVED) or sorted(files)
            if unknown:
                raise UnknownField(form=schema.id, names=tuple(unknown))
        self.hidden_ids = self._hidden()
        for part in schema.fields():
            if part.id in self.hidden_ids:
                self.fields.pop(part.key, None)

    @classmethod
    def received(cls, schema: FormSchema, *, data: QueryDict, **more: Any) -> tuple[StepForm, UnknownField | None]:
        """Return the form with what was sent to it, and the refusal when more was sent than it has."""
        try:
            return cls(schema, data=data, **more), None
        except UnknownField as refusal:
            known = data.copy()
            for name in refusal.names:
                known.pop(name, None)
            return cls(schema, data=known, **{**more, "files": ()}), refusal

    @classmethod
    def half_written(cls, schema: FormSchema, *, data: QueryDict, facts: Mapping[str, Any] | None = None) -> StepForm:
        """Return the form as it stands while somebody is writing: what comes and goes is known, nothing is judged."""
        blank = cls(schema, facts=facts)
        written = {
            part.key: _field(part, blank.facts).widget.value_from_datadict(data, {}, part.key)
            for part in schema.fields()
            if not part.readonly
        }
        return cls(schema, initial=written, facts=facts)

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values as FEEL values; an unanswered field is ``None``, a read-only one keeps its fact."""
        kept = {part.key: self.facts.get(part.key) for part in self.schema.fields() if part.readonly}
        answered = {key: value if value not in ("", []) else None for key, value in self.cleaned_data.items()}
        return {**kept, **answered}

    def take_problems(self, problems: Mapping[str, str]) -> None:
        """Show what a service found wrong beside the fields it concerns."""
        for key, text in problems.items():
            self.add_error(key if key in self.fields else None, text)

    def parts(self) -> tuple[Part, ...]:
        """The form as the page draws it, hidden parts included so that they can be shown in place."""
        return tuple(self._part(component) for component in self.schema.components)

    def conditional_parts(self) -> Iterator[Part]:
        """The parts that come and go with the answers, wherever they stand."""
        return (part for part in _walk(self.parts()) if part.component.hide is not None)

    @property
    def shown_ids(self) -> str:
        """The ids of conditional parts on the page, for the page to send back with the next answer."""
        return " ".join(part.component.id for part in self.conditional_parts() if not part.hidden)

    def _part(self, component: Component) -> Part:
        return Part(
            component=component,
            hidden=component.id in self.hidden_ids,
            field=self[component.key] if component.key in self.fields else None,
            parts=tuple(self._part(child) for child in component.children),
            shown_value=self._shown(component) if component.readonly else "",
        )

    def _shown(self, component: Component) -> str:
        value = self.initial.get(component.key, self.facts.get(component.key))
        labels = {choice.value: choice.label for choice in _choices(component, self.facts)}
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(value, Decimal | int):
            return swedish_number(Decimal(value))
        if isinstance(value, list | tuple):
            return ", ".join(labels.get(str(item), str(item)) for item in value)
        return labels.get(str(value), str(value))

    def _hidden(self) -> frozenset[str]:
        """Ids of parts whose condition holds, and of everything inside them."""
        scope = {**self.facts, **self._answers()}
        hidden: set[str] = set()

        def visit(components: Sequence[Component], *, inside: bool) -> None:
            for component in components:
                away = inside or (component.hide is not None and component.hide.evaluate(scope) is True)
                if away:
                    hidden.add(component.id)
                visit(component.children, inside=away)

        visit(self.schema.components, inside=False)
        return frozenset(hidden)

    def _answers(self) -> dict[str, Any]:
        """What has been answered so far; what cannot be read counts as unanswered."""
        answers: dict[str, Any] = {}
        for name, field in self.fields.items():
            if self.is_bound:
                raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            else:
                raw = self.get_initial_for_field(field, name)
            try:
                value = field.to_python(raw)
            except ValidationError:
                value = None
            answers[name] = value if value not in ("", []) else None
        return answers


def _walk(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _walk(part.parts)


def _choices(component: Component, facts: Mapping[str, Any]) -> tuple[Choice, ...]:
    if not component.choices_from:
        return component.choices
    offered = facts.get(component.choices_from) or ()
    return tuple(
        Choice(value=str(item.get("value")), label=str(item.get("label", item.get("value"))))
        if isinstance(item, Mapping)
        else Choice(value=str(item), label=str(item))
        for item in offered
    )


def _field(part: Component, facts: Mapping[str, Any]) -> forms.Field:
    shared: dict[str, Any] = {
        "label": part.label,
        "help_text": part.description,
        "required": part.required,
    }
    pairs = [(choice.value, choice.label) for choice in _choices(part, facts)]
    match part.type:
        case "textfield":
            return SafeTextField(**shared, min_length=part.min_length, max_length=part.max_length or SHORT_TEXT)
        case "textarea":
            return SafeTextField(
                **shared,
                min_length=part.min_length,
                max_length=part.max_length or LONG_TEXT,
                widget=forms.Textarea(attrs={"rows": 6}),
            )
        case "number":
            return SwedishDecimalField(
                **shared,
                min_value=part.min_value,
                max_value=part.max_value,
                decimals=part.decimals,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        case "date":
            return IsoDateField(**shared)
        case "checkbox":
            return forms.BooleanField(**shared)
        case "radio":
            return forms.ChoiceField(**shared, choices=pairs, widget=forms.RadioSelect)
        case "select":
            return forms.ChoiceField(**shared, choices=[_EMPTY_CHOICE, *pairs])
        case _:
            return forms.MultipleChoiceField(**shared, choices=pairs, widget=forms.CheckboxSelectMultiple)
