"""Forms of a bundle, in the schema of form-js: what the engine needs of them are their keys and their fields."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_BYTES = 512 * 1024
MAX_DEPTH = 12
#: A list of rows with the same fields: one fact, a list of contexts.
ROWS = "dynamiclist"

_FILE = re.compile(r"(?:shared/)?forms/([a-z][a-z0-9_]*)\.json")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,59}")


class InvalidForm(ValueError):
    """Internal to the engine: becomes a finding."""


def key_of(file: str) -> str | None:
    """Give the key of a form by its file name in the bundle; ``None`` when the file is no form."""
    match = _FILE.fullmatch(file)
    return None if match is None else match.group(1)


def fields_of(data: bytes) -> frozenset[str]:
    """Read the names of the facts that a form gives. Raises ``InvalidForm`` with a Swedish sentence."""
    if len(data) > MAX_BYTES:
        raise InvalidForm(f"Formuläret är större än {MAX_BYTES // 1024} kB.")
    try:
        form = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidForm("Formuläret är inte giltig JSON i UTF-8.") from error
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        raise InvalidForm("Formuläret ska vara ett objekt med en lista ”components”.")
    found: set[str] = set()
    _collect(form["components"], found, 0)
    return frozenset(found)


def _collect(components: list[Any], found: set[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InvalidForm(f"Formulärets delar är nästlade i fler än {MAX_DEPTH} nivåer.")
    for component in components:
        if not isinstance(component, dict):
            raise InvalidForm("Varje del av formuläret ska vara ett objekt.")
        rows = component.get("type") == ROWS
        key = component.get("path" if rows else "key")
        if rows and key is None:
            raise InvalidForm("En lista med rader ska ha en ”path”: namnet på sitt faktum.")
        if key is not None:
            if not isinstance(key, str) or not _FIELD.fullmatch(key):
                raise InvalidForm("Ett fälts nyckel ska vara små bokstäver a–z, siffror och understreck.")
            found.add(key)
        inner = component.get("components")
        if isinstance(inner, list):
            if rows and any(isinstance(part, dict) and part.get("type") == ROWS for part in inner):
                raise InvalidForm(f"Listan {key} innehåller en lista; rader kan inte ha egna rader.")
            # What is answered in a row is part of the list, not a fact of its own.
            _collect(inner, set() if rows else found, depth + 1)
