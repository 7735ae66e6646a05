"""One case from signal to dispatched injunction with a fine, played by the officials in their browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.officials import Office
from tests.browser.story import STORY, today


@pytest.fixture(scope="module")
def case(office: Office) -> str:
    """Play the story to its end and return the case's id."""
    case = office[STORY.opened_by].open_case("HVB Enhet 0417, uppgifter om våld", today(STORY.start))
    for step in STORY.steps:
        office[step.person].do(case, step.element, today(step.fields))
    return case


def test_a_signal_becomes_a_dispatched_injunction_with_a_fine(office: Office, case: str) -> None:
    page = office["acn_etv"].page

    page.goto(f"{office.url}/cases/{case}/")

    decisions = page.locator("#decisions")
    expect(decisions).to_contain_text("Föreläggande med vite")
    expect(decisions).to_contain_text("expedierat")
    expect(page.locator("#letters")).to_contain_text("Beslutsbrev")
    expect(page.locator("#preparation")).to_contain_text("Återremitterat för ytterligare beredning")
    expect(page.locator("#preparation")).to_contain_text("Svara i gemensam beredning")
    expect(page.locator("#timeline")).to_contain_text("Oenighet avgjord")
    expect(page.locator(".diagram[data-drawn=true]")).to_be_visible()
    assert not office["acn_etv"].complaints


def test_the_officials_of_the_story_are_those_who_must_take_part() -> None:
    assert {"insp_017", "insp_018", "aj_09", "ecn_etv_01", "acn_etv", "cj"} <= {step.person for step in STORY.steps}


def pages(office: Office, case: str) -> dict[str, str]:
    """Return every kind of page by name, as an inspector of the case meets it."""
    page = office["insp_017"].page
    page.goto(f"{office.url}/cases/{case}/")
    item = page.locator("#now .item a").first.get_attribute("href")
    decision = page.locator("#decisions a").last.get_attribute("href")
    return {
        "worklist": "/",
        "cases": "/cases/",
        "new case": "/cases/new/",
        "intake": "/cases/new/?type=ETV",
        "case": f"/cases/{case}/",
        "step": f"{item}",
        "decision": f"{decision}",
        "dissent": f"{decision}dissent/",
        "order": "/order/",
        "grants": "/grants/",
        "measures": "/measures/",
        "notices": "/notices/",
        "stories": "/stories/",
        "declaration": f"/cases/{case}/circumstance/",
        "no circumstance": f"/cases/{case}/conflict/",
        "accessibility": "/accessibility/",
        "nothing": "/nothing/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_every_page_is_accessible_and_fits_its_window(
    office: Office, browser: Browser, case: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type] - one of the two literals above
        storage_state=office["insp_017"].page.context.storage_state(),
    )
    page = context.new_page()
    faults: dict[str, object] = {}

    for name, address in pages(office, case).items():
        page.goto(f"{office.url}{address}")
        if found := violations(page):
            faults[name] = found
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults[f"{name} is wider than its window"] = width
    context.close()

    assert not faults


def test_the_page_to_log_in_is_accessible_also_when_it_refuses(office: Office) -> None:
    page = office.page()
    page.goto(f"{office.url}/login/")
    assert not violations(page)

    page.get_by_label("Användarnamn").fill("insp_017")
    page.get_by_label("Lösenord").fill("fel")
    page.get_by_role("button", name="Logga in").click()

    expect(page.get_by_role("alert")).to_contain_text("Du är inte inloggad")
    assert not violations(page)


def test_a_form_that_does_not_hold_says_what_and_keeps_what_was_written(office: Office) -> None:
    page = office["uppl_03"].page
    page.goto(f"{office.url}/cases/new/?type=ETV")
    page.get_by_label("Vad signalen gäller").fill("Det här ska finnas kvar.")

    page.get_by_role("button", name="Öppna ärendet").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Något behöver rättas")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Vad signalen gäller")).to_have_value("Det här ska finnas kvar.")
    assert not violations(page)
    summary.get_by_role("link", name="Verksamhet:").first.click()
    expect(page.get_by_label("Verksamhet", exact=True)).to_be_focused()


def test_the_whole_interface_can_be_had_in_english(office: Office) -> None:
    page = office.page()
    page.goto(f"{office.url}/login/")

    page.get_by_role("button", name="In English").click()

    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
