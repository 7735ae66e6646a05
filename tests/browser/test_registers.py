"""A registrar imports a file, and an information officer finds the unit that a signal is about."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.officials import Office
from tests.browser.story import STORY, today

PROVIDERS = "kod;namn;verksam_fran;verksam_till\nUTF-00901;Demo Omsorg 901 AB;2020-01-01;\n"


def test_a_file_is_corrected_checked_and_imported(office: Office, tmp_path: Path) -> None:
    registrar = office["reg_05"]
    page = registrar.page
    file = tmp_path / "utforare.csv"

    def check(text: str) -> None:
        file.write_text(text, encoding="utf-8")
        page.get_by_label("CSV-fil").set_input_files(file)
        page.get_by_role("button", name="Kontrollera filen").click()

    page.goto(office.url)
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_role("link", name="Utförare").click()
    page.get_by_role("link", name="Läs in en fil").click()
    assert violations(page) == []

    check(PROVIDERS.replace("2020-01-01", "i fjol"))
    expect(page.get_by_role("alert")).to_contain_text("Filen går inte att läsa in")
    expect(page.get_by_role("row", name="2 verksam_fran")).to_contain_text("`i fjol` är ingen dag")
    assert violations(page) == []

    check(PROVIDERS)
    expect(page.get_by_role("row", name="UTF-00901")).to_contain_text("ny")
    assert violations(page) == []
    page.get_by_role("button", name="Läs in").click()
    expect(page.get_by_role("status")).to_contain_text("1 nya och 0 ändrade poster är inlästa.")
    page.get_by_label("Kod eller namn").fill("901")
    page.get_by_role("button", name="Filtrera").click()
    page.get_by_role("link", name="Demo Omsorg 901 AB").click()
    expect(page.get_by_role("heading", name="Ändringar")).to_be_visible()
    assert violations(page) == []
    assert not registrar.complaints


def test_a_unit_is_found_by_its_name_and_leads_to_its_cases(office: Office) -> None:
    officer = office["uppl_03"]
    page = officer.page
    page.goto(f"{office.url}/cases/new/?type=ETV")
    officer.fill({key: value for key, value in today(STORY.start).items() if key != "unit_id"})
    page.get_by_label("Vad ärendet gäller").fill("Sökt i registret")

    page.get_by_label("Verksamhet", exact=True).press_sequentially("hvb 0417")
    choice = page.get_by_role("button", name="ENH-000417")
    expect(choice).to_contain_text("HVB Enhet 0417 · Demo Omsorg 031 AB")
    assert violations(page) == []
    choice.press("Enter")
    expect(page.get_by_label("Verksamhet", exact=True)).to_have_value("ENH-000417")
    expect(page.get_by_label("Verksamhet", exact=True)).to_be_focused()
    expect(page.locator("#id_unit_id_found")).to_contain_text("HVB Enhet 0417")
    page.get_by_role("button", name="Öppna ärendet").click()

    page.get_by_role("link", name="HVB Enhet 0417", exact=True).click()
    expect(page.get_by_role("link", name="Sökt i registret")).to_be_visible()
    assert violations(page) == []
    assert not officer.complaints


def test_a_code_that_is_in_no_register_is_refused_beside_its_field(office: Office) -> None:
    officer = office["uppl_03"]
    page = officer.page
    page.goto(f"{office.url}/cases/new/?type=ETV")
    officer.fill({**today(STORY.start), "unit_id": "HVB någonstans"})
    page.get_by_label("Vad ärendet gäller").fill("Utan verksamhet")

    page.get_by_role("button", name="Öppna ärendet").click()

    expect(page.get_by_role("alert")).to_contain_text("Verksamhet: finns inte i registret")
    assert violations(page) == []


def test_without_script_the_register_is_read_in_a_page_of_its_own(
    office: Office, browser: Browser, browser_context_args: dict[str, object]
) -> None:
    state = office["uppl_03"].page.context.storage_state()
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False, "storage_state": state})
    page = context.new_page()
    page.goto(f"{office.url}/cases/new/?type=ETV")

    with context.expect_page() as opened:
        page.get_by_role("link", name="Se efter i registret").click()
    register = opened.value
    register.get_by_label("Kod eller namn").fill("hvb 0417")
    register.get_by_role("button", name="Filtrera").click()

    expect(register.get_by_role("cell", name="ENH-000417")).to_be_visible()
    context.close()
