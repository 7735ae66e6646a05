"""``manage.py rules``: every rule that is enforced, where, and what tries to get round it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from workflow_app.cli import output
from workflow_app.enforcement.catalogue import Catalogue, Entry, catalogue


class Command(BaseCommand):
    #: It reads files and nothing else.
    requires_system_checks: tuple[str, ...] = ()
    help = (
        "List every rule with the functions that enforce it and the tests that try to get round it. Ends with 1 when "
        "a rule has no code or no test, or something names a rule that there is not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json", "html"], default="text")

    def handle(self, **options: Any) -> None:
        found = catalogue()
        if options["format"] == "json":
            self.stdout.write(output.as_json(_as_data(found)))
        elif options["format"] == "html":
            self.stdout.write(_as_html(found, get_language()))
        else:
            for entry in found.entries:
                tests = len(_tests(entry))
                self.stdout.write(
                    f"{entry.rule.id}  {entry.rule.severity:6}  {len(entry.code):3} code  {tests:3} tests"
                )
            self.stdout.write(f"{found.complete} of {len(found.entries)} rules have code and a test")
            for problem in found.problems:
                self.stdout.write(self.style.ERROR(problem))
        if found.problems:
            sys.exit(1)


def _tests(entry: Entry) -> list[str]:
    return [str(place) for place in (*(entry.tests or ()), *entry.stories)]


def _as_data(found: Catalogue) -> dict[str, Any]:
    return {
        "rules": [
            {
                "id": entry.rule.id,
                "chapter": entry.rule.chapter,
                "sv": entry.rule.swedish,
                "en": entry.rule.english,
                "severity": entry.rule.severity,
                "acts": entry.rule.acts,
                "basis": entry.rule.basis,
                "code": [str(place) for place in entry.code],
                "tests": _tests(entry),
            }
            for entry in found.entries
        ],
        "complete": found.complete,
        "problems": found.problems,
    }


def _as_html(found: Catalogue, language: str) -> SafeString:
    """Return a page that stands by itself, to be filed with the order."""
    rows = format_html_join(
        "\n",
        "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        (
            (
                entry.rule.id,
                entry.rule.sentence(language),
                entry.rule.severity,
                _list(str(place) for place in entry.code),
                _list(_tests(entry)),
            )
            for entry in found.entries
        ),
    )
    head = "<tr><th>id</th><th>rule</th><th>severity</th><th>code</th><th>tests</th></tr>"
    return format_html(
        "<!doctype html>\n<html lang='{}'><meta charset='utf-8'><title>Beredd</title>\n<table>{}\n{}\n</table></html>",
        language,
        SafeString(head),
        rows,
    )


def _list(places: Iterable[str]) -> SafeString:
    return format_html_join("", "{}<br>", ((place,) for place in places))
