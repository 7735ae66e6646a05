"""Declares built-ins: their forms, parameters and types, checked before their Python body runs.

A form is written as text, for example ``"string: string, start position: number, length?: number"``.
``name?`` may be left out, ``type?`` may be null, ``name*`` takes the remaining arguments, and ``name...``
takes either one list or the list's items as arguments. Types are joined with ``|``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from delegation.feel.budget import Budget
from delegation.feel.temporal import DateTime, DaysTime, FarDate, Time, YearsMonths
from delegation.feel.types import ANY, FeelType, midnight, parse_type
from delegation.feel.values import Function, Range, Value

Body = Callable[..., Value]

_KINDS: Mapping[str, frozenset[type]] = MappingProxyType(
    {
        "number": frozenset({Decimal}),
        "string": frozenset({str}),
        "boolean": frozenset({bool}),
        "date": frozenset({dt.date, FarDate}),
        "time": frozenset({Time}),
        "date and time": frozenset({DateTime}),
        "years and months duration": frozenset({YearsMonths}),
        "days and time duration": frozenset({DaysTime}),
        "list": frozenset({list}),
        "range": frozenset({Range}),
        "context": frozenset({dict}),
        "function": frozenset({Function}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of one form."""

    name: str
    feel_type: FeelType
    #: Python types accepted; None accepts everything.
    kinds: frozenset[type] | None
    #: Python types of a list's items; None accepts everything.
    item_kinds: frozenset[type] | None
    optional: bool
    nullable: bool
    #: Takes the remaining arguments.
    rest: bool
    #: Takes one list or its items.
    spread: bool

    def admit(self, value: Value) -> tuple[bool, Value]:
        """Tell whether a value may be passed, and give it after the implicit conversions."""
        if value is None:
            return self.nullable, None
        if self.kinds is None:
            return True, value
        kind = type(value)
        if kind not in self.kinds:
            if kind is list and len(value) == 1 and type(value[0]) in self.kinds:
                value = value[0]
            elif list in self.kinds:
                value = [value]
            elif kind in _KINDS["date"] and DateTime in self.kinds:
                value = midnight(value)
            else:
                return False, None
        if self.item_kinds is not None and type(value) is list:
            return all(type(item) in self.item_kinds for item in value), value
        return True, value


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to call a built-in."""

    parameters: tuple[Parameter, ...]
    body: Body

    def arguments(self, values: Sequence[Value]) -> list[Value] | str:
        """Match positional arguments; a text says why they do not fit."""
        parameters = self.parameters
        if parameters and parameters[0].spread:
            if not values:
                return "arguments are missing"
            joined = values[0] if len(values) == 1 else list(values)
            return _admitted([(parameters[0], joined)])
        last = parameters[-1] if parameters else None
        if last is not None and last.rest:
            parameters = parameters[:-1] + (last,) * (len(values) - len(parameters) + 1)
        elif len(values) > len(parameters):
            return f"{len(values)} arguments are too many"
        if any(not (parameter.optional or parameter.rest) for parameter in parameters[len(values) :]):
            return "arguments are missing"
        return _admitted(list(zip(parameters, values, strict=False)))

    def named_arguments(self, values: Mapping[str, Value]) -> dict[int, Value] | str:
        """Match named arguments to parameter numbers; a text says why they do not fit."""
        numbers = {parameter.name: number for number, parameter in enumerate(self.parameters)}
        unknown = [name for name in values if name not in numbers]
        if unknown:
            return f"there is no parameter `{unknown[0][:40]}`"
        given: dict[int, Value] = {}
        for number, parameter in enumerate(self.parameters):
            if parameter.name not in values:
                if parameter.optional:
                    continue
                return f"the parameter `{parameter.name}` is missing"
            fits, value = parameter.admit(values[parameter.name])
            if not fits:
                return f"the parameter `{parameter.name}` is no {parameter.feel_type}"
            given[number] = value
        return given


def _admitted(pairs: list[tuple[Parameter, Value]]) -> list[Value] | str:
    admitted = []
    for parameter, argument in pairs:
        fits, value = parameter.admit(argument)
        if not fits:
            return f"the parameter `{parameter.name}` is no {parameter.feel_type}"
        admitted.append(value)
    return admitted


class Registry:
    """Collects the built-ins of one module."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        self._forms: dict[str, list[Form]] = {}

    def builtin(self, name: str, signature: str, result: str = "Any") -> Callable[[Body], Body]:
        """Declare a form of the built-in `name`; its body gets the budget and the arguments."""

        def declare(body: Body) -> Body:
            form = Form(parameters=_parameters(signature), body=body)
            forms = self._forms.setdefault(name, [])
            forms.append(form)
            self.functions[name] = _function(name, forms, parse_type(result))
            return body

        return declare


def _function(name: str, forms: list[Form], result: FeelType) -> Function:
    def call(values: Sequence[Value], budget: Budget) -> Value:
        reason = ""
        for form in forms:
            arguments = form.arguments(values)
            if not isinstance(arguments, str):
                return form.body(budget, *arguments)
            reason = reason or arguments
        return budget.note(f"`{name}`: {reason}")

    def call_named(values: Mapping[str, Value], budget: Budget) -> Value:
        reason = ""
        for form in forms:
            given = form.named_arguments(values)
            if not isinstance(given, str):
                # Left-out parameters may stand before given ones, so they get their explicit null.
                last = max(given, default=-1)
                return form.body(budget, *(given.get(number) for number in range(last + 1)))
            reason = reason or given
        return budget.note(f"`{name}`: {reason}")

    longest = max(forms, key=lambda form: len(form.parameters)).parameters
    return Function(
        name=name,
        parameters=tuple(parameter.name for parameter in longest),
        parameter_types=tuple(parameter.feel_type for parameter in longest),
        result_type=result,
        body=call,
        named=call_named,
        required=0 if len(forms) > 1 else sum(not (p.optional or p.rest) for p in longest),
        variadic=len(forms) > 1 or any(parameter.rest or parameter.spread for parameter in longest),
    )


def _parameters(signature: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(*part.split(":")) for part in signature.split(",") if part.strip())


def _parameter(name: str, type_text: str) -> Parameter:
    name, type_text = name.strip(), type_text.strip()
    nullable = type_text.endswith("?") or type_text == "Any"
    words = [word.strip() for word in type_text.removesuffix("?").split("|")]
    spread, rest, optional = name.endswith("..."), name.endswith("*"), name.endswith("?")
    types = [parse_type(word) for word in words]
    item = types[0].item
    return Parameter(
        name=name.rstrip(".*?"),
        feel_type=types[0] if len(types) == 1 else ANY,
        kinds=None if ANY in types else frozenset().union(*(_KINDS[each.name] for each in types)),
        item_kinds=None if item is None else _KINDS[item.name],
        optional=optional,
        nullable=nullable,
        rest=rest,
        spread=spread,
    )
