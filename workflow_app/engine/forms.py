"""Forms of a bundle, in the schema of form-js: what the engine needs of them are their keys and their fields."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_BYTES = 512 * 1024
MAX_DEPTH = 12

_FILE = re.compile(r"(?:shared/)?forms/([a-z][a-z0-9_]*)\.json")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,59}")


class InvalidForm(ValueError):
    """Internal to the engine: becomes a finding."""


def key_of(file: str) -> str | None:
    """Give the key of a form by its file name in the bundle; ``None`` when the file is no form."""
    match = _FILE.fullmatch(file)
    return None if match is None else match.group(1)


def fields_of(data: bytes) -> frozenset[str]:
    """Read the keys of a form's fields. Raises ``InvalidForm`` with a Swedish sentence."""
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
        key = component.get("key")
        if key is not None:
            if not isinstance(key, str) or not _FIELD.fullmatch(key):
                raise InvalidForm("Ett fälts nyckel ska vara små bokstäver a–z, siffror och understreck.")
            found.add(key)
        inner = component.get("components")
        if isinstance(inner, list):
            _collect(inner, found, depth + 1)
