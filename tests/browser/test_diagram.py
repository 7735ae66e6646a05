"""The diagram viewer shows where a case stands, under the strict policy, with the mark of bpmn.io in view."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "workflow_app" / "web" / "static" / "dist"
POLICY = "default-src 'self'; img-src 'self' data:; font-src 'self' data:"
ADDRESS = "http://beredd.test/"


def page_with(data: dict[str, object]) -> str:
    block = json.dumps(data).replace("<", "\\u003c")
    return f"""<!doctype html><html lang="sv"><head><title>Diagram</title>
    <link rel="stylesheet" href="/dist/diagram.css"></head>
    <body><div class="diagram" data-diagram="where"></div>
    <script type="application/json" id="where">{block}</script>
    <script src="/dist/diagram.js" defer></script></body></html>"""


def show(page: Page, **data: object) -> list[str]:
    """Show a page with the viewer and return the list that its complaints end up in."""
    complaints: list[str] = []
    labels = {"zoom_in": "Förstora", "zoom_out": "Förminska", "fit": "Visa allt", "failed": "Bilden kan inte visas."}
    html = page_with({"title": "Egeninitierad tillsyn", "labels": labels, **data})

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path.startswith("dist/"):
            kind = mimetypes.guess_type(path)[0] or "text/plain"
            route.fulfill(body=(DIST.parent / path).read_bytes(), content_type=kind)
        elif path == "":
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        else:
            route.fulfill(status=404, body="")

    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.route("**/*", answer)
    page.goto(ADDRESS)
    return complaints


def etv() -> str:
    return (ROOT / "bpmn" / "etv" / "process.bpmn").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_it_shows_where_the_case_stands_and_keeps_the_mark_in_view(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    complaints = show(page, xml=etv(), here=[{"node": "assess_risk", "note": "Här: insp_017"}], passed=["link_unit"])

    expect(page.locator("[data-drawn=true]")).to_be_visible()
    expect(page.get_by_text("Här: insp_017")).to_be_attached()
    expect(page.locator(".diagram-here")).to_have_count(1)
    expect(page.locator(".diagram-passed")).to_have_count(1)
    expect(page.get_by_role("img", name="Egeninitierad tillsyn")).to_be_visible()
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    box = mark.bounding_box()
    assert box is not None
    page.evaluate("y => window.scrollTo(0, y)", box["y"] - 300)
    uncovered = mark.evaluate(
        """link => { const r = link.getBoundingClientRect();
            return [[r.left + 1, r.top + 1], [r.right - 1, r.bottom - 1], [r.left + r.width / 2, r.top + r.height / 2]]
                .every(([x, y]) => link.contains(document.elementFromPoint(x, y))); }"""
    )
    assert uncovered
    assert complaints == []


def test_work_inside_a_called_process_is_shown_on_the_activity_that_calls_it(page: Page) -> None:
    show(page, xml=etv(), here=[{"node": "prepare_opening/quality_control/review_proposal", "note": "Granskas"}])

    expect(page.locator("[data-element-id=prepare_opening].diagram-here")).to_have_count(1)


def test_two_answers_awaited_in_one_place_share_a_note(page: Page) -> None:
    here = [{"node": "prepare_outcome/answer", "note": "aj_09"}, {"node": "prepare_outcome/answer", "note": "tl_04"}]

    show(page, xml=etv(), here=here)

    expect(page.get_by_text("aj_09, tl_04")).to_be_attached()


def test_it_can_be_zoomed_by_keyboard(page: Page) -> None:
    show(page, xml=etv())
    expect(page.locator("[data-drawn=true]")).to_be_visible()
    viewport = page.locator(".viewport").first
    before = viewport.get_attribute("transform")

    page.get_by_role("button", name="Förstora").press("Enter")

    assert viewport.get_attribute("transform") != before


def test_a_model_that_cannot_be_drawn_says_so_in_the_pages_language(page: Page) -> None:
    show(page, xml="<not-bpmn/>")

    expect(page.get_by_text("Bilden kan inte visas.")).to_be_visible()
