"""``manage.py rotation_plan``: propose inspectors for every home of a year, or name the smallest shortage."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from workflow_app.cli import output
from workflow_app.worklist import selectors, words
from workflow_app.worklist.errors import WorklistError
from workflow_app.worklist.proposal import Proposal


class Command(BaseCommand):
    help = (
        "Propose two inspectors for every home in the register: lawful by the rotation, with the least travel, or the "
        "fewest homes that must go without. The same rows and seed give the same plan. Nothing is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="the year to plan")
        parser.add_argument("--seed", type=int, default=1, help="draws lots among equals; default 1")
        parser.add_argument("--at", help="moment whose rows are read (ISO 8601 with offset); default now")
        parser.add_argument("--language", choices=["sv", "en"], default="sv")
        output.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = output.moment(options["at"])
        try:
            found = selectors.proposed(year=options["year"], seed=options["seed"], at=at)
        except WorklistError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(output.as_json(json.loads(found.dumps())))
            return
        with translation.override(options["language"]):
            self._tell(found)

    def _tell(self, found: Proposal) -> None:
        for each in found.teams:
            self.stdout.write(each.team.home)
            for code in (each.team.lead, each.team.second):
                self.stdout.write(f"    {words.because(each.because[code], name=code)}")
        for shortage in found.shortages:
            self.stdout.write(f"{shortage.home}  – {words.RULES[shortage.rule]}")
        self.stdout.write(
            f"{found.year}, seed {found.seed}: {len(found.teams)} homes with a team, {len(found.shortages)} without, "
            f"{found.km} km; problem {found.problem_sha256[:12]}"
        )
