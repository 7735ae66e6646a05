"""A licensed person: from the provider's report to HSAN, the authority's appeal and the judgment."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_a_report_on_a_licensed_person_goes_to_hsan_and_on_to_court(office: Office) -> None:
    case = told("tlp", "DO-114 och DO-118").play(office, "Sjuksköterska, fel vid läkemedelshantering")

    page = office["acn_tlp"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("DO-110")
    expect(decisions).to_contain_text("DO-114")
    expect(decisions).to_contain_text("DO-118")
    expect(page.locator("#preparation")).to_contain_text("Återremitterat för ytterligare beredning")
    expect(page.locator("#timeline")).to_contain_text("Registrera domen om legitimationen")
