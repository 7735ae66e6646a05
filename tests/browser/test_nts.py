"""A national supervision: an area, one set of criteria, a case of its own for each unit, and a published report."""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import Told, told
from workflow_app.modeler.scenarios import Step

NATIONAL = told("nts", "DO-060, DO-061 och DO-070")
UNIT = told("nts_child", "DO-065: inga brister")
#: In the story they come weekly; nobody waits a week in a browser.
WEEKLY = frozenset({"report_weekly_status", "hold_calibration"})
ONE_UNIT = [{"unit_id": "ENH-001031"}]


def _play(office: Office, story: Told, case: str, steps: Iterable[Step]) -> None:
    for step in steps:
        fields = story.today(step.fields)
        if "sample_units" in fields:
            fields["sample_units"] = ONE_UNIT
        office[step.person].do(case, step.element, fields)


def test_an_area_becomes_a_report_when_the_case_of_each_unit_has_closed(office: Office) -> None:
    steps = NATIONAL.scenario.steps
    turn = next(place for place, step in enumerate(steps) if step.close_child is not None)
    before = [step for step in steps[:turn] if step.element and step.element not in WEEKLY]
    after = [step for step in steps[turn:] if step.element]
    case = NATIONAL.open(office, "Läkemedel på särskilda boenden")

    _play(office, NATIONAL, case, before)
    unit = office["pl_nts_01"].linked(case).first
    child = (unit.get_attribute("href") or "").strip("/").rpartition("/")[2]
    _play(office, UNIT, child, UNIT.scenario.steps)
    _play(office, NATIONAL, case, after)

    page = office["pl_nts_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    for row in ("DO-060", "DO-061", "DO-070"):
        expect(decisions).to_contain_text(row)
    # The project leader knows of the unit's case; what it decided is for those who take part in it.
    page.goto(f"{office.url}/cases/{child}/")
    expect(page.locator("#now")).to_be_visible()
    expect(page.locator("#decisions")).to_have_count(0)
    page = office[UNIT.scenario.steps[-1].person].page
    page.goto(f"{office.url}/cases/{child}/")
    expect(page.locator("#decisions")).to_contain_text("DO-065")
