"""Case values as canonical JSON that keeps their type: what is written is what is read.

Every string is prefixed with its type (``s:`` text, ``n:`` number, ``d:`` date, ``t:`` moment), so nothing a user
types can be taken for anything but text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from json import loads as parse
from typing import Any

from workflow_app.ledger import canonical

#: None, bool, Decimal, str, date, aware datetime, list or dict of them.
Value = Any

_READERS: Mapping[str, Callable[[str], Value]] = {
    "s": str,
    "n": Decimal,
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
}


def _write(value: Value) -> Any:
    if isinstance(value, str):
        return "s:" + value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal | int):
        if not Decimal(value).is_finite():
            raise ValueError(f"a case value is a number that can be counted with; got `{value}`")
        return f"n:{value}"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a case value is a moment with its time zone; got `{value}`")
        return "t:" + value.isoformat()
    if isinstance(value, date):
        return "d:" + value.isoformat()
    if isinstance(value, list | tuple):
        return [_write(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _write(entry) for key, entry in value.items()}
    raise TypeError(f"a case value is text, number, date, yes/no, list or context; got `{type(value).__name__}`")


def _read(value: Any) -> Value:
    if isinstance(value, str):
        return _READERS[value[0]](value[2:])
    if isinstance(value, list):
        return [_read(item) for item in value]
    if isinstance(value, dict):
        return {key: _read(entry) for key, entry in value.items()}
    return value


def dumps(values: Mapping[str, Value]) -> str:
    """Return canonical JSON (RFC 8785). Raises ``TypeError`` or ``ValueError`` for what is no case value."""
    return canonical.dumps(_write(values))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Any:
    return parse(text)


def loads(text: str) -> dict[str, Value]:
    """Return what ``dumps`` wrote."""
    values: dict[str, Value] = _read(_parsed(text))
    return values


def content_hash(text: str) -> str:
    """Return the hash that acts bind to, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
