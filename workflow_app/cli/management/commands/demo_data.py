"""Make the demo authority: its people, its delegation order, its processes and a few cases to begin with."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cli import demo_authority, demo_past, demo_table, output
from workflow_app.modeler import histories
from workflow_app.registry.demo import Scale
from workflow_app.worklist import demo as worklist_demo

#: Appointments, order and processes of the demo are valid from here on.
BEGINNING = datetime(2022, 1, 1, tzinfo=STOCKHOLM)


class Command(BaseCommand):
    help = "Make the demo authority if it is not there; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="the moment the demo is made (ISO 8601); default now")
        parser.add_argument("--no-cases", action="store_true", help="only people, order and processes")
        parser.add_argument("--no-stories", action="store_true", help="no played stories, only what has just arrived")

        parser.add_argument("--scale", choices=histories.SCALES, help="also its past, so large (docs/running.md)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same past; default 1")
        parser.add_argument("--processes", type=int, help="how many play the past; default: what the database bears")
        parser.add_argument("--check", action="store_true", help="hold the past played against the domain's table")

    def handle(self, *args: Any, **options: Any) -> None:
        at = output.moment(options["at"])

        def say(text: str) -> None:
            if options["verbosity"]:
                self.stdout.write(text)
                self.stdout.flush()

        demo_authority.build(beginning=BEGINNING, at=at, say=say, scale=Scale.DEMO)
        say(f"  {worklist_demo.create()} inspectors described for the planning")
        if options["scale"]:
            demo_past.make(scale=options["scale"], seed=options["seed"], processes=options["processes"], at=at, say=say)
            if options["check"]:
                self._check(options["scale"])
        if not options["no_cases"]:
            demo_authority.open_cases(at=at, say=say)
            if not options["no_stories"]:
                demo_authority.tell_stories(at=at, say=say, slow=bool(options["scale"]))

    def _check(self, scale: str) -> None:
        rows = list(demo_table.rows(scale=scale))
        for row in rows:
            self.stdout.write(f"  {'ok ' if row.holds else 'NO '} {row.name}: {row.found} of {row.wanted}")
        wrong = sum(not row.holds for row in rows)
        if wrong:
            raise CommandError(
                f"{wrong} lines of the domain's table do not hold; cases and stories opened since count too"
            )
