"""Everybody is refused what is not theirs, with the reasons on the page and nothing changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.officials import Office
from tests.browser.story import STORY, fields, today


def step_address(office: Office, login: str, case: str, element: str) -> str:
    """Return the address of an open step, as a person who can see the case finds it there."""
    page = office[login].page
    page.goto(f"{office.url}/cases/{case}/")
    address = page.locator(f'#now li[data-step$="{element}"] a').first.get_attribute("href")
    assert address, f"{login} sees no open step {element}"
    return f"{office.url}{address}"


def force(page: Page, address: str) -> int:
    """Send the request that a missing button would have sent, and return the status of the answer."""
    # The page's own token and session; only the button is made up.
    answer = page.request.post(
        f"{address}claim/",
        form={
            "csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.input_value(),
            "key": "00000000-0000-4000-8000-000000000001",
            "declares": "no_circumstance",
        },
        headers={"Referer": address},
    )
    return answer.status


@pytest.fixture(scope="module")
def reviewed_by_nobody(office: Office) -> str:
    """Bring a case to where the proposal waits for four eyes and a jurist."""
    case = office["uppl_03"].open_case("LSS-boende Enhet 0108, vanvård", today(STORY.start))
    for element in ("assess_risk", "write_proposal"):
        office["insp_017"].do(case, element, fields(element))
    return case


@pytest.mark.parametrize(
    ("login", "element", "reason"),
    [
        ("insp_017", "review_proposal", "Du skrev, ändrade eller inspekterade för förslaget"),
        ("insp_018", "give_legal_opinion", "Den här sortens åtgärd görs inte av inspektör"),
        ("acn_etv", "give_legal_opinion", "Den här sortens åtgärd görs inte av nationellt ansvarig avdelningschef"),
        ("ecn_etv_01", "give_legal_opinion", "Den här sortens åtgärd görs inte av nationellt ansvarig enhetschef"),
    ],
)
def test_a_missing_button_is_explained_and_the_request_behind_it_is_refused(
    office: Office, reviewed_by_nobody: str, login: str, element: str, reason: str
) -> None:
    address = step_address(office, "insp_017", reviewed_by_nobody, element)
    page = office[login].page

    page.goto(address)

    expect(page.locator(".verdict.refused")).to_contain_text(reason)
    expect(page.locator('form[action$="/claim/"]')).to_have_count(0)
    assert force(page, address) == 403


def test_the_refused_attempt_is_kept_in_the_ledger(office: Office, reviewed_by_nobody: str) -> None:
    page = office["ecn_etv_01"].page
    force_at = step_address(office, "insp_017", reviewed_by_nobody, "review_proposal")
    own = office["insp_017"].page
    own.goto(force_at)
    force(own, force_at)

    page.goto(f"{office.url}/cases/{reviewed_by_nobody}/")

    expect(page.locator("#timeline")).to_contain_text("Åtgärd vägrad enligt delegationsordningen")


@pytest.mark.parametrize("login", ["act", "hl_til_11", "po_01"])
def test_a_case_is_unknown_to_those_it_does_not_concern(office: Office, reviewed_by_nobody: str, login: str) -> None:
    page = office[login].page

    answer = page.goto(f"{office.url}/cases/{reviewed_by_nobody}/")

    assert answer is not None
    assert answer.status == 404


@pytest.fixture(scope="module")
def ready_for_decision(office: Office, reviewed_by_nobody: str) -> str:
    """Bring the case to where it waits for a decision."""
    office["insp_018"].do(reviewed_by_nobody, "review_proposal", fields("review_proposal") | {"outcome": "AGREE"})
    office["aj_09"].do(reviewed_by_nobody, "give_legal_opinion", fields("give_legal_opinion"))
    office["insp_017"].do(reviewed_by_nobody, "present_for_decision", fields("present_for_decision"))
    return reviewed_by_nobody


@pytest.mark.parametrize(
    ("login", "reason"),
    [
        ("insp_017", "DO-036 kräver lägst nationellt ansvarig avdelningschef"),
        ("insp_018", "DO-036 kräver lägst nationellt ansvarig avdelningschef"),
        ("aj_09", "Nivån avdelningsjurist räcker inte"),
    ],
)
def test_who_may_not_decide_reads_why_and_who_may(
    office: Office, ready_for_decision: str, login: str, reason: str
) -> None:
    address = step_address(office, "acn_etv", ready_for_decision, "decide")
    page = office[login].page

    page.goto(address)

    verdict = page.locator(".verdict.refused")
    expect(verdict).to_contain_text("Du får inte besluta enligt DO-036")
    expect(verdict).to_contain_text(reason)
    expect(verdict).to_contain_text("Avdelningschef A (ETV, EVB)")
    assert force(page, address) == 403


def test_who_may_decide_reads_why_before_signing(office: Office, ready_for_decision: str) -> None:
    official = office["acn_etv"]

    official.take(ready_for_decision, "decide")

    verdict = official.page.locator(".verdict")
    expect(verdict).to_contain_text("Du får besluta enligt DO-036, eftersom")
    expect(verdict).to_contain_text("En annan person har granskat förslaget")
    expect(official.page.get_by_role("button", name="Underteckna")).to_be_visible()
