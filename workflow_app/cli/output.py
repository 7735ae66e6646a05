"""How commands read time and print what they found."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError


def moment(text: str | None) -> datetime:
    """Return the moment a command is about: what was given, or now. Raises ``CommandError`` for a naive one."""
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"`{text}` is no ISO 8601 moment; write for example 2026-03-01T09:00+01:00") from error
    if at.tzinfo is None:
        raise CommandError(f"`{text}` has no time zone; write for example {text}+01:00")
    return at


def add_format(parser: ArgumentParser) -> None:
    """Let the command be asked for text or JSON."""
    parser.add_argument("--format", choices=["text", "json"], default="text")


def as_json(value: Any) -> str:
    """Return JSON with stable order."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)


def terminal_language() -> str:
    """Return the language to talk to a person in: Swedish in a Swedish terminal, else English."""
    return "sv" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("sv") else "en"
