"""The project's own Python files, read once as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = ("delegation", "workflow_app")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def modules(*packages: str) -> Iterator[Path]:
    """Yield every module of the packages but Django's migrations, which Django writes."""
    for package in packages or PRODUCTION:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def called_name(call: ast.Call) -> str:
    """Return the last word of what is called: ``Permit`` for ``types.Permit(...)``."""
    function = call.func
    return getattr(function, "attr", None) or getattr(function, "id", "")


def imported(path: Path) -> set[str]:
    """Return the top-level names of everything the module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return {name.split(".")[0] for name in names}
