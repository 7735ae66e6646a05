"""A list of rows as filled in: every row is a form of its own, and the page adds and removes rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow_app.web.forms.errors import UnknownField
from workflow_app.web.forms.schema import Component

if TYPE_CHECKING:
    from workflow_app.web.forms.step_form import StepForm

#: Name of the button that adds or removes a row; its value says which: ``add:sources``, ``remove:sources:2``.
BUTTON = "rows"


def count_name(part: Component) -> str:
    """Return the name under which a page sends how many rows it shows of a list."""
    return f"{part.key}-rows"


def row_prefix(part: Component, place: int) -> str:
    """Return what the names of a row's fields begin with."""
    return f"{part.key}-{place}"


def count_in(data: Mapping[str, Any], part: Component) -> int | None:
    """Return how many rows were sent; ``None`` when what was sent is no number of rows that a page shows."""
    text = str(data.get(count_name(part), "0"))
    known = text.isdecimal() and len(text) <= 3 and int(text) <= part.max_rows
    return int(text) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row that a button adds to or removes from a list."""

    key: str
    #: Place of the row to remove; ``None`` adds one at the end.
    remove: int | None = None

    @classmethod
    def read(cls, value: str, *, form: str) -> RowChange:
        """Read the value of a button. Raises ``UnknownField``."""
        match value.split(":"):
            case ["add", key]:
                return cls(key=key)
            case ["remove", key, place] if place.isdecimal() and len(place) <= 3:
                return cls(key=key, remove=int(place))
        raise UnknownField(form=form, names=(value,))

    def apply(self, typed: dict[str, Any], part: Component) -> bool:
        """Change the typed rows in place; ``False`` when there is no such row, or no room for another."""
        rows: list[dict[str, Any]] = typed[self.key] or [{}]
        typed[self.key] = rows
        if self.remove is None:
            rows.append({})
            return len(rows) <= part.max_rows
        if self.remove >= len(rows):
            return False
        del rows[self.remove]
        return True


@dataclass(slots=True, kw_only=True)
class Rows:
    """The rows of one list on a page."""

    part: Component
    forms: tuple[StepForm, ...]
    #: The row that has just been added, or -1 when one has been removed: where the page puts its focus.
    changed: int | None = None
    errors: list[str | Promise] = field(default_factory=list)

    @property
    def count_name(self) -> str:
        return count_name(self.part)

    @property
    def has_room(self) -> bool:
        return len(self.forms) < self.part.max_rows

    @property
    def names(self) -> frozenset[str]:
        """Every name that the list sends."""
        return frozenset({self.count_name}).union(*(form.names for form in self.forms))

    @property
    def filled(self) -> list[StepForm]:
        """The rows in which something is answered."""
        return [form for form in self.forms if form.has_changed()]

    @property
    def answers(self) -> list[dict[str, Any]] | None:
        """What has been answered so far, as FEEL values; a row that stands ready to be filled in answers nothing."""
        begun = (form for form in self.forms if form.has_changed() or (not form.is_bound and form.is_begun))
        return [form.answers() for form in begun] or None

    @property
    def values(self) -> list[dict[str, Any]] | None:
        """The cleaned rows; a blank one stands empty, so that every row keeps its number."""
        return [form.values if form.has_changed() else {} for form in self.forms] if self.filled else None

    def check(self) -> None:
        """Find what is wrong with the list as a whole."""
        filled, least, most = len(self.filled), self.part.min_rows, self.part.max_rows
        if self.part.required and not filled:
            self.errors.append(_("Fill in at least one row."))
        elif filled and filled < least:
            self.errors.append(
                ngettext("Fill in at least %(n)s row.", "Fill in at least %(n)s rows.", least) % {"n": least}
            )
        elif filled > most:
            self.errors.append(ngettext("Use at most %(n)s row.", "Use at most %(n)s rows.", most) % {"n": most})

    @property
    def are_valid(self) -> bool:
        return not self.errors and all(form.is_valid() for form in self.forms)

    def problems(self) -> list[tuple[str, str]]:
        """The place and the message of each error, with the row it stands in."""
        found = [(f"id_{self.part.key}", f"{self.part.label}: {error}") for error in self.errors]
        for number, form in enumerate(self.forms, start=1):
            row = _("%(list)s, row %(number)s") % {"list": self.part.label, "number": number}
            found += [(place, f"{row}: {message}") for place, message in form.problems()]
        return found

    def take_problem(self, place: str, text: str) -> None:
        """Show what a service found wrong: with the list, or with ``row.field`` of it."""
        number, _dot, key = place.partition(".")
        if number.isdecimal() and 0 < int(number) <= len(self.forms):
            self.forms[int(number) - 1].take_problems({key: text})
        else:
            self.errors.append(text)
