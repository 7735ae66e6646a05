"""Officials at work in a browser: each in a window of their own, doing only what a page offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from workflow_app.organisation.demo import PASSWORD


class Official:
    """One person at work. Pages may not complain: an error in the console fails the test."""

    def __init__(self, context: BrowserContext, url: str, login: str) -> None:
        self.login = login
        self.url = url
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{url}/login/")
        self.page.get_by_label("Användarnamn").fill(login)
        self.page.get_by_label("Lösenord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logga in").click()
        expect(self.page.get_by_role("heading", name="Arbetslista")).to_be_visible()

    def _note(self, message: Any) -> None:
        # A refused request is answered with a status that Chromium reports; anything else is a fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def row(self, case: str, element: str) -> Locator:
        """Return the worklist's line of a step in a case, by the end of the element's id."""
        return self.page.locator(f'li[data-case="{case}"][data-step$="{element}"]').first

    def open_case(self, title: str, fields: Mapping[str, Any], case_type: str = "ETV") -> str:
        """Register what has arrived and return the case's id."""
        self.page.goto(f"{self.url}/cases/new/")
        self.page.locator(f'a[href$="type={case_type}"]').click()
        self.page.get_by_label("Vad ärendet gäller").fill(title)
        self.fill(fields)
        self.page.get_by_role("button", name="Öppna ärendet").click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()
        return self.page.url.rstrip("/").rpartition("/")[2]

    def take(self, case: str, element: str) -> None:
        """Open a step from the worklist, and take it unless it is already this person's."""
        self.page.goto(self.url)
        self.row(case, element).get_by_role("heading").get_by_role("link").click()
        form = self.page.locator("#fields")
        take = self.page.locator("#content form button", has_text=re.compile("^Ta$"))
        declare = self.page.get_by_role("button", name="Förklara och ta uppgiften")
        form.or_(take).first.wait_for(state="attached")
        if take.count():
            take.click()
            form.or_(declare).first.wait_for(state="attached")
        if declare.count():
            declare.click()
            form.wait_for(state="attached")

    def fill(self, fields: Mapping[str, Any]) -> None:
        """Fill in the form on the page. Parts that an answer brings forth are filled when they have come."""
        left = dict(fields)
        while True:
            expect(self.page.locator(".htmx-request")).to_have_count(0)
            there = [key for key in left if self._named(key).count()]
            if not there:
                return
            for key in there:
                if self.page.locator(f'[name="{key}-rows"]').count():
                    left |= self._rows(key, left.pop(key))
                elif self._named(key).count():
                    self._answer(key, left.pop(key))

    def _named(self, key: str) -> Locator:
        return self.page.locator(f'[name="{key}"], [name="{key}-rows"]')

    def _rows(self, key: str, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
        """Make room for the rows of a list, and return the answers in them by the names they have on the page."""
        while int(self.page.locator(f'[name="{key}-rows"]').input_value()) < len(rows):
            with self.page.expect_response("**/preview/**"):
                self.page.locator(f'button[value="add:{key}"]').click()
            expect(self.page.locator(".htmx-request")).to_have_count(0)
        return {f"{key}-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}

    def _answer(self, key: str, value: Any) -> None:
        field = self.page.locator(f'[name="{key}"]')
        kind = field.first.evaluate("element => element.type || element.tagName.toLowerCase()")
        if kind == "checkbox":
            for box in field.all():
                self._tick(box, box.input_value() in value if isinstance(value, list) else bool(value))
        elif kind == "radio":
            self._tick(self.page.locator(f'[name="{key}"][value="{value}"]'), True)
        elif kind.startswith("select"):
            if field.input_value() != str(value):
                self._change(field, lambda: field.select_option(str(value)))
        else:
            field.fill(_written(value))

    def _tick(self, box: Locator, wanted: bool) -> None:
        if box.is_checked() != wanted:
            self._change(box, lambda: box.set_checked(wanted))

    def _change(self, field: Locator, act: Callable[[], object]) -> None:
        """Change an answer; where answers bring parts forth, wait until the page has asked which."""
        if not field.evaluate("element => Boolean(element.closest('[hx-post]'))"):
            act()
            return
        with self.page.expect_response("**/preview/**"):
            act()
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def linked(self, case: str) -> Locator:
        """Return the links to the cases that a case has opened, once the background has opened one."""
        links = self.page.locator("#links tbody a")
        self.page.goto(f"{self.url}/cases/{case}/")
        while not links.count():
            self.page.reload()
        return links

    def submit(self) -> None:
        """Send the form on the page."""
        self.page.locator("form:has(#fields) button.primary").click()

    def do(self, case: str, element: str, fields: Mapping[str, Any]) -> None:
        """Do a step from the worklist to the case's page, and fail when the page says anything else."""
        self.take(case, element)
        self.fill(fields)
        self.submit()
        problems = self.page.locator(".error-summary, .notice.bad, .verdict.refused")
        told = problems.first.inner_text() if problems.count() else ""
        assert not told, f"{self.login} at {element}: {told}"
        expect(self.page.get_by_role("status").filter(has_text="Klart")).to_be_visible()
        assert not self.complaints, self.complaints


def _written(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


class Office:
    """Everybody at work on one site; a person logs in once."""

    def __init__(self, browser: Browser, url: str, **context: Any) -> None:
        self._browser = browser
        self._context = context
        self._officials: dict[str, Official] = {}
        self.url = url

    def __getitem__(self, login: str) -> Official:
        if login not in self._officials:
            context = self._browser.new_context(**self._context)
            context.set_default_timeout(15_000)
            self._officials[login] = Official(context, self.url, login)
        return self._officials[login]

    def page(self) -> Page:
        """Return a page of somebody who has not logged in."""
        return self._browser.new_context(**self._context).new_page()

    def close(self) -> None:
        """Let everybody go home."""
        for official in self._officials.values():
            official.page.context.close()
