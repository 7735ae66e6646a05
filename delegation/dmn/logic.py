"""Boxed expressions as closures (DMN 10.2). FEEL's own iteration, filter and invocation do the work inside.

Every closure takes the scope and the budget. A text that can't be read becomes null with a note when it is
evaluated: one broken cell must not stop the decisions that don't use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import singledispatchmethod
from typing import Final, TypeAlias

from delegation.dmn import item_types
from delegation.dmn.errors import DmnError, InputNotAllowed, RulesConflict
from delegation.dmn.model import (
    ConditionalLogic,
    ContextLogic,
    FilterLogic,
    ForLogic,
    FunctionKind,
    FunctionLogic,
    InvocationLogic,
    ItemDefinition,
    ListLogic,
    Logic,
    Model,
    QuantifiedLogic,
    Quantifier,
    RelationLogic,
    TableLogic,
    Text,
)
from delegation.dmn.table import DecisionTable
from delegation.feel import Budget, Expression, FeelError, Value, parse_expression
from delegation.feel.invocation import invoke_named
from delegation.feel.types import ANY, FeelType, coerce
from delegation.feel.values import Function

Scope: TypeAlias = Mapping[str, Value]
Evaluate: TypeAlias = Callable[[Scope, Budget], Value]

#: Names for the parts of a boxed expression; no model can declare them, since names are written on one line.
_SOURCE: Final = "boxed source"
_EACH: Final = "boxed each"
_ITERATE: Final = parse_expression(
    f"for item in {_SOURCE} return {_EACH}(item, partial)", names=(_SOURCE, _EACH, "partial")
)
_SOME: Final = parse_expression(f"some item in {_SOURCE} satisfies {_EACH}(item)", names=(_SOURCE, _EACH))
_EVERY: Final = parse_expression(f"every item in {_SOURCE} satisfies {_EACH}(item)", names=(_SOURCE, _EACH))
_FILTER: Final = parse_expression(f"{_SOURCE}[{_EACH}(item)]", names=(_SOURCE, _EACH))


def typed(value: Value, feel_type: FeelType | None, what: str, budget: Budget) -> Value:
    """Give a value as its declared type, or null with a note."""
    if feel_type is None or value is None:
        return value
    coerced = coerce(value, feel_type, budget)
    if coerced is None:
        budget.note(f"{what}: the value is not a {feel_type}")
    return coerced


def parameter_types(definition: FunctionLogic, types: Mapping[str, FeelType]) -> tuple[FeelType, ...]:
    """Return the types of a function's parameters; an undeclared one accepts everything."""
    found = []
    for parameter in definition.parameters:
        try:
            feel_type = item_types.resolve(parameter.type_ref, types)
        except FeelError:
            feel_type = None
        found.append(feel_type or ANY)
    return tuple(found)


def result_of(declared: FeelType | None) -> FeelType | None:
    """Return what a function declared so answers; editors also write the answer's type itself."""
    return declared.result if declared is not None and declared.name == "function" else declared


def member_names(model: Model) -> frozenset[str]:
    """Return the names that stand behind a dot somewhere in the model and are more than one word."""
    names = set(_component_names(model.items))
    bodies: list[Logic | None] = [decision.logic for decision in model.decisions]
    bodies += [entry.function for entry in model.knowledge_models]
    for body in bodies:
        names.update(_written_names(body))
    return frozenset(name for name in names if not name.isidentifier())


def _component_names(items: Sequence[ItemDefinition]) -> Iterator[str]:
    for item in items:
        for component in item.components:
            yield component.name
        yield from _component_names(item.components)


def _written_names(body: Logic | None) -> Iterator[str]:
    if isinstance(body, ContextLogic):
        for entry in body.entries:
            if entry.variable is not None:
                yield entry.variable.name
            yield from _written_names(entry.value)
    elif isinstance(body, RelationLogic):
        yield from (column.name for column in body.columns)
    elif isinstance(body, TableLogic):
        yield from (output.name for output in body.outputs if output.name and len(body.outputs) > 1)
    elif isinstance(body, FunctionLogic):
        yield from _written_names(body.body)


class Compiler:
    """Turns the boxed expressions of one model into closures."""

    def __init__(self, *, types: Mapping[str, FeelType], items: Mapping[str, ItemDefinition]) -> None:
        self._types = types
        self._items = items

    def compile(self, body: Logic | None, names: frozenset[str], name: str) -> Evaluate:
        """Return a closure for a boxed expression; ``names`` are the variables in its scope."""
        if body is None:
            return lambda scope, budget: None
        evaluate = self._compile(body, names, name)
        feel_type = self._type(body.type_ref)
        if feel_type is None or isinstance(body, FunctionLogic):
            return evaluate
        return lambda scope, budget: typed(evaluate(scope, budget), feel_type, f"`{name}`", budget)

    def _type(self, written: str | None) -> FeelType | None:
        try:
            return item_types.resolve(written, self._types)
        except FeelError:
            return None

    @singledispatchmethod
    def _compile(self, body: Logic, names: frozenset[str], name: str) -> Evaluate:
        raise TypeError(f"`{name}`: a boxed expression of an unknown kind")

    @_compile.register
    def _text(self, body: Text, names: frozenset[str], name: str) -> Evaluate:
        if body.language is not None:
            return _null(f"`{name}`: the expression language `{body.language}` is not FEEL")
        if not body.text.strip():
            return _null(f"`{name}`: the expression is empty")
        try:
            expression = parse_expression(body.text, names=names, types=self._types)
        except FeelError as error:
            return _null(f"`{name}`: {error}")
        return _evaluation(expression)

    @_compile.register
    def _table(self, body: TableLogic, names: frozenset[str], name: str) -> Evaluate:
        try:
            table = DecisionTable.compile(body, name=name, names=names, allowed=self._allowed)
        except DmnError as error:
            return _null(str(error))

        def evaluate(scope: Scope, budget: Budget) -> Value:
            try:
                return table.evaluate(scope, budget).value
            except (RulesConflict, InputNotAllowed) as error:
                return budget.note(str(error))

        return evaluate

    def _allowed(self, type_ref: str) -> Text | None:
        """Return the allowed values of a declared type, through the types it is built on."""
        item = self._items.get(type_ref)
        while item is not None:
            if item.allowed_values is not None:
                return item.allowed_values
            item = self._items.get(item.type_ref or "")
        return None

    @_compile.register
    def _context(self, body: ContextLogic, names: frozenset[str], name: str) -> Evaluate:
        inner_names = names.union(entry.variable.name for entry in body.entries if entry.variable is not None)
        entries = []
        for entry in body.entries:
            variable = entry.variable
            label = name if variable is None else f"{name}.{variable.name}"
            entries.append(
                (
                    None if variable is None else variable.name,
                    None if variable is None else self._type(variable.type_ref),
                    self.compile(entry.value, inner_names, label),
                    label,
                )
            )

        def evaluate(scope: Scope, budget: Budget) -> Value:
            # Functions defined in an entry see the entries that follow, hence one scope that grows.
            local = dict(scope)
            result: dict[str, Value] = {}
            for key, feel_type, value_of, label in entries:
                value = typed(value_of(local, budget), feel_type, f"`{label}`", budget)
                if key is None:
                    return value
                local[key] = result[key] = value
            return result

        return evaluate

    @_compile.register
    def _invocation(self, body: InvocationLogic, names: frozenset[str], name: str) -> Evaluate:
        called = self.compile(body.function, names, name)
        values = [
            (self.compile(binding.value, names, f"{name}({binding.parameter.name})"), binding.parameter)
            for binding in body.bindings
        ]

        def evaluate(scope: Scope, budget: Budget) -> Value:
            function = called(scope, budget)
            if not isinstance(function, Function):
                return budget.note(f"`{name}`: what is invoked is not a function")
            arguments = {
                parameter.name: typed(value(scope, budget), self._type(parameter.type_ref), f"`{name}`", budget)
                for value, parameter in values
            }
            return invoke_named(function, arguments, budget)

        return evaluate

    @_compile.register
    def _function(self, body: FunctionLogic, names: frozenset[str], name: str) -> Evaluate:
        parameters = tuple(parameter.name for parameter in body.parameters)
        types = parameter_types(body, self._types)
        result_type = result_of(self._type(body.type_ref))
        if result_type is None and body.body is not None:
            result_type = self._type(body.body.type_ref)
        if body.kind is not FunctionKind.FEEL:
            reason = f"`{name}`: functions written in {body.kind} are never run"
            refusal = Function(name=name, parameters=parameters, body=lambda arguments, budget: budget.note(reason))
            return lambda scope, budget: refusal
        run = self.compile(body.body, names.union(parameters), name)

        def evaluate(scope: Scope, budget: Budget) -> Value:
            def call(arguments: Sequence[Value], budget: Budget) -> Value:
                local = dict(scope)
                for parameter, feel_type, argument in zip(parameters, types, arguments, strict=True):
                    value = typed(argument, feel_type, f"`{name}`: argument `{parameter}`", budget)
                    if value is None and argument is not None:
                        return None
                    local[parameter] = value
                return typed(run(local, budget), result_type, f"`{name}`: the result", budget)

            return Function(name=name, parameters=parameters, body=call, parameter_types=types, result_type=result_type)

        return evaluate

    @_compile.register
    def _relation(self, body: RelationLogic, names: frozenset[str], name: str) -> Evaluate:
        columns = [(column.name, self._type(column.type_ref)) for column in body.columns]
        rows = [[self.compile(cell, names, name) for cell in row] for row in body.rows]

        def evaluate(scope: Scope, budget: Budget) -> Value:
            return [
                {
                    key: typed(cell(scope, budget), feel_type, f"`{name}.{key}`", budget)
                    for (key, feel_type), cell in zip(columns, row, strict=True)
                }
                for row in rows
            ]

        return evaluate

    @_compile.register
    def _list(self, body: ListLogic, names: frozenset[str], name: str) -> Evaluate:
        items = [self.compile(item, names, name) for item in body.items]
        return lambda scope, budget: [item(scope, budget) for item in items]

    @_compile.register
    def _conditional(self, body: ConditionalLogic, names: frozenset[str], name: str) -> Evaluate:
        condition = self.compile(body.condition, names, name)
        then = self.compile(body.then, names, name)
        otherwise = self.compile(body.otherwise, names, name)

        def evaluate(scope: Scope, budget: Budget) -> Value:
            answer = condition(scope, budget)
            if answer is True:
                return then(scope, budget)
            if answer is False or answer is None:
                return otherwise(scope, budget)
            return budget.note(f"`{name}`: the condition is not a boolean")

        return evaluate

    @_compile.register
    def _filter(self, body: FilterLogic, names: frozenset[str], name: str) -> Evaluate:
        source = self.compile(body.source, names, name)
        match = self.compile(body.match, names | {"item"}, name)

        def scope_of(scope: Scope, item: Value) -> Scope:
            members = item if isinstance(item, dict) else {}
            return {**scope, "item": item, **members}

        return _over(_FILTER, source, match, scope_of)

    @_compile.register
    def _for(self, body: ForLogic, names: frozenset[str], name: str) -> Evaluate:
        source = self._source(body, names, name)
        result = self.compile(body.result, names | {body.variable, "partial"}, name)

        def evaluate(scope: Scope, budget: Budget) -> Value:
            def each(arguments: Sequence[Value], budget: Budget) -> Value:
                return result({**scope, "partial": arguments[1], body.variable: arguments[0]}, budget)

            function = Function(name=name, parameters=("item", "partial"), body=each)
            return _ITERATE.evaluate({_SOURCE: source(scope, budget), _EACH: function}, budget=budget)

        return evaluate

    @_compile.register
    def _quantified(self, body: QuantifiedLogic, names: frozenset[str], name: str) -> Evaluate:
        source = self._source(body, names, name)
        satisfies = self.compile(body.satisfies, names | {body.variable}, name)
        expression = _SOME if body.quantifier is Quantifier.SOME else _EVERY
        return _over(expression, source, satisfies, lambda scope, item: {**scope, body.variable: item})

    def _source(self, body: ForLogic | QuantifiedLogic, names: frozenset[str], name: str) -> Evaluate:
        source = self.compile(body.source, names, name)
        feel_type = self._type(body.source_type)
        return lambda scope, budget: typed(source(scope, budget), feel_type, f"`{name}`", budget)


def _evaluation(expression: Expression) -> Evaluate:
    return lambda scope, budget: expression.evaluate(scope, budget=budget)


def _null(reason: str) -> Evaluate:
    return lambda scope, budget: budget.note(reason)


def _over(
    expression: Expression, source: Evaluate, test: Evaluate, scope_of: Callable[[Scope, Value], Scope]
) -> Evaluate:
    """Return a closure that lets FEEL go through a list and ask ``test`` about each item."""

    def evaluate(scope: Scope, budget: Budget) -> Value:
        def each(arguments: Sequence[Value], budget: Budget) -> Value:
            return test(scope_of(scope, arguments[0]), budget)

        function = Function(name="boxed expression", parameters=("item",), body=each)
        return expression.evaluate({_SOURCE: source(scope, budget), _EACH: function}, budget=budget)

    return evaluate
