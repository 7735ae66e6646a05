"""The shipped models, as the tests of them read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workflow_app.engine.document import BPMN, Document, Element
from workflow_app.engine.forms import ROWS
from workflow_app.engine.parsing import parse

BPMN_DIR = Path(__file__).parents[2] / "bpmn"
MODELS = sorted(BPMN_DIR.glob("*/*.bpmn"))
FORMS = sorted(BPMN_DIR.glob("*/forms/*.json"))
CASE_TYPES = sorted(path.parent for path in BPMN_DIR.glob("*/process.bpmn"))


def name_of(path: Path) -> str:
    return path.relative_to(BPMN_DIR).as_posix()


def document(path: Path) -> Document:
    parsed = parse(path.read_bytes(), file=name_of(path))
    assert parsed.document is not None, parsed.findings
    return parsed.document


def elements(path: Path, *tags: str) -> Iterator[Element]:
    """Yield a model's BPMN elements with one of the tags; every element with an id when none is given."""
    for element in document(path).root.walk():
        if element.namespace == BPMN and (element.tag in tags if tags else element.id):
            yield element


def fields(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the parts of a form that hold a value, by ``key``; a list of rows, whose key is its path, is one."""
    return _fields(json.loads(path.read_text(encoding="utf-8")))


def fields_of_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the parts of the rows in a form's lists."""
    return (part for rows in fields(path) if rows["type"] == ROWS for part in _fields(rows))


def _fields(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in holder.get("components", ()):
        if part["type"] == "group":
            yield from _fields(part)
        elif part["type"] == ROWS:
            yield part | {"key": part["path"]}
        elif part["type"] != "text":
            yield part
