"""A report under lex Maria from its arrival to the end of the follow-up."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_a_lex_maria_report_is_decided_with_demands_and_followed_up(office: Office) -> None:
    case = told("lma", "DO-121: brister, krav, uppföljning").play(office, "Vårdavdelning 0312, utebliven behandling")

    page = office["ecn_lma_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-121")
    expect(decisions).to_contain_text("DO-120")
    expect(decisions.get_by_text("expedierat").first).to_be_visible()
