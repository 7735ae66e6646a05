"""Applications for permits: one granted with its certificate, one refused and tried in court."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told
from workflow_app.organisation.demo import LOGINS


def let_know(office: Office, case: str, code: str) -> None:
    """Put somebody on the need-to-know list of a case whose actor is flagged (R-75)."""
    page = office["bcj_02"].page
    page.goto(f"{office.url}/cases/{case}/")
    page.get_by_role("link", name="Vilka som behöver känna till ärendet").or_(
        page.get_by_role("link", name="Sekretess")
    ).first.click()
    page.get_by_label("Tjänstekod").fill(code)
    page.get_by_role("button", name="Sätt upp på listan").click()
    expect(page.get_by_role("status")).to_contain_text("Klart")


def test_an_application_becomes_a_permit_examined_by_two_and_entered_in_the_register(office: Office) -> None:
    story = told("til", "DO-082: flaggad aktör")
    case = story.open(office, "Hemtjänst Enhet 0901, nytt tillstånd")
    knowing = {"hl_til_11", "reg_05", "bcj_02", "act"}
    for step in story.scenario.steps:
        if step.person not in knowing:
            let_know(office, case, LOGINS[step.person])
            knowing.add(step.person)
        office[step.person].do(case, step.element, story.today(step.fields))

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
