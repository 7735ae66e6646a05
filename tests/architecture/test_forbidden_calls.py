"""What no production module may do: run data as code, unpickle, or let a broker keep time."""

from __future__ import annotations

import ast

from tests.architecture import source


def test_nothing_runs_data_as_code() -> None:
    found = [
        source.where(path, node)
        for path in source.modules()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile", "__import__"}
    ]

    assert not found


def test_nothing_unpickles() -> None:
    serialisers = {"pickle", "cPickle", "dill", "shelve", "marshal", "jsonpickle"}

    assert not [path for path in source.modules() if source.imported(path) & serialisers]


def test_no_background_message_waits_in_the_broker() -> None:
    found = [
        source.where(path, node)
        for path in source.modules("workflow_app")
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.keyword) and node.arg in {"eta", "countdown"}
    ]

    assert not found


def test_no_handler_swallows_everything() -> None:
    """A bare handler may only do something and raise again, or say on its line why it is a boundary."""
    found = []
    for path in source.modules():
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if broad and not raises and "# the boundary: " not in lines[node.lineno - 1]:
                found.append(source.where(path, node))

    assert not found
