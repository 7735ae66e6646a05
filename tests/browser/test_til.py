"""Applications for permits: one granted with its certificate, one refused and tried in court."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_an_application_becomes_a_permit_examined_by_two_and_entered_in_the_register(office: Office) -> None:
    case = told("til", "DO-082: flaggad aktör").play(office, "Hemtjänst Enhet 0901, nytt tillstånd")

    page = office["ect_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-082")
    expect(decisions).to_contain_text("expedierat")
    expect(page.locator("#preparation")).to_contain_text("Svara i gemensam beredning")
    expect(page.locator("#timeline")).to_contain_text("Registrera tillståndet")


def test_a_refusal_is_communicated_appealed_and_tried_in_court(office: Office) -> None:
    case = told("til", "DO-014: avslaget överklagas").play(office, "HVB Enhet 0901, nytt tillstånd")

    page = office["ect_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-005")
    expect(decisions).to_contain_text("DO-086")
    expect(decisions).to_contain_text("DO-014")
    expect(page.locator("#timeline")).to_contain_text("Anteckna domen i praxis")
