"""Verify every hash chain of the ledger."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from workflow_app.cases import selectors as cases
from workflow_app.cli import output
from workflow_app.ledger import verification


class Command(BaseCommand):
    help = "Verify every hash chain of the ledger; exits with 1 at the first broken one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        output.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        report = verification.verify(cases.heads())
        breaks = [{"stream": item.stream, "seq": item.seq, "code": item.code} for item in report.breaks]
        if options["format"] == "json":
            found = {"ok": report.ok, "streams": report.streams, "entries": report.entries, "breaks": breaks}
            self.stdout.write(output.as_json(found))
        else:
            self.stdout.write(f"{report.entries} entries in {report.streams} streams")
            for item in breaks:
                self.stdout.write(f"BROKEN {item['stream']} at {item['seq']}: {item['code']}")
            self.stdout.write("every chain holds" if report.ok else f"{len(breaks)} broken")
        if not report.ok:
            sys.exit(1)
