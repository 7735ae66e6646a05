"""Tell a model its scenarios, and say what they did and what they never reached."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from workflow_app.cli import demo_authority, output
from workflow_app.cli.management.commands.demo_data import BEGINNING
from workflow_app.engine import bundles
from workflow_app.engine.errors import ModelRefused
from workflow_app.modeler import playing, rehearsal, scenarios
from workflow_app.modeler.errors import InvalidScenarios
from workflow_app.orders import selectors as orders

SCENARIOS = "scenarios.toml"


class Command(BaseCommand):
    help = (
        "Play the scenarios of a model folder against the order in force; exits with 1 when one goes otherwise. "
        "Everything happens in one transaction that is rolled back: nothing is left behind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="BPMN_FOLDER", help="for example bpmn/etv")
        parser.add_argument("--only", default="", metavar="TEXT", help="only scenarios whose name holds this text")
        parser.add_argument("--quiet", action="store_true", help="only the names, the failures and the coverage")
        output.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        book, files = self._read(options["folder"])
        say = self._say if options["format"] == "text" and not options["quiet"] else None
        with transaction.atomic():
            # A story told later than it was written begins now: grants given since are part of it.
            clock = max(book.clock, datetime.now(UTC))
            if not orders.in_force(clock).exists():
                demo_authority.build(beginning=BEGINNING, at=clock, say=lambda text: None)
            try:
                report = rehearsal.rehearse(book, files, clock=clock, only=options["only"], say=say)
            except ModelRefused as error:
                raise CommandError(str(error)) from error
            transaction.set_rollback(True)
        if not report.told:
            raise CommandError(f"no scenario's name holds `{options['only']}`")
        if options["format"] == "json":
            self.stdout.write(output.as_json(asdict(report)))
        else:
            self._sum_up(report)
        if report.failed:
            sys.exit(1)

    def _read(self, folder: Path) -> tuple[scenarios.Book, dict[str, bytes]]:
        if not (folder / SCENARIOS).is_file():
            raise CommandError(f"{folder} has no {SCENARIOS}; give a folder such as bpmn/etv")
        try:
            return scenarios.read((folder / SCENARIOS).read_text(encoding="utf-8")), bundles.read_bundle(folder)
        except InvalidScenarios as error:
            raise CommandError(f"{folder / SCENARIOS}: {error}") from error

    def _say(self, name: str, lines: Sequence[playing.Line]) -> None:
        self.stdout.write(f"\n{name}")
        for line in lines:
            who = f"{line.person:11} {line.element}"
            reason = f"  {line.reason}" if line.reason else ""
            when = f"{line.at:%m-%d %H:%M}"
            self.stdout.write(f"  {line.number:3} {when} {who:46} {line.result:8}{reason}  #{line.ledger}")

    def _sum_up(self, report: rehearsal.Report) -> None:
        for failure in report.failed:
            self.stdout.write(self.style.ERROR(f"FAILED {failure}"))
        for share in (report.elements, report.flows):
            self.stdout.write(f"{share.of}: {share.passed} of {share.all}")
            for name in share.never:
                self.stdout.write(f"    never: {name}")
        self.stdout.write(f"{len(report.told) - len(report.failed)} of {len(report.told)} scenarios went as told")
