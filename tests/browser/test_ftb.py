"""A home for children from the year's visit to demands, follow-up and a case of supervision that it leads to."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.officials import Office
from tests.browser.story import told


def test_a_home_is_visited_its_children_heard_and_its_demands_followed_up(office: Office) -> None:
    case = told("ftb", "DO-077: krav som följs").play(office, "HVB Enhet 0417, årets inspektion")

    page = office["ecn_ftb_01"].page
    page.goto(f"{office.url}/cases/{case}/")
    decisions = page.locator("#decisions")
    for row in ("DO-072", "DO-038", "DO-077", "DO-044"):
        expect(decisions).to_contain_text(row)
    expect(office["reg_05"].linked(case)).to_have_count(1)
