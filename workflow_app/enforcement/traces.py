"""Where the code and the tests name a rule, read from the source itself so that no list of it can be wrong.

A function enforces a rule when its docstring, a comment or a constant in it names the rule; a test tries one when its
name, its docstring, its body or the table that it is run over does.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: Rooms that show what others enforce; a rule that only they name is enforced by nothing.
INTERFACES: Final = frozenset({"web", "api", "jobs", "cli", "config"})
PRODUCTION: Final = ("delegation", "workflow_app")
_NAMED: Final = re.compile(r"\bR-(\d\d)\b")
#: In the name of a test: ``test_r_19_a_second_account…``, ``test_r19_…``.
_IN_NAME: Final = re.compile(r"(?:^|_)r_?(\d\d)(?=_|$)")
#: Lists of a scenario file that hold stories; the rest of it is what they are made of.
_STORIES: Final = ("scenario", "story")

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where a rule is named."""

    #: Relative to the root of the source tree.
    file: str
    #: Function, class or table; empty for the module as a whole. For a scenario file, the name of the story.
    name: str

    def __str__(self) -> str:
        return f"{self.file}:{self.name}" if self.name else self.file


Traces = Mapping[str, tuple[Place, ...]]


def in_code(root: Path) -> Traces:
    """Return where the rooms that enforce name each rule."""
    found: dict[str, set[Place]] = defaultdict(set)
    for package in PRODUCTION:
        for path in sorted((root / package).rglob("*.py")):
            inside = path.relative_to(root / package).parts
            if "migrations" in inside or (package == "workflow_app" and inside[0] in INTERFACES):
                continue
            text = path.read_text(encoding="utf-8")
            if not _NAMED.search(text):
                continue
            lines = text.splitlines()
            for name, line in zip(_names_by_line(ast.parse(text), len(lines)), lines, strict=True):
                for number in _NAMED.findall(line):
                    found[f"R-{number}"].add(Place(file=path.relative_to(root).as_posix(), name=name))
    return _sorted(found)


def in_tests(root: Path) -> Traces:
    """Return which tests try each rule; none where the tests are not installed."""
    found: dict[str, set[Place]] = defaultdict(set)
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if not (_NAMED.search(text) or _IN_NAME.search(text)):
            continue
        module = ast.parse(text)
        tables = _tables(module, text)
        for test in _tests(module):
            numbers = {*_IN_NAME.findall(test.name), *_NAMED.findall(_source(test, text))}
            for table in _run_over(test):
                numbers |= tables.get(table, set())
            place = Place(file=path.relative_to(root).as_posix(), name=test.name)
            for number in numbers:
                found[f"R-{number}"].add(place)
    return _sorted(found)


def in_scenarios(root: Path) -> Traces:
    """Return which stories of the models try each rule; they are played as tests."""
    found: dict[str, set[Place]] = defaultdict(set)
    for path in sorted([*(root / "bpmn").glob("*/scenarios.toml"), *(root / "bpmn").glob("stories.toml")]):
        book = tomllib.loads(path.read_text(encoding="utf-8"))
        for story in (one for kind in _STORIES for one in book.get(kind, ())):
            for number in _NAMED.findall(_all_text(story)):
                place = Place(file=path.relative_to(root).as_posix(), name=story["name"])
                found[f"R-{number}"].add(place)
    return _sorted(found)


def _sorted(found: Mapping[str, set[Place]]) -> Traces:
    return {rule: tuple(sorted(places)) for rule, places in sorted(found.items())}


def _names_by_line(module: ast.Module, lines: int) -> list[str]:
    """Return for each line the function or class that it stands in, or the table at the module's top."""
    names = [""] * lines

    def enter(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = _name(child, top=not prefix)
            if name and isinstance(child, ast.stmt):
                first, last = _first_line(child), child.end_lineno or child.lineno
                names[first - 1 : last] = [prefix + name] * (last - first + 1)
                enter(child, f"{prefix}{name}.")

    enter(module, "")
    return names


def _name(node: ast.AST, *, top: bool) -> str:
    if isinstance(node, _Definition):
        return node.name
    return _assigned(node) if top else ""


def _assigned(node: ast.AST) -> str:
    """Return the name that a statement gives to a table."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return next((target.id for target in targets if isinstance(target, ast.Name)), "")


def _tests(module: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def _source(node: ast.FunctionDef, text: str) -> str:
    return "\n".join(text.splitlines()[_first_line(node) - 1 : node.end_lineno])


def _first_line(node: ast.stmt) -> int:
    """Return where a statement begins, its decorators with it."""
    decorators = node.decorator_list if isinstance(node, _Definition) else []
    return min([node.lineno, *(one.lineno for one in decorators)])


def _tables(module: ast.Module, text: str) -> dict[str, set[str]]:
    """Return the rules that each table, or function that makes one, at a test module's top names."""
    own: dict[str, set[str]] = {}
    uses: dict[str, set[str]] = {}
    for node in module.body:
        name = _assigned(node) or (node.name if isinstance(node, ast.FunctionDef) else "")
        if name and not name.startswith("test_"):
            own[name] = set(_NAMED.findall("\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])))
            uses[name] = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} - {name}
    return {name: named.union(*(own.get(used, set()) for used in uses[name])) for name, named in own.items()}


def _run_over(test: ast.FunctionDef) -> set[str]:
    """Return the names in a test's decorators: what it is run over."""
    return {node.id for one in test.decorator_list for node in ast.walk(one) if isinstance(node, ast.Name)}


def _all_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(_all_text(one) for one in value.values())
    if isinstance(value, list):
        return " ".join(_all_text(one) for one in value)
    return str(value) if isinstance(value, str) else ""
