"""The story that the process model itself tells: returned, jointly prepared, disagreed on, decided, dispatched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.browser.site import ROOT
from workflow_app.modeler import scenarios

BOOK = scenarios.read((ROOT / "bpmn" / "etv" / "scenarios.toml").read_text(encoding="utf-8"))
STORY = next(story for story in BOOK.scenarios if story.name.startswith("Föreläggande med vite efter återremiss"))
#: The story is told at a date of its own; here it happens today.
_LATER = date.today() - BOOK.clock.date()  # noqa: DTZ011 - pages show the machine's own time


def today(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return a story's answers with its days moved to now."""
    return {key: value + _LATER if isinstance(value, date) else value for key, value in answers.items()}


def fields(element: str) -> dict[str, Any]:
    """Return what the story fills in the first time somebody does a step."""
    return today(next(step.fields for step in STORY.steps if step.element == element))
