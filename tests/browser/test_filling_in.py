"""A form with lists in it: by mouse, by keyboard, without script, on two pages at once and in a narrow window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.officials import Office
from tests.browser.story import told

STEP = "review_lex_sarah_enquiry"
LOGIN = "insp_lsa_01"


@pytest.fixture(scope="module")
def address(office: Office) -> str:
    """Bring a lex Sarah report to where an inspector lists its causes; return the address of the step."""
    story = told("lsa", "DO-122")
    case = story.open(office, "LSS-boende 0903, missförhållande")
    for step in story.scenario.steps:
        if step.element.endswith(STEP):
            break
        office[LOGIN].do(case, step.element, story.today(step.fields))
    office[LOGIN].take(case, STEP)
    return office[LOGIN].page.url


@pytest.fixture
def page(office: Office, address: str) -> Iterator[Page]:
    """Open the step with nothing typed in it."""
    page = office[LOGIN].page
    page.goto(address)
    discard = page.get_by_role("button", name="Ta bort utkastet")
    if discard.count():
        discard.click()
    yield page
    assert not office[LOGIN].complaints


def rows(page: Page) -> Locator:
    return page.locator("#id_causes fieldset.row")


def kept(page: Page) -> None:
    expect(page.locator("#draft-state")).to_contain_text("Utkast sparat")


def test_rows_come_and_go_and_what_was_typed_stays(page: Page) -> None:
    page.locator("[name=causes-0-cause]").fill("Schemat saknade ersättare.")
    page.get_by_role("button", name="Lägg till en rad").click()
    expect(rows(page)).to_have_count(2)
    expect(rows(page).nth(1)).to_be_focused()
    page.locator("[name=causes-1-cause]").fill("Ingen hade ansvaret.")

    page.get_by_role("button", name="Ta bort rad 1").click()

    expect(rows(page)).to_have_count(1)
    expect(page.locator("[name=causes-0-cause]")).to_have_value("Ingen hade ansvaret.")
    expect(page.locator("#id_causes")).to_be_focused()


def test_rows_come_and_go_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Lägg till en rad").press("Enter")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[name=causes-1-cause]")).to_be_focused()
    page.get_by_role("button", name="Ta bort rad 2").press("Space")

    expect(rows(page)).to_have_count(1)
    kept(page)


def test_what_is_wrong_in_a_row_is_led_to_from_the_list_of_problems(page: Page) -> None:
    page.locator("[name=causes-0-cause]").fill("Schemat saknade ersättare.")
    page.locator("form:has(#fields) button.primary").click()

    page.locator(".error-summary").get_by_role("link", name="Orsaker och åtgärder, rad 1: Åtgärd").click()

    expect(page.locator("[name=causes-0-measure]")).to_be_focused()
    expect(page.locator("[name=causes-0-cause]")).to_have_value("Schemat saknade ersättare.")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (320, "dark")])
def test_a_list_fits_its_window_and_passes_axe(page: Page, browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        storage_state=page.context.storage_state(),
    )
    shown = context.new_page()
    shown.goto(page.url)
    shown.get_by_role("button", name="Lägg till en rad").click()
    expect(rows(shown)).to_have_count(2)
    shown.locator("[name=causes-1-measure]").fill("Ersättare i jour.")
    kept(shown)

    assert not violations(shown)
    assert not shown.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()


def test_a_draft_is_kept_while_somebody_writes_and_is_there_again(page: Page) -> None:
    page.get_by_role("button", name="Lägg till en rad").click()
    expect(rows(page)).to_have_count(2)
    page.locator("[name=causes-1-cause]").fill("Halvf")
    kept(page)

    page.goto(page.url)

    expect(rows(page)).to_have_count(2)
    expect(page.locator("[name=causes-1-cause]")).to_have_value("Halvf")


def test_a_stale_page_is_told_and_neither_text_is_lost(page: Page) -> None:
    stale = page.context.new_page()
    stale.goto(page.url)
    page.locator("[name=causes-0-cause]").fill("Från den nya sidan.")
    kept(page)

    stale.locator("[name=causes-0-cause]").fill("Från den gamla sidan.")

    warning = stale.locator("#draft-state").get_by_role("alert")
    expect(warning).to_contain_text("Från den nya sidan.")
    expect(warning).to_contain_text("Från den gamla sidan.")
    expect(stale.locator("[name=causes-0-cause]")).to_have_value("Från den gamla sidan.")
    assert not violations(stale)
    stale.get_by_role("button", name="Behåll det som står på den här sidan").click()
    expect(stale.get_by_role("status")).to_contain_text("Utkastet är sparat.")
    stale.close()
    page.goto(page.url)
    expect(page.locator("[name=causes-0-cause]")).to_have_value("Från den gamla sidan.")


def test_everything_is_there_without_script(page: Page, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="sv-SE", storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(page.url)
    plain.locator("[name=causes-0-cause]").fill("Schemat saknade ersättare.")
    plain.get_by_role("button", name="Lägg till en rad").click()
    expect(rows(plain)).to_have_count(2)
    plain.get_by_role("button", name="Spara utkast").click()
    expect(plain.get_by_role("status")).to_contain_text("Utkastet är sparat. Bara du ser det.")
    expect(plain.locator("[name=causes-0-cause]")).to_have_value("Schemat saknade ersättare.")

    # Enter sends the form; it does not press a button of a row.
    plain.locator("[name=causes-0-cause]").press("Enter")

    expect(plain.locator(".error-summary")).to_be_visible()
    context.close()
