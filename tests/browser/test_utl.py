"""A request for a document from its arrival to the refusal, and its appeal to the court."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_a_refused_disclosure_is_appealed_and_handed_over_to_the_court(office: Office) -> None:
    case = told("utl", "DO-014").play(office, "Begäran om inspektionsprotokoll")

    page = office["aj_utl_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-131")
    expect(decisions).to_contain_text("DO-014")
