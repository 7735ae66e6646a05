"""A decision model as an immutable tree: what the XML said, with line numbers, and nothing evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from delegation.dmn.errors import UnknownElement


class HitPolicy(StrEnum):
    """How many rules may match, and which answer counts (DMN 8.2.8)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(StrEnum):
    """What COLLECT makes of the collected answers."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


class FunctionKind(StrEnum):
    """In which language a function's body is written; only FEEL is ever evaluated."""

    FEEL = "FEEL"
    JAVA = "Java"
    PMML = "PMML"


class Quantifier(StrEnum):
    """The two boxed quantified expressions."""

    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A piece of FEEL text: a literal expression or the unary tests of a cell."""

    text: str
    id: str | None = None
    type_ref: str | None = None
    #: ``None`` means FEEL.
    language: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """One input column of a decision table."""

    id: str | None
    label: str | None
    expression: Text
    values: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """One output column of a decision table."""

    id: str | None
    name: str | None
    label: str | None
    type_ref: str | None
    values: Text | None = None
    default: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One row of a decision table as written."""

    id: str
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    annotations: tuple[str, ...] = ()
    description: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLogic:
    """A decision table as written."""

    id: str | None
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    annotations: tuple[str, ...]
    rules: tuple[RuleRow, ...]
    output_label: str | None = None
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationItem:
    """A named value: a variable, parameter or relation column."""

    name: str
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """One line of a boxed context; without a variable it is the context's result."""

    variable: InformationItem | None
    value: Logic | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLogic:
    """A boxed context."""

    entries: tuple[ContextEntry, ...]
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One argument of a boxed invocation."""

    parameter: InformationItem
    value: Logic | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvocationLogic:
    """A boxed invocation of a function by name."""

    function: Logic | None
    bindings: tuple[Binding, ...]
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionLogic:
    """A boxed function definition."""

    kind: FunctionKind
    parameters: tuple[InformationItem, ...]
    body: Logic | None
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLogic:
    """A boxed relation: a list of contexts with the same keys."""

    columns: tuple[InformationItem, ...]
    rows: tuple[tuple[Logic, ...], ...]
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLogic:
    """A boxed list."""

    items: tuple[Logic, ...]
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalLogic:
    """A boxed if, then and else."""

    condition: Logic | None
    then: Logic | None
    otherwise: Logic | None
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLogic:
    """A boxed filter: the elements of a list that match."""

    source: Logic | None
    match: Logic | None
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForLogic:
    """A boxed iteration: one result for each element of a list."""

    variable: str
    source: Logic | None
    source_type: str | None
    result: Logic | None
    type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantifiedLogic:
    """A boxed ``some`` or ``every``."""

    quantifier: Quantifier
    variable: str
    source: Logic | None
    source_type: str | None
    satisfies: Logic | None
    type_ref: str | None = None
    line: int | None = None


Logic = (
    Text
    | TableLogic
    | ContextLogic
    | InvocationLogic
    | FunctionLogic
    | RelationLogic
    | ListLogic
    | ConditionalLogic
    | FilterLogic
    | ForLogic
    | QuantifiedLogic
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A declared type; components and functions may be nested."""

    name: str
    type_ref: str | None = None
    is_collection: bool = False
    #: Restricts the value, or for a collection each of its elements.
    allowed_values: Text | None = None
    #: Restricts the value as a whole, also when it is a collection.
    type_constraint: Text | None = None
    components: tuple[ItemDefinition, ...] = ()
    #: Parameters of a function type; ``None`` when the type is not a function.
    parameters: tuple[InformationItem, ...] | None = None
    result_type_ref: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A pointer at an element: ``#id`` in the same model, or ``namespace#id``."""

    id: str
    namespace: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """A value that comes from outside the model."""

    id: str | None
    name: str
    variable: InformationItem
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision with its logic and what it requires."""

    id: str | None
    name: str
    variable: InformationItem
    required_inputs: tuple[Reference, ...] = ()
    required_decisions: tuple[Reference, ...] = ()
    required_knowledge: tuple[Reference, ...] = ()
    logic: Logic | None = None
    question: str | None = None
    allowed_answers: str | None = None
    description: str | None = None
    line: int | None = None

    @property
    def table(self) -> TableLogic:
        """Return the decision's table; raises ``UnknownElement`` when its logic is something else."""
        if isinstance(self.logic, TableLogic):
            return self.logic
        raise UnknownElement(f"decision `{self.name}` has no decision table", line=self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeModel:
    """A business knowledge model: a named function."""

    id: str | None
    name: str
    variable: InformationItem
    function: FunctionLogic | None
    required_knowledge: tuple[Reference, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """A part of the graph that may be called as a function."""

    id: str | None
    name: str
    variable: InformationItem
    output_decisions: tuple[Reference, ...] = ()
    encapsulated_decisions: tuple[Reference, ...] = ()
    input_decisions: tuple[Reference, ...] = ()
    input_data: tuple[Reference, ...] = ()
    line: int | None = None


Element = InputData | Decision | KnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model whose elements are reached as ``name.element``; an empty name brings them in as they are."""

    name: str
    namespace: str
    import_type: str
    location: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Everything one DMN file declares."""

    id: str | None
    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge_models: tuple[KnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()
    #: Default expression language; ``None`` means FEEL.
    language: str | None = None
    _by_id: dict[str, Element] = field(default_factory=dict, repr=False, compare=False)

    def elements(self) -> Iterator[Element]:
        """Go through every element that others may refer to."""
        yield from self.inputs
        yield from self.decisions
        yield from self.knowledge_models
        yield from self.services

    def element(self, id: str) -> Element:
        """Return the element with this id; raises ``UnknownElement``."""
        if not self._by_id:
            self._by_id.update({element.id: element for element in self.elements() if element.id})
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownElement(f"model `{self.name}` has no element with id `{id}`") from None

    def decision(self, name_or_id: str) -> Decision:
        """Return the decision with this name or id; raises ``UnknownElement``."""
        for decision in self.decisions:
            if name_or_id in (decision.name, decision.id):
                return decision
        raise UnknownElement(f"model `{self.name}` has no decision `{name_or_id}`")

    def service(self, name_or_id: str) -> DecisionService:
        """Return the decision service with this name or id; raises ``UnknownElement``."""
        for service in self.services:
            if name_or_id in (service.name, service.id):
                return service
        raise UnknownElement(f"model `{self.name}` has no decision service `{name_or_id}`")
