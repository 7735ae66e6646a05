"""A decision not executed: from the quarterly report to the court, and to the appeal of its judgment."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_a_report_becomes_an_application_and_its_judgment_is_appealed(office: Office) -> None:
    case = told("evb", "DO-096: domen överklagas").play(office, "Kommun 112, särskilt boende")

    page = office["acn_etv"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-091")
    expect(decisions).to_contain_text("DO-093")
    expect(decisions).to_contain_text("DO-096")
