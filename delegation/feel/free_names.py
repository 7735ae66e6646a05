"""Finds the names that an expression takes from its scope."""

from __future__ import annotations

from dataclasses import dataclass, field

from delegation.feel import syntax
from delegation.feel.frames import PARTIAL
from delegation.feel.functions import BUILTINS
from delegation.feel.syntax import Node
from delegation.feel.values import INPUT_VALUE_NAME


@dataclass(frozen=True, slots=True)
class FreeNames:
    """The names that are neither bound in an expression nor built in."""

    outside_filters: set[str] = field(default_factory=set)
    #: Names in filters; each may be an entry of the filtered items, which only evaluating tells.
    inside_filters: set[str] = field(default_factory=set)


def free_names(tree: Node) -> FreeNames:
    """Collect the free names of an expression."""
    found = FreeNames()
    _collect(tree, frozenset({INPUT_VALUE_NAME}), found.outside_filters, found)
    return found


def _collect(node: Node, bound: frozenset[str], here: set[str], found: FreeNames) -> None:
    match node:
        case syntax.Name():
            if node.name not in bound and node.name not in BUILTINS:
                here.add(node.name)
        case syntax.For() | syntax.Quantified():
            for domain in node.domains:
                for part in domain.children():
                    _collect(part, bound, here, found)
                bound |= {domain.name}
            if isinstance(node, syntax.For):
                _collect(node.body, bound | {PARTIAL}, here, found)
            else:
                _collect(node.condition, bound, here, found)
        case syntax.ContextLiteral():
            for key, entry in node.entries:
                itself = {key} if isinstance(entry, syntax.FunctionDefinition) else set()
                _collect(entry, bound | itself, here, found)
                bound |= {key}
        case syntax.FunctionDefinition():
            if not node.external:
                _collect(node.body, bound | {name for name, _ in node.parameters}, here, found)
        case syntax.Filter():
            _collect(node.source, bound, here, found)
            _collect(node.condition, bound | {"item"}, found.inside_filters, found)
        case _:
            for child in node.children():
                _collect(child, bound, here, found)
