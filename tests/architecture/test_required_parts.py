"""Every room says what it is for, and every error has a code that programs can rely on."""

from __future__ import annotations

import ast
import importlib
import inspect

import pytest

from tests.architecture import source
from workflow_app.cases.errors import UnknownCase

ROOMS = sorted(path.parent for path in (source.ROOT / "workflow_app").glob("*/__init__.py"))
ERROR_MODULES = [path for path in source.modules() if path.name == "errors.py"]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "base", "misc"}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_what_it_is_for(room: object) -> None:
    assert ast.get_docstring(source.tree(room / "__init__.py"))  # type: ignore[operator]


def test_no_module_is_named_after_nothing() -> None:
    settings = source.ROOT / "workflow_app" / "config" / "settings" / "base.py"
    named = [path for path in source.modules() if path != settings and FORBIDDEN_NAMES & {path.stem, path.parent.name}]

    assert not named


def _errors() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for path in ERROR_MODULES:
        name = ".".join(path.relative_to(source.ROOT).with_suffix("").parts)
        module = importlib.import_module(name)
        for error in vars(module).values():
            if not inspect.isclass(error) or not issubclass(error, Exception) or error.__module__ != name:
                continue
            if issubclass(error, UnknownCase) and error is not UnknownCase:
                continue  # what a wall hides must not be told apart from what does not exist
            codes.setdefault(getattr(error, "code", ""), []).append(f"{name}.{error.__name__}")
    return codes


def test_every_error_has_a_code() -> None:
    assert not _errors().get("", [])


def test_no_two_errors_share_a_code() -> None:
    assert not {code: names for code, names in _errors().items() if len(names) > 1}
