"""FEEL types (DMN 10.3.2.9): reading them, conformance, and the coercions between value and type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from delegation.feel import lexer, temporal
from delegation.feel.errors import FeelSyntaxError, InvalidType
from delegation.feel.values import (
    Date,
    DateTime,
    DaysTime,
    Function,
    Range,
    Time,
    Value,
    YearsMonths,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from delegation.feel.budget import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelType:
    """A FEEL type. `name` is one of the names in `SIMPLE` or ``list``, ``range``, ``context``, ``function``."""

    name: str
    #: Of a list or range.
    item: FeelType | None = None
    #: Of a context: its entries; None accepts every context.
    members: tuple[tuple[str, FeelType], ...] | None = None
    #: Of a function; None accepts every function.
    parameters: tuple[FeelType, ...] | None = None
    result: FeelType | None = None
    #: An item definition's allowed values: the conforming value is handed to it.
    allowed: Callable[[Value], bool] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        if self.item is not None:
            return f"{self.name}<{self.item}>"
        if self.members is not None:
            return "context<" + ", ".join(f"{name}: {member}" for name, member in self.members) + ">"
        if self.parameters is not None:
            return f"function<{', '.join(map(str, self.parameters))}>->{self.result or ANY}"
        return self.name


ANY = FeelType(name="Any")
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "Null": (),
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": tuple(Date.__args__),
    "time": (Time,),
    "date and time": (DateTime,),
    "years and months duration": (YearsMonths,),
    "days and time duration": (DaysTime,),
    "list": (list,),
    "range": (Range,),
    "context": (dict,),
    "function": (Function,),
}
#: Type names without parameters.
SIMPLE: Mapping[str, FeelType] = MappingProxyType(
    {"Any": ANY}
    | {name: FeelType(name=name) for name in _PYTHON_TYPES}
    | {
        "dateTime": FeelType(name="date and time"),
        "yearMonthDuration": FeelType(name="years and months duration"),
        "dayTimeDuration": FeelType(name="days and time duration"),
    }
)
_SIMPLE_TOKENS = {lexer.name_tokens(name): feel_type for name, feel_type in SIMPLE.items()}


def parse_type(text: str, known: Mapping[str, FeelType] = MappingProxyType({})) -> FeelType:
    """Read a type such as ``list<number>``; `known` are item definitions; raises InvalidType."""
    try:
        tokens = lexer.tokenize(text)
        feel_type, index = read_type(tokens, 0, known, text)
    except FeelSyntaxError as error:
        raise InvalidType(f"`{text[:80]}` is not a type: {error.reason}") from None
    if tokens[index].kind != lexer.END:
        raise InvalidType(f"`{text[:80]}` is not a type: unexpected `{tokens[index].text}`")
    return feel_type


def read_type(
    tokens: Sequence[lexer.Token], index: int, known: Mapping[str, FeelType], text: str, depth: int = 0
) -> tuple[FeelType, int]:
    """Read a type from tokens and give the index behind it; raises FeelSyntaxError."""
    token = tokens[index]
    if depth > 20:
        raise FeelSyntaxError(text, token.start, "the type is nested too deeply")

    def part(at: int) -> tuple[FeelType, int]:
        return read_type(tokens, at, known, text, depth + 1)

    def expect(operator: str, at: int) -> int:
        if tokens[at].kind != lexer.OPERATOR or tokens[at].text != operator:
            raise FeelSyntaxError(text, tokens[at].start, f"expected `{operator}` in a type")
        return at + 1

    opens = tokens[index + 1].text == "<" if token.kind == lexer.NAME else False
    if opens and token.text in ("list", "range"):
        item, index = part(index + 2)
        return FeelType(name=token.text, item=item), expect(">", index)
    if opens and token.text == "context":
        members: list[tuple[str, FeelType]] = []
        index += 2
        while True:
            start = index
            while tokens[index].text != ":" and tokens[index].kind != lexer.END:
                index += 1
            if index == start or tokens[index].kind == lexer.END:
                raise FeelSyntaxError(text, tokens[start].start, "expected a name and `:` in a type")
            name = " ".join(text[tokens[start].start : tokens[index - 1].end].split())
            member, index = part(index + 1)
            members.append((name, member))
            if tokens[index].text != ",":
                return FeelType(name="context", members=tuple(members)), expect(">", index)
            index += 1
    if opens and token.text == "function":
        parameters: list[FeelType] = []
        index += 2
        while tokens[index].text != ">":
            parameter, index = part(index)
            parameters.append(parameter)
            if tokens[index].text == ",":
                index += 1
            elif tokens[index].text != ">":
                raise FeelSyntaxError(text, tokens[index].start, "expected `,` or `>` in a type")
        result, index = part(expect("->", index + 1))
        return FeelType(name="function", parameters=tuple(parameters), result=result), index
    return _read_named(tokens, index, known, text)


_tokens_of = lru_cache(maxsize=4096)(lexer.name_tokens)


def _read_named(
    tokens: Sequence[lexer.Token], index: int, known: Mapping[str, FeelType], text: str
) -> tuple[FeelType, int]:
    best: tuple[int, FeelType] | None = None
    candidates = [(_tokens_of(name), feel_type) for name, feel_type in known.items()]
    for parts, feel_type in [*candidates, *_SIMPLE_TOKENS.items()]:
        texts = tuple(token.text for token in tokens[index : index + len(parts)])
        if parts and texts == parts and (best is None or len(parts) > best[0]):
            best = (len(parts), feel_type)
    if best is None:
        raise FeelSyntaxError(text, tokens[index].start, f"unknown type `{tokens[index].text}`")
    return best[1], index + best[0]


def is_instance(value: Value, feel_type: FeelType, budget: Budget | None = None) -> bool:
    """Tell whether `value` is an instance of `feel_type`, whatever values are allowed; null never is."""
    return value is not None and _conforms(value, feel_type, budget, constrained=False)


def conforms(value: Value, feel_type: FeelType, budget: Budget | None = None) -> bool:
    """Tell whether `value` may stand where `feel_type` is asked for; null may stand anywhere."""
    return _conforms(value, feel_type, budget, constrained=True)


def _conforms(value: Value, feel_type: FeelType, budget: Budget | None, *, constrained: bool) -> bool:
    if value is None:
        return True
    if feel_type.name != "Any" and not _has_shape(value, feel_type, budget, constrained=constrained):
        return False
    return not constrained or feel_type.allowed is None or feel_type.allowed(value)


def _has_shape(value: Value, feel_type: FeelType, budget: Budget | None, *, constrained: bool) -> bool:
    if not isinstance(value, _PYTHON_TYPES[feel_type.name]):
        return False
    if budget is not None and isinstance(value, list | dict):
        budget.spend(len(value))
    parts: list[tuple[Value, FeelType]] = []
    if isinstance(value, list) and feel_type.item is not None:
        parts = [(element, feel_type.item) for element in value]
    elif isinstance(value, dict) and feel_type.members is not None:
        if any(name not in value for name, _ in feel_type.members):
            return False
        parts = [(value[name], member) for name, member in feel_type.members]
    elif isinstance(value, Range) and feel_type.item is not None:
        parts = [(end, feel_type.item) for end in (value.start, value.end)]
    elif isinstance(value, Function) and feel_type.parameters is not None:
        return _function_conforms(value, feel_type)
    return all(_conforms(part, part_type, budget, constrained=constrained) for part, part_type in parts)


def _function_conforms(function: Function, feel_type: FeelType) -> bool:
    """Parameters are contravariant, the result is covariant."""
    wanted = feel_type.parameters or ()
    if not function.variadic:
        required = len(function.parameters) if function.required is None else function.required
        if not required <= len(wanted) <= len(function.parameters):
            return False
        pairs = zip(wanted, function.parameter_types, strict=False)
        if not all(is_subtype(parameter, own) for parameter, own in pairs):
            return False
    if feel_type.result is None or function.result_type is None:
        return True
    return function.result_type is ANY or is_subtype(function.result_type, feel_type.result)


def is_subtype(narrow: FeelType, wide: FeelType) -> bool:
    """Tell whether every value of `narrow` conforms to `wide`."""
    if wide.name == "Any" or narrow.name == "Null":
        return True
    if narrow.name != wide.name:
        return False
    if wide.item is not None:
        return narrow.item is not None and is_subtype(narrow.item, wide.item)
    if wide.members is not None:
        own = dict(narrow.members or ())
        return all(name in own and is_subtype(own[name], member) for name, member in wide.members)
    if wide.parameters is not None:
        return (
            narrow.parameters is not None
            and len(narrow.parameters) == len(wide.parameters)
            and all(map(is_subtype, wide.parameters, narrow.parameters))
            and is_subtype(narrow.result or ANY, wide.result or ANY)
        )
    return True


def coerce(value: Value, feel_type: FeelType, budget: Budget | None = None) -> Value:
    """Give `value` as `feel_type`, through the implicit conversions (DMN 10.3.2.9.4), or null.

    A value becomes a list of itself, a list of one its item, a date its midnight in UTC.
    """
    if conforms(value, feel_type, budget):
        return value
    if feel_type.name == "list" and not isinstance(value, list):
        return [value] if conforms([value], feel_type, budget) else None
    if isinstance(value, list) and feel_type.name != "list":
        # One conversion, not a chain of them: a list in the list stays what it is.
        return value[0] if len(value) == 1 and conforms(value[0], feel_type, budget) else None
    if feel_type.name == "date and time" and isinstance(value, Date):
        moment = midnight(value)
        return moment if conforms(moment, feel_type) else None
    return None


def midnight(date: Date) -> DateTime:
    """Give the UTC midnight that a date stands for where a date and time is asked for."""
    return DateTime(date, temporal.Time(0, 0, 0, 0, 0))
