"""Values of a case with the words they are shown under: labels from the model's own forms, steps from its net."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delegation import vocabulary
from delegation.types import Act
from workflow_app.cases import typed_json
from workflow_app.cases.carried_over import left_over
from workflow_app.cases.second_eyes import Looked
from workflow_app.cases.selectors import CasePage, DecisionView
from workflow_app.cases.services import conflicts, correcting, noting
from workflow_app.engine import selectors as engine
from workflow_app.engine.net import Net
from workflow_app.engine.nodes import Node, NodeKind
from workflow_app.ledger.selectors import Event
from workflow_app.organisation import selectors as organisation
from workflow_app.registry import selectors as registry
from workflow_app.web import words
from workflow_app.web.forms.schema import Component, FormSchema, read_schema

#: Facts that the house computes for the net; the page shows them where they belong, not in the list of facts.
COMPUTED = frozenset(
    {
        "appealable",
        "children",
        "children_outcomes",
        "controls_after",
        "cross_checked",
        "decided_type",
        "decision_outcome",
        "decision_type",
        "disagreement",
        "escalated",
        "escalation_step",
        "found_by_the_house",
        "four_eyes_required",
        "joint_participants",
        "joint_preparation_required",
        "jurist_required",
        "jurist_role",
        "licensed_person_id",
        "lowest_role",
        "medical_required",
        "opinion_outcome",
        "municipality_id",
        "presentation_outcome",
        "principal_id",
        "proposed_answers",
        "provider_id",
        "rapporteur_required",
        "resolver_role",
        "returned",
        "review_outcome",
        "rule",
        "unit_id",
        "source_case",
    }
)
#: Facts that registered operations find, and no form asks for.
FOUND = {
    "earlier_cases": gettext_lazy("Other cases about the same"),
    "cases_of_unit": gettext_lazy("Like cases about the unit in a while"),
    "cases_of_provider": gettext_lazy("Like cases about the provider in a while"),
    "cases_of_principal": gettext_lazy("Like cases about the principal in a while"),
    "recent_plan": gettext_lazy("The unit has had a plan in the last 24 months"),
    "unit_pattern": gettext_lazy("Pattern of cases about the unit"),
    "unit_name": gettext_lazy("Unit"),
    "unit_type": gettext_lazy("Kind of unit"),
    "provider_name": gettext_lazy("Provider"),
    "principal_name": gettext_lazy("Municipality or region"),
    "receives_children": gettext_lazy("Receives children"),
    "appeal_deadline": gettext_lazy("Last day to appeal"),
    "appeal_instruction": gettext_lazy("Appeal instruction enclosed"),
    "notified_on": gettext_lazy("Notified on"),
    "communicated_on": gettext_lazy("Communicated on"),
    "answer_by": gettext_lazy("To be answered by"),
}
#: Answers of the last step that are shown with the act they belong to.
OF_ONE_ACT = frozenset({"outcome", "comment", "position", "reason_primary", "reason_secondary"})
#: What a person waits or acts in; the rest of a net is wiring.
SHOWN_KINDS = frozenset({NodeKind.USER, NodeKind.MESSAGE, NodeKind.TIMER, NodeKind.SUBPROCESS, NodeKind.CALL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A value under its label."""

    key: str
    label: str
    value: Any
    #: What is answered in each row, where it is a list of rows of a form.
    rows: tuple[tuple[Labelled, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FormWords:
    """Labels of keys, and labels of the choices of keys, gathered from every form of a model.

    The key of a field in a row is ``list.field``.
    """

    labels: Mapping[str, str]
    choices: Mapping[tuple[str, str], str]

    def label(self, key: str) -> str:
        """Return the label of a field or fact; a key that no form asks for is itself."""
        fact = vocabulary.FACTS.get(key)
        return self.labels.get(key) or (fact.label if fact else str(FOUND.get(key, key)))

    def shown(self, key: str, value: Any) -> Any:
        """Return a value with the labels of its choices in place of their codes."""
        if isinstance(value, list | tuple):
            return [self.shown(key, item) for item in value]
        if key == "unit_type" and (key, value) not in self.choices:
            return registry.unit_kinds().get(value, value)
        return self.choices.get((key, value), value) if isinstance(value, str) else value

    def labelled(
        self, values: Mapping[str, Any], *, order: Iterable[str] = (), leave_out: Iterable[str] = ()
    ) -> tuple[Labelled, ...]:
        """Return the answered values in the order of one form, or else of all."""
        away = frozenset(leave_out)
        order = {key: place for place, key in enumerate(dict.fromkeys([*order, *self.labels]))}
        answered = [key for key, value in values.items() if value not in (None, "", []) and key not in away]
        answered.sort(key=lambda key: (order.get(key, len(order)), key))
        return tuple(self._labelled(key, values[key]) for key in answered)

    def _labelled(self, key: str, value: Any) -> Labelled:
        rows = value if isinstance(value, list) and f"{key}." in self.labels else ()
        return Labelled(
            key=key,
            label=self.label(key),
            value=self.shown(key, value),
            rows=tuple(filter(None, (self._row(key, row) for row in rows if isinstance(row, Mapping)))),
        )

    def _row(self, key: str, row: Mapping[str, Any]) -> tuple[Labelled, ...]:
        """Return what holds in a row, in the order of its form; a box that nobody has ticked says nothing."""
        values = {f"{key}.{name}": value for name, value in row.items() if value not in (None, "", [], False)}
        return tuple(
            Labelled(key=inner, label=label, value=self.shown(inner, values[inner]))
            for inner, label in self.labels.items()
            if inner in values
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Answered values, with what was answered no kept apart: a page says what holds first."""

    told: tuple[Labelled, ...]
    denied: tuple[Labelled, ...]


def said(values: Iterable[Labelled]) -> Said:
    """Part what holds from what does not."""
    told = tuple(row for row in values if row.value is not False)
    return Said(told=told, denied=tuple(row for row in values if row.value is False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What was registered in one step of the process; without a name, what no form asks for."""

    step: str
    said: Said


#: Shown in the heading of a proposal.
IN_HEADING = frozenset({"decision_type", "amount"})


def _forms(files: Mapping[str, str], nodes: Iterable[Node]) -> Iterator[tuple[Node, str, list[str]]]:
    """Yield the steps that have a form, with it and the keys of its fields; a form that steps share comes once."""
    seen: set[str] = set()
    for node in nodes:
        if (text := _form_of(files, node)) and text not in seen:
            seen.add(text)
            yield node, text, [part.key for part in schema_of(text).fields()]


def _form_of(files: Mapping[str, str], node: Node) -> str:
    """Return the form of a step; a case type's own goes before the shared one. Empty for none."""
    name = f"forms/{node.step.form}.json" if node.step and node.step.form else ""
    return files.get(name) or files.get(f"shared/{name}") or ""


def proposal(values: Mapping[str, Any], *, files: Mapping[str, str], net: Net) -> Said:
    """Return a proposal in the words and the order of the form it was written in."""
    written = [text for node, text, keys in _forms(files, net.nodes) if set(keys) == set(values)]
    return said(form_words(files, first=written[0] if written else "").labelled(values, leave_out=IN_HEADING))


def registered(
    values: Mapping[str, Any], *, files: Mapping[str, str], nodes: Iterable[Node], leave_out: Iterable[str]
) -> tuple[Registered, ...]:
    """Return facts under the steps that have been done and asked for them, in the order of the process."""
    told = set(leave_out)
    found = []
    for node, text, keys in _forms(files, nodes):
        mine = {key: values.get(key) for key in keys if key not in told}
        if rows := form_words(files, first=text).labelled(mine):
            found.append(Registered(step=node.name, said=said(rows)))
        told.update(keys)
    if rest := form_words(files).labelled(values, leave_out=told):
        found.append(Registered(step="", said=said(rest)))
    return tuple(found)


def carried_over(page: CasePage) -> tuple[str, Said] | None:
    """Return the number of the case that a case came from and what fits no field of it, in the words it had there."""
    left = left_over(page.case, page.facts)
    rows = form_words(engine.files(left.source_definition)).labelled(left.values, leave_out=COMPUTED) if left else ()
    if left is None or not rows:
        return None
    return (str(_("another case")) if left.source_number in page.hidden else left.source_number, said(rows))


@lru_cache(maxsize=256)
def schema_of(description: str) -> FormSchema:
    """Return the form that a stored description is. Raises ``FormDescriptionError``."""
    return read_schema(json.loads(description))


def form_words(files: Mapping[str, str], *, first: str = "") -> FormWords:
    """Return the words of every form among a model's files; those of one form go before the others'."""
    every = tuple(text for name, text in sorted(files.items()) if name.endswith(".json"))
    return _form_words((first, *every) if first else every)


@lru_cache(maxsize=256)
def _form_words(descriptions: tuple[str, ...]) -> FormWords:
    labels: dict[str, str] = {}
    choices: dict[tuple[str, str], str] = {}
    for description in descriptions:
        for key, part in _keyed(schema_of(description)):
            labels.setdefault(key, part.label)
            for choice in part.choices:
                choices.setdefault((key, choice.value), choice.label)
    return FormWords(labels, choices)


def _keyed(schema: FormSchema) -> Iterator[tuple[str, Component]]:
    for part in schema.fields():
        yield part.key, part
        if part.is_rows:
            # The list itself, so that it is known to be one of ours.
            yield f"{part.key}.", part
            for inner in part.inner.fields():
                yield f"{part.key}.{inner.key}", inner


@dataclass(slots=True, kw_only=True)
class Step:
    """One line of the process as a list."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    waits_for: str = ""
    here: bool = False
    done: bool = False
    steps: list[Step] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the case stands in it or somewhere inside it."""
        return self.here or any(step.is_open for step in self.steps)

    @property
    def is_begun(self) -> bool:
        """Whether anything in it has been done."""
        return self.done or any(step.is_begun for step in self.steps)


def steps(net: Net, *, here: Iterable[str], done: Iterable[str]) -> list[Step]:
    """Return the process as a list of steps, with the steps of a part inside the part."""
    now, past = frozenset(here), frozenset(done)
    found: dict[str, Step] = {}
    top: list[Step] = []
    for node in net.nodes:
        if node.kind not in SHOWN_KINDS or not node.name:
            continue
        step = Step(
            id=node.id,
            name=node.name,
            roles=tuple(node.step.roles) if node.step else (),
            waits_for=_waits_for(node),
            here=node.id in now,
            done=node.id in past,
        )
        found[node.id] = step
        holder = found.get(node.parent) if node.parent else None
        (holder.steps if holder else top).append(step)
    return top


def _waits_for(node: Node) -> str:
    if node.kind is NodeKind.TIMER:
        return _("waits for a point in time")
    return _("waits for something to arrive") if node.kind is NodeKind.MESSAGE and node.step is None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One act of the preparation, with the words that belong to it."""

    act: str
    role: str
    at: datetime
    person_name: str
    answer: str
    outcome: str
    forum: str
    joint_code: str
    returned: bool
    reason_primary: str
    #: Codes separated by spaces.
    reason_secondary: str
    #: False for an act on an earlier version of the proposal.
    in_force: bool
    comment: str
    answers: tuple[Labelled, ...]
    #: How a review was made; nothing for other acts (R-23).
    looked: Looked | None = None


#: Acts that the preparation of a proposal consists of; handling steps have their values among the facts.
PREPARATION = frozenset({Act.REVIEW, Act.CONSULT, Act.ANSWER, Act.PRESENT})


def preparation(page: CasePage, files: Mapping[str, str], net: Net) -> tuple[Prepared, ...]:
    """Return what reviewers, jurists and participants have said, oldest first.

    What is said about a person's conflict of interest, or a correction, belongs to the page about it.
    """
    in_force = page.case.proposal.content_hash if page.case.proposal else ""
    here = [net.node(act.node) for act in page.acts if act.node in net]
    texts = {node.id: _form_of(files, node) for node in here}
    found = []
    for act in page.acts:
        if (act.act not in PREPARATION and not act.returned) or act.node == conflicts.NODE:
            continue
        if act.node.startswith(correcting.NODE):
            continue
        fields = typed_json.loads(act.fields)
        said = (fields.get("position"), fields.get("comment"), fields.get("reasons"), fields.get("memo"))
        found.append(
            Prepared(
                act=act.act,
                looked=page.looked.get(act.pk),
                role=act.role,
                at=act.at,
                person_name=act.person.display_name,
                answer=act.answer,
                outcome=act.outcome,
                forum=act.forum,
                joint_code=act.joint_code,
                returned=act.returned,
                reason_primary=act.reason_primary,
                reason_secondary=act.reason_secondary,
                in_force=act.proposal_hash == in_force,
                comment="\n\n".join(str(text) for text in said if text),
                answers=form_words(files, first=texts.get(act.node, "")).labelled(
                    fields, leave_out={"outcome", "position", "comment", "reasons", "memo", *OF_ONE_ACT}
                ),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What somebody has said that bears on the case (FL 27 §, R-72)."""

    information: str
    source: str
    given_at: datetime
    noted_by: str
    noted_at: datetime


def oral(page: CasePage) -> tuple[Heard, ...]:
    """Return what has been said in the case and noted, oldest first (R-72)."""
    return tuple(
        Heard(noted_by=act.person.display_name, noted_at=act.at, **typed_json.loads(act.fields))
        for act in page.acts
        if act.node == noting.NODE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry of the ledger in words."""

    event: Event
    person_name: str
    step: str
    details: tuple[str, ...]

    @property
    def tone(self) -> str:
        """How the entry is marked beside its words."""
        return "bad" if self.event.kind in {"ACT_REFUSED", "RETURNED_FOR_PREPARATION"} else ""


def timeline(page: CasePage, net: Net) -> tuple[Happening, ...]:
    """Return the case's ledger, newest first."""
    items = {str(act.work_item_id): act.node for act in page.acts if act.work_item_id}
    found = []
    for event in reversed(page.timeline):
        node = event.data.get("node") or items.get(str(event.data.get("item")), "")
        found.append(
            Happening(
                event=event,
                person_name=page.names.get(event.person, ""),
                step=net.node(node).name if node and node in net else "",
                details=_details(event.data),
            )
        )
    return tuple(found)


def _details(data: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    for key in ("act", "decision_type", "answer", "outcome", "reason", "channel"):
        if data.get(key):
            found.append(words.of(str(data[key])))
    if data.get("rule"):
        found.append(str(data["rule"]))
    found += [bar.partition(":")[2] for bar in data.get("bars") or ()]
    return tuple(dict.fromkeys(found))


def diagram(page: CasePage, files: Mapping[str, str], *, passed: Iterable[str]) -> dict[str, Any]:
    """Return what the drawn diagram needs: the model, where the case stands, what it has passed."""
    return {
        "xml": files.get("process.bpmn", ""),
        "title": _("The process of case %(number)s. The list beside it says the same.")
        % {"number": page.case.case_number},
        "here": [{"node": node, "note": _("Here now")} for node in page.stands_at],
        "passed": sorted(passed),
        "labels": {
            "zoom_in": _("Zoom in"),
            "zoom_out": _("Zoom out"),
            "fit": _("Show everything"),
            "here": _("Here now"),
            "failed": _("The diagram could not be drawn. The list says the same."),
        },
    }


def decision(view: DecisionView) -> dict[str, Any]:
    """Return what the page of a decision shows."""
    row = view.decision
    named = organisation.names([part["person"] for part in view.participants])
    taken = [{"name": named.get(part["person"], ""), "role": part["role"]} for part in view.participants]
    basis = [text for text in row.legal_basis.split("; ") if text]
    return {"view": view, "decision": row, "case": row.case, "participants": taken, "legal_basis": basis}
