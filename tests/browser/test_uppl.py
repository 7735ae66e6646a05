"""A piece of information from the telephone to the notice that no supervision is opened."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_information_of_low_risk_is_classed_and_its_informer_told(office: Office) -> None:
    case = told("uppl", "DO-030, DO-031 och DO-033").play(office, "SABO Enhet 0231, larm på natten")

    page = office["ecn_uppl_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-031")
    expect(decisions).to_contain_text("DO-033")


def test_acute_danger_is_reported_before_anybody_has_approved_it(office: Office) -> None:
    case = told("uppl", "DO-032: akut fara").play(office, "HVB Enhet 0417, barn i fara")

    page = office["ecn_uppl_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-023")
    expect(decisions).to_contain_text("DO-032")
