"""One case from signal to dispatched injunction with a fine, played by the officials in their browsers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.site import ROOT
from workflow_app.modeler import scenarios

BOOK = scenarios.read((ROOT / "bpmn" / "etv" / "scenarios.toml").read_text(encoding="utf-8"))
STORY = next(story for story in BOOK.scenarios if story.name.startswith("Föreläggande med vite efter återremiss"))
#: The story is told at a date of its own; here it happens today.
LATER = date.today() - BOOK.clock.date()  # noqa: DTZ011 - a test of pages in the machine's own time


def today(fields: Any) -> dict[str, Any]:
    """Return a story's answers with its days moved to now."""
    return {key: value + LATER if isinstance(value, date) else value for key, value in fields.items()}


@pytest.fixture(scope="module")
def case(office: Office) -> str:
    """Open the case that the story is about."""
    return office[STORY.opened_by].open_case("HVB Enhet 0417, uppgifter om våld", today(STORY.start))


def test_a_signal_becomes_a_dispatched_injunction_with_a_fine(office: Office, case: str) -> None:
    for step in STORY.steps:
        office[step.person].do(case, step.element, today(step.fields))

    page = office["acn_etv"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("Föreläggande med vite")
    expect(decisions).to_contain_text("expedierat")
    expect(page.locator("#preparation")).to_contain_text("Återremitterat för ytterligare beredning")
    expect(page.locator("#preparation")).to_contain_text("Svara i gemensam beredning")
    expect(page.locator("#timeline")).to_contain_text("Oenighet avgjord")
