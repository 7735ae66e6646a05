"""Context functions (DMN table 76) and the range conversion (table 66)."""

from __future__ import annotations

from delegation.feel.budget import Budget
from delegation.feel.functions.signature import Registry
from delegation.feel.values import Value

REGISTRY = Registry()
builtin = REGISTRY.builtin


@builtin("get value", "m: context, key: string")
def get_value(budget: Budget, context: dict[str, Value], key: str) -> Value:
    return context[key] if key in context else budget.note(f"the context has no entry `{key[:80]}`")


@builtin("get value", "m: context, keys: list<string>")
def get_value_by_path(budget: Budget, context: dict[str, Value], keys: list[str]) -> Value:
    value: Value = context
    if not keys:
        return budget.note("the list of keys is empty")
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return budget.note(f"the context has no entry `{key[:80]}`")
        value = value[key]
    return value


@builtin("get entries", "m: context", "list<context>")
def get_entries(budget: Budget, context: dict[str, Value]) -> Value:
    budget.check_items(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list<context>", "context")
def context_of(budget: Budget, entries: list[dict[str, Value]]) -> Value:
    budget.check_items(len(entries))
    made: dict[str, Value] = {}
    for entry in entries:
        key = entry.get("key")
        if not isinstance(key, str) or "value" not in entry:
            return budget.note("every entry needs a `key`, which is a string, and a `value`")
        if key in made:
            return budget.note(f"two entries have the key `{key[:80]}`")
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: Any", "context")
def context_put(budget: Budget, context: dict[str, Value], key: str, value: Value) -> Value:
    budget.check_items(len(context) + 1)
    return {**context, key: value}


@builtin("context put", "context: context, keys: list<string>, value: Any", "context")
def context_put_path(budget: Budget, context: dict[str, Value], keys: list[str], value: Value) -> Value:
    if not keys:
        return budget.note("the list of keys is empty")
    made = dict(context)
    level = made
    for key in keys[:-1]:
        budget.check_items(len(level) + 1)
        inner = level.get(key)
        if not isinstance(inner, dict):
            return budget.note(f"the entry `{key[:80]}` is not a context")
        level[key] = dict(inner)
        level = level[key]
    level[keys[-1]] = value
    return made


@builtin("context merge", "contexts: list<context>", "context")
def context_merge(budget: Budget, contexts: list[dict[str, Value]]) -> Value:
    made: dict[str, Value] = {}
    for context in contexts:
        made |= context
        budget.check_items(len(made))
    return made
