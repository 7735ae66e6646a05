"""The Django field for one part of a form, and a value of it in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow_app.web.forms.fields import IsoDateField, SafeTextField, SwedishDecimalField, swedish_number
from workflow_app.web.forms.schema import Choice, Component

SHORT_TEXT = 500
LONG_TEXT = 50_000
_EMPTY_CHOICE = ("", _("Choose"))


def choices_of(component: Component, facts: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Return what may be chosen: fixed in the form, or found in the case."""
    if not component.choices_from:
        return component.choices
    offered = facts.get(component.choices_from) or ()
    return tuple(
        Choice(value=str(item.get("value")), label=str(item.get("label", item.get("value"))))
        if isinstance(item, Mapping)
        else Choice(value=str(item), label=str(item))
        for item in offered
    )


def field_of(part: Component, facts: Mapping[str, Any]) -> forms.Field:
    """Return the field that reads an answer."""
    shared: dict[str, Any] = {
        "label": part.label,
        "help_text": part.description,
        "required": part.required,
    }
    pairs = [(choice.value, choice.label) for choice in choices_of(part, facts)]
    match part.type:
        case "textfield":
            # The page has a list of its own to choose a register's entry from.
            attrs = {"autocomplete": "off", "spellcheck": "false"} if part.register else {}
            return SafeTextField(
                **shared,
                min_length=part.min_length,
                max_length=part.max_length or SHORT_TEXT,
                widget=forms.TextInput(attrs=attrs),
            )
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
            return forms.ChoiceField(
                **shared, choices=[_EMPTY_CHOICE, *pairs], widget=forms.Select(attrs={"lang": "sv"})
            )
        case _:
            return forms.MultipleChoiceField(**shared, choices=pairs, widget=forms.CheckboxSelectMultiple)


def in_words(component: Component, value: Any, facts: Mapping[str, Any]) -> str:
    """Return a value as it is shown where it cannot be changed."""
    labels = {choice.value: choice.label for choice in choices_of(component, facts)}
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, Decimal | int):
        return swedish_number(Decimal(value))
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(str(item), str(item)) for item in value)
    return labels.get(str(value), str(value))
