"""A permit is proof that the order was asked. Only the authorizer makes one."""

from __future__ import annotations

import ast

from tests.architecture import source

MAKER = source.ROOT / "delegation" / "authorizer.py"
#: `dataclasses.replace` would be a second door to the same room.
COPIERS = {"replace", "copy", "deepcopy", "__new__"}


def test_only_the_authorizer_constructs_a_permit() -> None:
    elsewhere = [
        source.where(path, node)
        for path in source.modules()
        if path != MAKER
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call)
        and (source.called_name(node) == "Permit" or (source.called_name(node) in COPIERS and _names_permit(node)))
    ]

    assert not elsewhere


def test_the_authorizer_constructs_permits_at_one_place() -> None:
    calls = [
        source.where(MAKER, node)
        for node in ast.walk(source.tree(MAKER))
        if isinstance(node, ast.Call) and source.called_name(node) == "Permit"
    ]

    assert len(calls) == 1


def _names_permit(call: ast.Call) -> bool:
    return any("permit" in ast.unparse(argument).lower() for argument in call.args[:1])
