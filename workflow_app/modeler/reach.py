"""Which rows of the delegation order the models come to, and which decisions of theirs the order does not know.

A model comes to a row when it lets somebody take a decision of a type that the row covers in its case type, and can
state every fact whose default leaves the row aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from delegation.order import DelegationOrder
from delegation.rows import Row, matches
from workflow_app.cases import forms, operations
from workflow_app.cases.acts import RULING
from workflow_app.engine import checking
from workflow_app.engine.net import Net
from workflow_app.engine.vocabulary import Vocabulary
from workflow_app.modeler.errors import UnreadableModel

DECISION_TYPE = "decision_type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A process with the decisions that it lets people take and the facts that its forms ask for."""

    id: str
    case_type: str
    decision_types: frozenset[str]
    facts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One row of the order: the models that come to it, or why none does."""

    row: str
    models: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The order held against the models."""

    rows: tuple[Reached, ...]
    #: ``model: decision type`` that the order has no row for.
    unknown: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Rows that nothing explains, reasons that no longer hold, decisions without a row."""
        return (
            *(f"{row.row}: no model comes to it, and no reason is given" for row in self.rows if not self._said(row)),
            *(f"{row.row}: reached, though a reason says why not" for row in self.rows if row.models and row.reason),
            *(f"{decision}: the order has no such row" for decision in self.unknown),
        )

    @staticmethod
    def _said(row: Reached) -> bool:
        return bool(row.models or row.reason)


def model(files: Mapping[str, bytes]) -> Model:
    """Return what a bundle lets people decide. Raises ``UnreadableModel``."""
    checked = checking.check(files, vocabulary=Vocabulary(operations=frozenset(operations.REGISTRY)))
    if checked.net is None:
        raise UnreadableModel(f"model `{checked.id}` is not sound; run check_models")
    asked = {field.key for text in _forms(files) for field in forms.parse(text).fields}
    return Model(
        id=checked.id,
        case_type=checked.case_type,
        # Whoever declares a circumstance is ruled on beside the steps of any model (DO-004).
        decision_types=frozenset({RULING, *_decision_types(checked.net, files)}),
        facts=frozenset(asked),
    )


def _forms(files: Mapping[str, bytes]) -> Iterator[str]:
    return (data.decode() for name, data in files.items() if name.endswith(".json"))


def _decision_types(net: Net, files: Mapping[str, bytes]) -> Iterator[str]:
    for node in net.nodes:
        step = node.step
        if step is None:
            continue
        if step.decision_type:
            yield step.decision_type
        if step.proposal:
            name = f"forms/{step.form}.json"
            form = forms.parse((files.get(name) or files[f"{checking.SHARED}{name}"]).decode())
            yield from next((field.choices for field in form.fields if field.key == DECISION_TYPE), ())


def reach(order: DelegationOrder, models: Iterable[Model], reasons: Mapping[str, str]) -> Reach:
    """Hold the order against models; ``reasons`` says why a row is come to by none."""
    models = tuple(models)
    found: dict[str, list[str]] = {row.rule_id: [] for row in order.rows}
    unknown = []
    for each in models:
        for decision_type in sorted(each.decision_types):
            rows = order.index.get((each.case_type, decision_type), ())
            if not rows:
                unknown.append(f"{each.id}: {decision_type}")
            for row in rows:
                if each.id not in found[row.rule_id] and _can_be_stated(row, each):
                    found[row.rule_id].append(each.id)
    reached = (
        Reached(row=code, models=tuple(ids), reason=reasons.get(code, "")) for code, ids in sorted(found.items())
    )
    return Reach(rows=tuple(reached), unknown=tuple(unknown))


def _can_be_stated(row: Row, each: Model) -> bool:
    """Tell whether the model's forms ask for every fact whose default leaves the row aside."""
    return all(name in each.facts or matches([(name, cell)], {}, set()) is not False for name, cell in row.conditions)
