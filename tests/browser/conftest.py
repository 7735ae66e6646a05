"""Debian's Chromium for every browser test, quiet and without a sandbox of its own (CI runs as root)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.officials import Office
from tests.browser.site import Site, started
from tests.conftest import program_for

HERE = Path(__file__).parent
# Playwright's synchronous door runs an event loop in the test's thread; the tests still use the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": program_for("browser"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run a private demo for a module of tests."""
    with started(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def office(site: Site, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Office]:
    """Let officials work at the private demo, each in a window of their own."""
    everybody = Office(browser, site.url, **browser_context_args)
    yield everybody
    everybody.close()
