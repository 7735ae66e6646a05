"""What is done beside the model's steps: a task handed over, a circumstance ruled on, a proposal amended."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.officials import Office
from tests.browser.story import STORY, fields, today

WINDOWS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (320, "dark"))


@pytest.fixture(scope="module")
def case(office: Office) -> str:
    """Bring a case to where the inspector 018 has taken the review of its proposal."""
    case = office["uppl_03"].open_case("HVB Enhet 0502, uppgifter om tvång", today(STORY.start))
    for element in ("assess_risk", "write_proposal"):
        office["insp_017"].do(case, element, fields(element))
    office["insp_018"].take(case, "review_proposal")
    return case


def fits(page: Page, browser: Browser) -> None:
    """Hold the page against axe and its window, wide and narrow, light and dark."""
    for width, scheme in WINDOWS:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            storage_state=page.context.storage_state(),
        )
        shown = context.new_page()
        shown.goto(page.url)
        assert not violations(shown), (page.url, width, scheme)
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not shown.evaluate(wide), (page.url, width)
        context.close()


def test_a_task_is_handed_over_to_somebody_who_has_declared(office: Office, browser: Browser, case: str) -> None:
    giver, receiver = office["insp_018"].page, office["insp_019"].page
    giver.get_by_role("link", name="Lämna över").click()
    expect(giver.locator("#content")).to_contain_text("Du kan lägga tillbaka den i stället")

    receiver.goto(f"{office.url}/cases/{case}/")
    receiver.get_by_role("link", name="Förklara dig om jäv").click()
    receiver.get_by_role("button", name="Förklara att jag inte känner till någon").click()
    expect(receiver.get_by_role("status")).to_contain_text("Du får delta i ärendet")
    giver.reload()
    fits(giver, browser)
    giver.get_by_label("Till vem").select_option("Inspektör 019")
    giver.get_by_role("button", name="Lämna över").click()

    expect(giver.get_by_role("status")).to_contain_text("är överlämnad till Inspektör 019")
    receiver.goto(office.url)
    expect(office["insp_019"].row(case, "review_proposal")).to_contain_text("Fortsätt")
    receiver.get_by_role("link", name="Aviseringar").click()
    fits(receiver, browser)
    assert not office["insp_018"].complaints + office["insp_019"].complaints


def test_a_circumstance_is_declared_advised_on_and_ruled_on(office: Office, browser: Browser, case: str) -> None:
    declares, jurist, head = (office[login].page for login in ("insp_018", "aj_09", "ecn_etv_01"))
    declares.goto(f"{office.url}/cases/{case}/circumstance/")
    declares.get_by_role("button", name="Anmäl en omständighet").click()
    expect(declares.get_by_role("status")).to_contain_text("Någon annan prövar")

    head.goto(f"{office.url}/cases/{case}/")
    head.get_by_role("link", name="Yttrande och prövning").click()
    expect(head.locator("#content")).to_contain_text("Raden kräver yttrande av avdelningsjurist")
    expect(head.get_by_role("button", name="Skriv under prövningen")).to_have_count(0)
    jurist.goto(head.url)
    fits(jurist, browser)
    jurist.get_by_label("Ditt yttrande").fill("Grannar. Det är inte jäv enligt 16 §.")
    jurist.get_by_role("button", name="Lämna yttrandet").click()
    head.reload()
    expect(head.locator("#content")).to_contain_text("Grannar.")
    fits(head, browser)
    head.get_by_role("button", name="Skriv under prövningen").click()
    expect(head.get_by_role("alert")).to_contain_text("Något behöver rättas")
    head.get_by_label("Inte jäv").check()
    head.get_by_label("Grund som prövades").select_option(index=1)
    head.get_by_label("Skäl").fill("Uppenbart utan betydelse.")
    head.get_by_role("button", name="Skriv under prövningen").click()

    expect(head.locator("#decisions")).to_contain_text("DO-004")
    declares.goto(f"{office.url}/cases/{case}/")
    expect(declares.locator("#now")).to_be_visible()
    assert not office["aj_09"].complaints + office["ecn_etv_01"].complaints


def test_a_proposal_is_amended_with_a_warning_of_what_becomes_void(office: Office, browser: Browser, case: str) -> None:
    page = office["insp_017"].page
    page.goto(f"{office.url}/cases/{case}/")
    page.get_by_role("link", name="Ändra förslaget").click()
    expect(page.locator(".notice.warn")).to_contain_text("slutar")
    fits(page, browser)

    office["insp_017"].fill({"reasons": "Nya skäl efter ett samtal."})
    page.get_by_role("button", name="Skriv den nya versionen").click()

    expect(page.locator("#proposal")).to_contain_text("Version 2")
    expect(page.locator("#proposal")).to_contain_text("Nya skäl efter ett samtal.")
    assert not office["insp_017"].complaints
