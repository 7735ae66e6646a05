"""Evaluate decisions and decision services of a model with everything they require (DMN 10.4).

Logic is compiled to closures once per model; an ``_Evaluation`` holds the values of one run. Whatever goes
wrong inside the logic is FEEL null with a note in the budget, as the standard asks; only a broken requirement
graph or an exhausted budget raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final, TypeAlias

from delegation.dmn import item_types, logic
from delegation.dmn.errors import CyclicRequirement, ModelInvalid, UnknownElement
from delegation.dmn.logic import Evaluate
from delegation.dmn.model import (
    Decision,
    DecisionService,
    Element,
    FunctionKind,
    Import,
    InputData,
    KnowledgeModel,
    Logic,
    Model,
    Reference,
)
from delegation.feel import Budget, FeelError, Value
from delegation.feel.types import FeelType
from delegation.feel.values import Function, adopt

#: How long a chain of required decisions may be; the evaluation is recursive.
MAX_CHAIN: Final = 100
#: The imports that lead from a model to an element of another.
Path: TypeAlias = tuple[Import, ...]
#: How many ways through imports are tried for one reference; models that import crosswise have very many.
MAX_PATHS: Final = 1000


class DecisionGraph:
    """A model, the models it imports, and the compiled logic of both."""

    def __init__(self, model: Model, imported: Iterable[Model] = ()) -> None:
        """Prepare a model; raises ``UnknownElement`` when an imported model is missing or imports in a ring."""
        by_namespace = {other.namespace: other for other in imported}
        by_namespace[model.namespace] = model
        self._unit = _Unit.of(model, by_namespace, {})

    @property
    def model(self) -> Model:
        """Return the model itself."""
        return self._unit.model

    def paths(self, namespace: str) -> list[tuple[str, ...]]:
        """Return the import names on each way to the models with a namespace."""
        ways = islice(self._unit.reachable(), MAX_PATHS)
        return [tuple(step.name for step in path) for path, unit in ways if unit.model.namespace == namespace]

    def evaluate(self, decision: str, inputs: Mapping[str, object], *, budget: Budget | None = None) -> Value:
        """Return the value of a decision, by name or id.

        Inputs of an imported model are given in a mapping under the import's name. Raises ``UnknownElement``
        and ``CyclicRequirement`` for a broken graph, ``BudgetExceeded`` for too much work.
        """
        run = _Evaluation(self._unit, _adopted(inputs), budget or Budget())
        return run.decision(self.model.decision(decision))

    def evaluate_service(self, service: str, inputs: Mapping[str, object], *, budget: Budget | None = None) -> Value:
        """Return the value of a decision service, by name or id; inputs are its parameters by name."""
        return self.evaluate_service_outputs(service, inputs, budget=budget)[0]

    def evaluate_service_outputs(
        self, service: str, inputs: Mapping[str, object], *, budget: Budget | None = None
    ) -> tuple[Value, dict[str, Value]]:
        """Return a service's value, and the value of each output decision by name."""
        run = _Evaluation(self._unit, {}, budget or Budget())
        found = self.model.service(service)
        function, outputs = run.service(found)
        given = _adopted(inputs)
        arguments = [given.get(parameter) for parameter in function.parameters]
        value = function.body(arguments, run.budget)
        if len(outputs) == 1:
            return value, {outputs[0]: value}
        named = value if isinstance(value, dict) else {}
        return value, {name: named.get(name) for name in outputs}

    def invoke(self, knowledge_model: str, arguments: Mapping[str, object], *, budget: Budget | None = None) -> Value:
        """Return what a business knowledge model answers to named arguments."""
        run = _Evaluation(self._unit, {}, budget or Budget())
        for found in self.model.knowledge_models:
            if knowledge_model in (found.name, found.id):
                function = run.knowledge_model(found)
                given = _adopted(arguments)
                return function.body([given.get(name) for name in function.parameters], run.budget)
        raise UnknownElement(f"model `{self.model.name}` has no business knowledge model `{knowledge_model}`")


def _adopted(inputs: Mapping[str, object]) -> dict[str, Value]:
    return {name: adopt(value) for name, value in inputs.items()}


class _Unit:
    """One model with its types, names and compiled logic; shared by every run."""

    def __init__(self, model: Model, imports: Mapping[Import, _Unit]) -> None:
        self.model = model
        self.imports = imports
        self.types: Mapping[str, FeelType] = item_types.read_types(
            model, [(step.name, unit.types) for step, unit in imports.items()]
        )
        self.members: frozenset[str] = logic.member_names(model).union(*(unit.members for unit in imports.values()))
        self._compiled: dict[int, Evaluate] = {}
        self._compiler = logic.Compiler(types=self.types, items={item.name: item for item in model.items})

    @classmethod
    def of(cls, model: Model, by_namespace: Mapping[str, Model], open_: dict[str, _Unit | None]) -> _Unit:
        ready = open_.get(model.namespace)
        if ready is not None:
            return ready
        if model.namespace in open_:
            raise UnknownElement(f"model `{model.name}` imports itself through other models")
        open_[model.namespace] = None
        imports: dict[Import, _Unit] = {}
        for entry in model.imports:
            other = by_namespace.get(entry.namespace)
            if other is None and "/DMN/" not in entry.import_type:
                continue  # data types or predictive models: nothing that FEEL could use
            if other is None:
                raise UnknownElement(
                    f"model `{model.name}` imports `{entry.namespace}`, which is not among the models given",
                    line=entry.line,
                )
            imports[entry] = cls.of(other, by_namespace, open_)
        unit = cls(model, imports)
        open_[model.namespace] = unit
        return unit

    def type_of(self, written: str | None) -> FeelType | None:
        try:
            return item_types.resolve(written, self.types)
        except FeelError:
            return None

    def find(self, reference: Reference) -> tuple[Path, _Unit, Element]:
        """Return the way through imports to an element, its unit and itself; raises ``UnknownElement``."""
        if reference.namespace is None:
            return (), self, self.model.element(reference.id)
        for path, unit in islice(self.reachable(), MAX_PATHS):
            if unit.model.namespace == reference.namespace:
                return path, unit, unit.model.element(reference.id)
        raise UnknownElement(
            f"model `{self.model.name}` refers to `{reference.namespace}#{reference.id}`, which it does not import",
            line=reference.line,
        )

    def reachable(self) -> Iterable[tuple[Path, _Unit]]:
        """Go through the model and those it imports, nearest first, with the imports on the way."""
        level: list[tuple[Path, _Unit]] = [((), self)]
        while level:
            yield from level
            level = [((*path, step), unit) for path, above in level for step, unit in above.imports.items()]

    def names(self, references: Iterable[Reference]) -> frozenset[str]:
        """Return every name that an element with these requirements may use, also behind the dots of imports."""
        names: set[str] = set()
        for reference in references:
            path, _, element = self.find(reference)
            names.update(step.name for step in path)
            names.add(element.variable.name)
        return frozenset(names - {""})

    def compiled(self, owner: Element, body: Logic, names: Callable[[], frozenset[str]]) -> Evaluate:
        """Return the logic of an element as a closure, compiled at its first use."""
        found = self._compiled.get(id(owner))
        if found is None:
            found = self._compiler.compile(body, names() | self.members, owner.name)
            self._compiled[id(owner)] = found
        return found


class _Evaluation:
    """The values of one run of one model; imported models have evaluations of their own."""

    def __init__(
        self,
        unit: _Unit,
        inputs: Mapping[str, Value],
        budget: Budget,
    ) -> None:
        self.unit = unit
        self.inputs = inputs
        self.budget = budget
        #: Values of decisions known before the run, by the decision's identity in memory.
        self._values: dict[int, Value] = {}
        self._open: list[Decision] = []
        self._children: dict[Import, _Evaluation] = {}

    def child(self, path: Path) -> _Evaluation:
        """Return the evaluation of an imported model."""
        if not path:
            return self
        step = path[0]
        child = self._children.get(step)
        if child is None:
            below = self.inputs.get(step.name) if step.name else self.inputs
            child = _Evaluation(self.unit.imports[step], below if isinstance(below, dict) else {}, self.budget)
            self._children[step] = child
        return child.child(path[1:])

    def decision(self, decision: Decision) -> Value:
        """Return a decision's value, computing it and what it requires at most once."""
        key = id(decision)
        if key in self._values:
            return self._values[key]
        if any(entry is decision for entry in self._open):
            ring = " -> ".join(f"`{entry.name}`" for entry in [*self._open, decision])
            raise CyclicRequirement(f"decisions require each other in a ring: {ring}", line=decision.line)
        if len(self._open) >= MAX_CHAIN:
            raise ModelInvalid(f"decisions require each other more than {MAX_CHAIN} deep", line=decision.line)
        required = [*decision.required_inputs, *decision.required_decisions, *decision.required_knowledge]
        self._open.append(decision)
        scope = self.scope(required)
        self._open.pop()
        if decision.logic is None:
            self.budget.note(f"decision `{decision.name}` has no logic")
            value = None
        else:
            value = self.unit.compiled(decision, decision.logic, lambda: self.unit.names(required))(scope, self.budget)
            value = self._typed(value, decision.variable.type_ref, f"decision `{decision.name}`")
        self._values[key] = value
        return value

    def scope(self, references: Iterable[Reference]) -> dict[str, Value]:
        """Return the required values by qualified name."""
        scope: dict[str, Value] = {}
        for reference in references:
            path, _, element = self.unit.find(reference)
            _place(scope, path, element.variable.name, self.child(path).element(element))
        return scope

    def element(self, element: Element) -> Value:
        """Return the value that an element stands for in a scope."""
        if isinstance(element, InputData):
            return self.input(element)
        if isinstance(element, Decision):
            return self.decision(element)
        if isinstance(element, KnowledgeModel):
            return self.knowledge_model(element)
        return self.service(element)[0]

    def input(self, element: InputData) -> Value:
        """Return an input's value as the model declares it; a value of another kind is null."""
        value = self.inputs.get(element.variable.name, self.inputs.get(element.name))
        return self._typed(value, element.variable.type_ref, f"input `{element.name}`")

    def knowledge_model(self, element: KnowledgeModel) -> Function:
        """Return a business knowledge model as a function."""
        definition = element.function
        if definition is None or definition.kind is not FunctionKind.FEEL:
            kind = "no logic" if definition is None else f"logic in {definition.kind}, which is never run"
            reason = f"business knowledge model `{element.name}` has {kind}"
            names = () if definition is None else tuple(parameter.name for parameter in definition.parameters)
            return Function(name=element.name, parameters=names, body=lambda arguments, budget: budget.note(reason))
        result = logic.result_of(self.unit.type_of(element.variable.type_ref))
        parameters = tuple(parameter.name for parameter in definition.parameters)
        #: Filled when first called, so that a function may require itself.
        scope: dict[str, Value] = {}

        def body(arguments: Sequence[Value], budget: Budget) -> Value:
            if element.variable.name not in scope:
                scope[element.variable.name] = function
                scope.update(self.scope(element.required_knowledge))
            run = self.unit.compiled(
                element, definition, lambda: self.unit.names(element.required_knowledge) | {element.variable.name}
            )
            inner = run(scope, budget)
            if not isinstance(inner, Function):
                return None
            value = inner.body(arguments, budget)
            return logic.typed(value, result, f"business knowledge model `{element.name}`", budget)

        function = Function(
            name=element.name,
            parameters=parameters,
            body=body,
            parameter_types=logic.parameter_types(definition, self.unit.types),
            result_type=result,
        )
        return function

    def service(self, element: DecisionService) -> tuple[Function, tuple[str, ...]]:
        """Return a decision service as a function, and the names of its outputs."""
        data = [self.unit.find(reference) for reference in element.input_data]
        decided = [self.unit.find(reference) for reference in element.input_decisions]
        outputs = [self.unit.find(reference) for reference in element.output_decisions]
        result = logic.result_of(self.unit.type_of(element.variable.type_ref))
        parameters = tuple(found.variable.name for _, _, found in [*data, *decided])
        names = tuple(found.variable.name for _, _, found in outputs)

        def body(arguments: Sequence[Value], budget: Budget) -> Value:
            inputs: dict[str, Value] = {}
            run = _Evaluation(self.unit, inputs, budget)
            for (path, _, found), value in zip(data, arguments, strict=False):
                _place(inputs, path, found.variable.name, value)
            for (path, unit, found), value in zip(decided, arguments[len(data) :], strict=False):
                typed = logic.typed(
                    value, unit.type_of(found.variable.type_ref), f"input decision `{found.name}`", budget
                )
                run.child(path)._values[id(found)] = typed
            values = [run.child(path).element(found) for path, _, found in outputs]
            value = values[0] if len(values) == 1 else dict(zip(names, values, strict=True))
            return logic.typed(value, result, f"decision service `{element.name}`", budget)

        # No parameter types: an argument of another kind becomes null inside, it does not stop the service.
        return Function(name=element.name, parameters=parameters, body=body, result_type=result), names

    def _typed(self, value: Value, written: str | None, what: str) -> Value:
        return logic.typed(value, self.unit.type_of(written), what, self.budget)


def _place(scope: dict[str, Value], path: Path, name: str, value: Value) -> None:
    """Put a value where its qualified name leads; an import without a name adds nothing to the name."""
    for step in path:
        if step.name:
            scope = scope.setdefault(step.name, {})
    scope[name] = value
