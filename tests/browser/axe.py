"""What axe finds on a page."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.site import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe finds on a page."""
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{found['id']}: {node['html'][:160]}" for found in found["violations"] for node in found["nodes"]]
