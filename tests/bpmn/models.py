"""The shipped models, as the tests of them read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workflow_app.engine.document import BPMN, Document, Element
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
    """Yield the parts of a form that hold a value."""

    def walk(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for part in holder.get("components", ()):
            yield from walk(part) if part["type"] == "group" else (part,)

    return (part for part in walk(json.loads(path.read_text(encoding="utf-8"))) if part["type"] != "text")
