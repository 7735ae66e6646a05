"""A process owner who deletes the four-eyes step has only built a case that the gate refuses at the decision."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.site import Site
from tests.browser.story import STORY, fields, today


def test_a_model_without_its_review_step_leads_to_a_decision_that_the_order_refuses(site: Site, office: Office) -> None:
    deployed = site.run("-m", "tests.browser.without_review")
    case = office["uppl_03"].open_case("SABO Enhet 0231, larm på natten", today(STORY.start))
    for login, element in (
        ("insp_017", "assess_risk"),
        ("insp_017", "write_proposal"),
        ("aj_09", "give_legal_opinion"),
        ("insp_017", "present_for_decision"),
    ):
        office[login].do(case, element, fields(element))
    decider = office["acn_etv"]

    decider.take(case, "decide")
    decider.fill(fields("decide"))
    decider.submit()

    assert deployed.strip() == "etv version 2"
    verdict = decider.page.locator(".verdict.refused")
    expect(verdict).to_contain_text("Du får inte besluta enligt DO-036")
    expect(verdict).to_contain_text("Ingen annan person har ännu granskat")
    expect(decider.page.get_by_role("alert")).to_contain_text("Delegationsordningen tillåter det inte")
    decider.page.goto(f"{office.url}/cases/{case}/")
    expect(decider.page.locator("#timeline")).to_contain_text("Åtgärd vägrad enligt delegationsordningen")
    expect(decider.page.locator("#decisions")).to_have_count(0)
