"""A form as somebody filled it in, held against its description and against the registers its fields pick from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from workflow_app.cases import forms
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.models import Case
from workflow_app.registry import selectors as registry


def clean(schema: str | None, values: Mapping[str, Any], facts: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the values to store. Raises ``FormRefused`` naming every field that does not hold.

    A step without a form accepts no field; a code from a register must be that of an entry in force at ``at``, and the
    number of a case that of one that exists.
    """
    form = forms.parse(schema or forms.NONE)
    cleaned = form.clean(values, facts)
    problems: dict[str, str] = {}
    for register, places in form.picked(values, cleaned).items():
        if register == forms.CASES:
            found = _unknown_cases(places.values())
        else:
            found = registry.problems(registry.register_named(register), places.values(), at=at)
        problems |= {place: found[code] for place, code in places.items() if code in found}
    if problems:
        raise FormRefused(problems)
    return cleaned


def _unknown_cases(numbers: Collection[str]) -> dict[str, str]:
    """Return what is wrong with the numbers that no case has."""
    known = set(Case.objects.filter(case_number__in=set(numbers)).values_list("case_number", flat=True))
    return {number: "is not the number of any case" for number in numbers if number not in known}
