"""A complaint from its arrival to dispatched criticism, by way of the draft that both sides may answer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_a_complaint_becomes_dispatched_criticism_after_its_draft(office: Office) -> None:
    case = told("ekp", "DO-103 och DO-105").play(office, "Akutmottagning 0611, hemskickad utan undersökning")

    page = office["ecn_ekp_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-103")
    expect(decisions).to_contain_text("DO-105")
    expect(decisions.get_by_text("expedierat").first).to_be_visible()
    expect(page.locator("#preparation")).to_contain_text("Tillsynsläkare 04")
