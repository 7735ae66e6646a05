"""What is wrong with a form, in the order of the page: the list above it and the place each line leads to."""

from __future__ import annotations

from django import forms
from django.forms.boundfield import BoundField


class Explained(forms.Form):
    """A form that can say everything that is wrong with it."""

    def problems(self) -> list[tuple[str, str]]:
        """The id of the field and the message of each error; an error of the whole form leads nowhere."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for name in self.fields:
            found += self.problems_of(name)
        return found

    def problems_of(self, name: str) -> list[tuple[str, str]]:
        """The same for one field."""
        bound = self[name]
        return [(_first_id(bound), f"{bound.label}: {message}") for message in bound.errors]


def _first_id(bound: BoundField) -> str:
    """The element that an error link moves to: the first choice of a group, else the field."""
    identifier = bound.auto_id
    return f"{identifier}_0" if isinstance(bound.field.widget, forms.RadioSelect) else identifier
