"""The catalogue of rules is read by everybody who can read: on a narrow screen, in the dark, and by a screen reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.officials import Office
from tests.browser.test_beside_the_steps import fits


@pytest.mark.parametrize("path", ["/rules/", "/legal-basis/"])
def test_the_rules_and_the_law_behind_them_fit_every_window(office: Office, browser: Browser, path: str) -> None:
    page = office["ir_01"].page
    page.goto(f"{office.url}{path}")

    fits(page, browser)
    assert not office["ir_01"].complaints
