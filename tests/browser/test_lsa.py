"""A report under lex Sarah from its arrival to the end of the follow-up."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_a_lex_sarah_report_is_decided_with_demands_and_followed_up(office: Office) -> None:
    case = told("lsa", "DO-123: brister, krav, uppföljning").play(office, "LSS-boende Enhet 0108, missförhållande")

    page = office["ecn_lsa_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-123")
    expect(decisions).to_contain_text("DO-122")
    expect(decisions.get_by_text("expedierat").first).to_be_visible()
