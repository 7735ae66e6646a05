"""``manage.py staffing``: what could not be decided now, or with any one or two persons away."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from workflow_app.cases import readiness
from workflow_app.cases.readiness import Weak
from workflow_app.cli import output
from workflow_app.enforcement import shortage
from workflow_app.organisation import selectors as organisation


class Command(BaseCommand):
    help = "Print which open cases and decision types cannot be decided now, or with any one or two persons away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="the moment, ISO 8601 with time zone; default: now")
        output.add_format(parser)

    def handle(self, **options: Any) -> None:
        found = readiness.report(output.moment(options["at"]))
        if options["format"] == "json":
            self.stdout.write(output.as_json(readiness.as_data(found)))
            return
        names = organisation.names(found.persons)
        self.stdout.write(f"{found.cases} open cases with a proposal and {found.rows} rows were looked at")
        for each in found.undecidable:
            self.stdout.write(f"NOBODY LEFT {_of(each)}")
            for sentence in shortage.reasons(each.shortage, names) if each.shortage else ():
                self.stdout.write(f"    {sentence}")
        for group, weak in found.missed.items():
            who = " and ".join(sorted(names.get(person, person) for person in group))
            cases = [each.number for each in weak if each.case]
            rows = sorted({f"{each.case_type} {each.row}" for each in weak if not each.case})
            self.stdout.write(f"WITHOUT {who}: {len(cases)} cases, {len(rows)} rows")
            self._some("cases", cases)
            self._some("rows", rows)

    def _some(self, what: str, found: Iterable[str]) -> None:
        listed = list(found)
        if listed:
            more = f" and {len(listed) - 10} more" if len(listed) > 10 else ""
            self.stdout.write(f"    {what}: {', '.join(listed[:10])}{more}")


def _of(each: Weak) -> str:
    return f"{each.number or each.row} ({each.case_type} {each.decision_type})"
