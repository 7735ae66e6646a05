"""The Django form of one process step, built anew for each request from the step's description."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict

from workflow_app.web.forms.errors import UnknownField
from workflow_app.web.forms.inputs import field_of, in_words
from workflow_app.web.forms.problems import Explained
from workflow_app.web.forms.rows import RowChange, Rows, count_in, row_prefix
from workflow_app.web.forms.schema import RESERVED, Component, FormSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the template draws: a component with its bound field, with its parts or with its rows."""

    component: Component
    #: The component's id, with its row where it stands in one.
    id: str
    hidden: bool
    field: BoundField | None = None
    parts: tuple[Part, ...] = ()
    list: Rows | None = None
    rows: tuple[tuple[Part, ...], ...] = ()
    #: The value in words, for a field that cannot be changed here.
    shown_value: str = ""

    @property
    def anchor(self) -> str:
        return f"part-{self.id}"

    @property
    def inside(self) -> Iterator[Part]:
        """The parts that stand in this one."""
        yield from self.parts
        for row in self.rows:
            yield from row


class StepForm(Explained):
    """A step's form, or a row of a list in one.

    Hidden parts are neither required nor read; unknown fields refuse the request.
    """

    def __init__(
        self,
        schema: FormSchema,
        *,
        data: QueryDict | None = None,
        files: Collection[str] = (),
        initial: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
        row: str | None = None,
        changed: RowChange | None = None,
    ) -> None:
        """Raise ``UnknownField`` when ``data`` carries a name the form does not have, or ``files`` any at all.

        ``row`` is what the names begin with in a row, which may be left blank; ``changed`` is what a button has
        just done to a list.
        """
        self.schema = schema
        self.facts = dict(facts or {})
        start = {part.key: part.default for part in schema.fields() if part.default is not None}
        super().__init__(
            data,
            initial={**start, **(initial or {})},
            auto_id="id_%s",
            prefix=row,
            empty_permitted=row is not None,
            use_required_attribute=row is None,
        )
        for part in schema.fields():
            if not part.readonly and not part.is_rows:
                self.fields[part.key] = field_of(part, self.facts)
        scope = {**self.facts, **self._field_answers()}
        self.rows = {part.key: self._rows(part, scope, changed) for part in schema.fields() if part.is_rows}
        #: Every name that the form may send, hidden parts included.
        self.names = frozenset(map(self.add_prefix, self.fields)).union(*(rows.names for rows in self.rows.values()))
        if data is not None and row is None:
            uncounted = {rows.count_name for rows in self.rows.values() if count_in(data, rows.part) is None}
            unknown = sorted({*data, *files} - self.names - RESERVED | uncounted) or sorted(files)
            if unknown:
                raise UnknownField(form=schema.id, names=tuple(unknown))
        self.hidden_ids = self._hidden()
        for part in schema.fields():
            if part.id in self.hidden_ids:
                self.fields.pop(part.key, None)
                self.rows.pop(part.key, None)

    @classmethod
    def received(
        cls, schema: FormSchema, *, data: QueryDict, files: Collection[str], facts: Mapping[str, Any]
    ) -> tuple[StepForm, UnknownField | None]:
        """Return the form with what was sent to it, and the refusal when more was sent than it has."""
        try:
            return cls(schema, data=data, files=files, facts=facts), None
        except UnknownField as refusal:
            return cls.half_written(schema, data=data, facts=facts), refusal

    @classmethod
    def half_written(
        cls, schema: FormSchema, *, data: QueryDict, facts: Mapping[str, Any] | None = None, button: str = ""
    ) -> StepForm:
        """Return the form as it stands while somebody is writing: what comes and goes is known, nothing is judged.

        ``button`` is the value of one that adds or removes a row. Raises ``UnknownField`` for a row that there is
        not, or that there is no room for.
        """
        written = _typed(schema, data, facts or {})
        change = RowChange.read(button, form=schema.id) if button else None
        if change:
            part = next((part for part in schema.fields() if part.is_rows and part.key == change.key), None)
            if part is None or not change.apply(written, part):
                raise UnknownField(form=schema.id, names=(button,))
        return cls(schema, initial=written, facts=facts, changed=change)

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values as FEEL values; an unanswered field is ``None``, a read-only one keeps its fact."""
        kept = {part.key: self.facts.get(part.key) for part in self.schema.fields() if part.readonly}
        answered = {key: value if value not in ("", []) else None for key, value in self.cleaned_data.items()}
        return {**kept, **answered, **{key: rows.values for key, rows in self.rows.items()}}

    def clean(self) -> dict[str, Any]:
        for rows in self.rows.values():
            rows.check()
        return self.cleaned_data

    def is_valid(self) -> bool:
        """Whether every field and every row holds."""
        # Both are asked, so that every problem is shown at once.
        return all([super().is_valid(), *(rows.are_valid for rows in self.rows.values())])

    def take_problems(self, problems: Mapping[str, str]) -> None:
        """Show what a service found wrong beside the fields it concerns."""
        for place, text in problems.items():
            key, _dot, rest = place.partition(".")
            if key in self.rows:
                self.rows[key].take_problem(rest, text)
            else:
                self.add_error(place if place in self.fields else None, text)

    def problems(self) -> list[tuple[str, str]]:
        """The id of the field and the message of each error, in the order of the page."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for part in self.schema.fields():
            if part.key in self.fields:
                found += self.problems_of(part.key)
            elif part.key in self.rows:
                found += self.rows[part.key].problems()
        return found

    def parts(self) -> tuple[Part, ...]:
        """The form as the page draws it, hidden parts included so that they can be shown in place."""
        return tuple(self._part(component) for component in self.schema.components)

    def changed(self, shown: Collection[str]) -> Iterator[Part]:
        """The parts to draw anew on a page that shows the conditional parts ``shown``: those that came, went or
        gained or lost a row."""

        def visit(parts: Iterator[Part]) -> Iterator[Part]:
            for part in parts:
                moved = part.component.hide is not None and part.hidden == (part.id in shown)
                if moved or (part.list is not None and part.list.changed is not None):
                    yield part
                else:
                    yield from visit(part.inside)

        return visit(iter(self.parts()))

    @property
    def shown_ids(self) -> str:
        """The ids of conditional parts on the page, for the page to send back with the next answer."""
        return " ".join(part.id for part in _walk(self.parts()) if part.component.hide is not None and not part.hidden)

    @property
    def is_begun(self) -> bool:
        """Whether anything stands in the form beside what it begins with for everybody."""
        start = {part.key: part.default for part in self.schema.fields()}
        return any(value and value != start.get(key) for key, value in self.answers().items())

    def answers(self) -> dict[str, Any]:
        """What has been answered so far; what cannot be read counts as unanswered."""
        return {**self._field_answers(), **{key: rows.answers for key, rows in self.rows.items()}}

    def _rows(self, part: Component, scope: Mapping[str, Any], changed: RowChange | None) -> Rows:
        given: Sequence[Mapping[str, Any]] = self.initial.get(part.key) or self._begun(part)
        data = self.data if isinstance(self.data, QueryDict) else None
        count = max(count_in(data, part) or 1 if data is not None else len(given), part.min_rows, 1)
        forms = tuple(
            StepForm(
                part.inner,
                data=data,
                initial=given[place] if place < len(given) and data is None else None,
                facts=scope,
                row=row_prefix(part, place),
            )
            for place in range(count)
        )
        focus = None
        if changed is not None and changed.key == part.key:
            focus = -1 if changed.remove is not None else len(forms) - 1
        return Rows(part=part, forms=forms, changed=focus)

    def _begun(self, part: Component) -> list[dict[str, Any]]:
        keys = [field.key for field in part.inner.fields()]
        return [{key: row.get(key) for key in keys} for row in self.facts.get(part.rows_from) or ()]

    def _part(self, component: Component) -> Part:
        rows = self.rows.get(component.key) if component.is_rows else None
        return Part(
            component=component,
            id=self.add_prefix(component.id),
            hidden=component.id in self.hidden_ids,
            field=self[component.key] if component.key in self.fields else None,
            parts=() if component.is_rows else tuple(self._part(child) for child in component.children),
            list=rows,
            rows=tuple(form.parts() for form in rows.forms) if rows else (),
            shown_value=self._shown(component) if component.readonly else "",
        )

    def _shown(self, component: Component) -> str:
        return in_words(component, self.initial.get(component.key, self.facts.get(component.key)), self.facts)

    def _hidden(self) -> frozenset[str]:
        """Ids of parts whose condition holds, and of everything inside them."""
        scope = {**self.facts, **self.answers()}
        hidden: set[str] = set()

        def visit(components: Sequence[Component], *, inside: bool) -> None:
            for component in components:
                away = inside or (component.hide is not None and component.hide.evaluate(scope) is True)
                if away:
                    hidden.add(component.id)
                if not component.is_rows:
                    visit(component.children, inside=away)

        visit(self.schema.components, inside=False)
        return frozenset(hidden)

    def _field_answers(self) -> dict[str, Any]:
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


def _typed(schema: FormSchema, data: QueryDict, facts: Mapping[str, Any], row: str = "") -> dict[str, Any]:
    """Return what stands in each field, read by nobody yet."""
    typed: dict[str, Any] = {}
    for part in schema.fields():
        if part.is_rows:
            places = range(count_in(data, part) or 0)
            typed[part.key] = [_typed(part.inner, data, facts, row_prefix(part, place)) for place in places]
        elif not part.readonly:
            name = f"{row}-{part.key}" if row else part.key
            typed[part.key] = field_of(part, facts).widget.value_from_datadict(data, {}, name)
    return typed


def _walk(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _walk(tuple(part.inside))
