"""A form as somebody filled it in, held against its description and against the registers its fields pick from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflow_app.cases import forms
from workflow_app.cases.errors import FormRefused
from workflow_app.registry import selectors as registry


def clean(schema: str | None, values: Mapping[str, Any], facts: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the values to store. Raises ``FormRefused`` naming every field that does not hold.

    A step without a form accepts no field; a code from a register must be that of an entry in force at ``at``.
    """
    form = forms.parse(schema or forms.NONE)
    cleaned = form.clean(values, facts)
    problems: dict[str, str] = {}
    for register, places in form.picked(values, cleaned).items():
        found = registry.problems(registry.register_named(register), places.values(), at=at)
        problems |= {place: found[code] for place, code in places.items() if code in found}
    if problems:
        raise FormRefused(problems)
    return cleaned
