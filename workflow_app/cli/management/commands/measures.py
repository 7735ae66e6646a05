"""``manage.py measures``: how often cases are returned for more preparation, with the definitions."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from workflow_app.statistics import definitions, reciprocity, report, selectors
from workflow_app.statistics.errors import StatisticsError
from workflow_app.statistics.events import ZONE
from workflow_app.statistics.measures import Share, Spread
from workflow_app.statistics.suppression import SMALLEST, Hidden


class Command(BaseCommand):
    help = "Print M-01 to M-05 for a period, each with its definition. Days are whole and both included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first day; default: a year ago")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last day; default: today")
        parser.add_argument("--forum", default="OPS", help="where the cases were presented; default: OPS")
        parser.add_argument("--case-type", action="append", default=[], dest="case_types", metavar="CODE")
        parser.add_argument("--carry-in", action="store_true", help="count returns made before the period too")
        parser.add_argument("--language", choices=["sv", "en"], default="sv")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, **options: Any) -> None:
        last = options["last"] or _today(timezone.now())
        first = options["first"] or last - timedelta(days=364)
        with translation.override(options["language"]):
            try:
                answer = selectors.report(
                    first=first,
                    last=last,
                    forum=options["forum"],
                    case_types=options["case_types"],
                    carry_in=options["carry_in"],
                )
            except StatisticsError as error:
                raise CommandError(str(error)) from error
            if options["format"] == "json":
                self.stdout.write(json.dumps(report.plain(answer), ensure_ascii=False, indent=2))
            else:
                self._print(answer)

    def _print(self, answer: report.Report) -> None:
        self.stdout.write(f"{answer.forum}  {answer.period.first} – {answer.period.last}")
        self.stdout.write(str(definitions.COUNTING))
        for measure in answer.measures:
            self.stdout.write(f"\n{measure.definition.id}  {measure.definition.name}: {_words(measure.figure)}")
            if measure.chance:
                self.stdout.write(f"    {_chance(measure.chance)}")
            self.stdout.write(f"    {measure.definition.text}")
            if measure.definition.warning:
                self.stdout.write(f"    {measure.definition.warning}")
            for dimension, groups in measure.by.items():
                for group in groups:
                    told = f" ({_chance(group.chance)})" if group.chance else ""
                    self.stdout.write(
                        f"    {dimension:10} {group.key:24} {_words(group.figure)}{told} {group.alert}".rstrip()
                    )


def _today(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def _chance(chance: reciprocity.Chance) -> str:
    return f"by chance {chance.expected}, {chance.low} to {chance.high}"


def _words(figure: report.Figure) -> str:
    if isinstance(figure, Share):
        percent = "–" if figure.percent is None else f"{figure.percent} %"
        return f"{figure.numerator}/{figure.denominator} = {percent}"
    if isinstance(figure, Spread):
        if not figure.count:
            return "–"
        return f"n {figure.count}, mean {figure.mean}, median {figure.median}, p90 {figure.p90}, max {figure.largest}"
    return f"< {SMALLEST}" if isinstance(figure, Hidden) else str(figure)
