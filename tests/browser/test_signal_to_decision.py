"""One case from signal to dispatched injunction with a fine, played by the officials in their browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import STORY, today


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
