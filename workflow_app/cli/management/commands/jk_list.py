"""``manage.py jk_list``: the yearly list of old undecided cases to the Chancellor of Justice (MF 29 §)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import due


class Command(BaseCommand):
    help = "Print the list of 1 March: cases received before 1 July the year before and undecided at its end (R-86)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, help="the year of the list; default: this year")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, **options: Any) -> None:
        year = options["year"] or timezone.now().astimezone(STOCKHOLM).year
        found = due.jk_list(year)
        if options["format"] == "json":
            rows = [asdict(row) for row in found]
            self.stdout.write(json.dumps({"year": year, "cases": rows}, default=str, ensure_ascii=False, indent=2))
            return
        for row in found:
            self.stdout.write(
                f"{row.case_number:18} {row.case_type:5} {row.received_on}  {row.latest_act_on or '–'}  {row.state}"
            )
        self.stdout.write(f"{len(found)} cases received before {year - 1}-07-01 and undecided at the end of {year - 1}")
