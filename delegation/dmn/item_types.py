"""A model's item definitions as FEEL types, so that values can be tested against what the model declares."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping

from delegation.dmn.model import ItemDefinition, Model, Text
from delegation.feel import FeelError, Value, parse_unary_tests
from delegation.feel.types import ANY, SIMPLE, FeelType, parse_type


def read_types(model: Model, imported: Iterable[tuple[str, Mapping[str, FeelType]]]) -> dict[str, FeelType]:
    """Return every type that the model can name; imported types are named ``import.Type``.

    ``imported`` gives the name and the types of each import; an empty name brings them in as they are.
    """
    return _Types(model, imported).all()


def resolve(written: str | None, known: Mapping[str, FeelType]) -> FeelType | None:
    """Return the type that a type reference names; ``None`` when it is absent, raises FeelError otherwise."""
    if written is None:
        return None
    found = known.get(written) or SIMPLE.get(written)
    return found if found is not None else parse_type(written, known)


class _Types:
    def __init__(self, model: Model, imported: Iterable[tuple[str, Mapping[str, FeelType]]]) -> None:
        self._items = {item.name: item for item in model.items}
        self._known: dict[str, FeelType] = {}
        for name, types in imported:
            for own, feel_type in types.items():
                self._known[f"{name}.{own}" if name else own] = feel_type
        self._open: set[str] = set()

    def all(self) -> dict[str, FeelType]:
        for name in self._items:
            self._named(name)
        return self._known

    def _named(self, name: str | None) -> FeelType:
        if not name:
            return ANY
        if name in self._known:
            return self._known[name]
        item = self._items.get(name)
        if item is None:
            try:
                return resolve(name, self._known) or ANY
            except FeelError:
                # A type that nobody declares restricts nothing; the checks report the unknown word.
                return ANY
        if name in self._open:
            # A recursive type: the inner occurrence is left open, FEEL has no recursive types.
            return ANY
        self._open.add(name)
        feel_type = self._build(item)
        self._open.discard(name)
        self._known[name] = feel_type
        return feel_type

    def _build(self, item: ItemDefinition) -> FeelType:
        if item.parameters is not None:
            base = FeelType(
                name="function",
                parameters=tuple(self._named(parameter.type_ref) for parameter in item.parameters),
                result=self._named(item.result_type_ref),
            )
        elif item.components:
            base = FeelType(
                name="context",
                members=tuple((component.name, self._build(component)) for component in item.components),
            )
        else:
            base = self._named(item.type_ref)
        base = _restricted(base, item.allowed_values)
        if item.is_collection:
            base = FeelType(name="list", item=base)
        return _restricted(base, item.type_constraint)


def _restricted(feel_type: FeelType, values: Text | None) -> FeelType:
    if values is None or not values.text.strip():
        return feel_type
    return dataclasses.replace(feel_type, allowed=_both(feel_type.allowed, _tester(values)))


def _tester(values: Text) -> Callable[[Value], bool]:
    try:
        tests = parse_unary_tests(values.text)
    except FeelError:
        # Values that can't be read allow nothing: a restriction must not vanish by being misspelt.
        return lambda value: False
    return lambda value: tests.test(value, {}) is True


def _both(one: Callable[[Value], bool] | None, other: Callable[[Value], bool]) -> Callable[[Value], bool]:
    if one is None:
        return other
    first = one
    return lambda value: first(value) and other(value)
