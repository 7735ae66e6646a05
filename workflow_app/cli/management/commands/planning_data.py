"""``manage.py planning_data``: take in what the plan of inspectors is made of besides the registers."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow_app.worklist import planning_data
from workflow_app.worklist.errors import DataRefused


class Command(BaseCommand):
    help = (
        "Read inspectors (inspector;senior;kinds;station;visits) or places (municipality;east;north) from a CSV file "
        "with semicolons: all of it or, when anything in it is wrong, nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=["inspectors", "places"])
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        take, columns = {
            "inspectors": (planning_data.take_inspectors, planning_data.INSPECTORS),
            "places": (planning_data.take_places, planning_data.PLACES),
        }[options["kind"]]
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file, delimiter=";", restval="", restkey="more", strict=True)
                if tuple(rows.fieldnames or ()) != columns:
                    raise CommandError(f"the first line is `{';'.join(columns)}`")
                taken = take([{name: row[name] for name in columns} for row in rows])
        except (DataRefused, csv.Error, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}; nothing is taken in") from error
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        self.stdout.write(f"{taken} lines taken in")
