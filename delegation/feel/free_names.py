"""Finds the names that an expression takes from its scope."""

from __future__ import annotations

from delegation.feel import syntax
from delegation.feel.functions import BUILTINS
from delegation.feel.syntax import Node
from delegation.feel.values import INPUT_VALUE_NAME


def free_names(tree: Node) -> frozenset[str]:
    """Give the names that are neither bound in the expression nor built in.

    A bare name in a filter may be an entry of the filtered items; it counts as free all the same, since only
    evaluating tells.
    """
    found: set[str] = set()
    _collect(tree, frozenset({INPUT_VALUE_NAME}), found)
    return frozenset(found)


def _collect(node: Node, bound: frozenset[str], found: set[str]) -> None:
    match node:
        case syntax.Name():
            if node.name not in bound and node.name not in BUILTINS:
                found.add(node.name)
        case syntax.For() | syntax.Quantified():
            for domain in node.domains:
                for part in domain.children():
                    _collect(part, bound, found)
                bound |= {domain.name}
            body = node.body if isinstance(node, syntax.For) else node.condition
            _collect(body, bound | ({"partial"} if isinstance(node, syntax.For) else set()), found)
        case syntax.ContextLiteral():
            for key, entry in node.entries:
                itself = {key} if isinstance(entry, syntax.FunctionDefinition) else set()
                _collect(entry, bound | itself, found)
                bound |= {key}
        case syntax.FunctionDefinition():
            if not node.external:
                _collect(node.body, bound | {name for name, _ in node.parameters}, found)
        case syntax.Filter():
            _collect(node.source, bound, found)
            _collect(node.condition, bound | {"item"}, found)
        case _:
            for child in node.children():
                _collect(child, bound, found)
