"""``manage.py reachability``: which models come to each row of the delegation order, and why not to the others."""

from __future__ import annotations

import sys
import tomllib
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from delegation.order import load_order
from workflow_app.cli import output
from workflow_app.engine import bundles
from workflow_app.modeler import reach
from workflow_app.orders.services import read_bundle

REASONS = "rows_without_model.toml"


class Command(BaseCommand):
    #: It reads files and nothing else.
    requires_system_checks: tuple[str, ...] = ()
    help = (
        "List every row of the delegation order with the models that come to it, or the reason why none does. Ends "
        "with 1 when a row has neither or both, or a model lets somebody decide what the order has no row for."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        output.add_format(parser)

    def handle(self, **options: Any) -> None:
        found = shipped()
        if options["format"] == "json":
            self.stdout.write(output.as_json({**asdict(found), "problems": found.problems}))
        else:
            for row in found.rows:
                self.stdout.write(f"{row.row}  {', '.join(row.models) or row.reason or '?'}")
            for problem in found.problems:
                self.stdout.write(self.style.ERROR(problem))
        if found.problems:
            sys.exit(1)


def shipped() -> reach.Reach:
    """Hold the shipped order against the shipped models."""
    folder = settings.BEREDD_BPMN_DIR
    order = load_order(
        read_bundle(folder / "delegation_order"), number="SHIPPED", valid_from=datetime(2023, 1, 1, tzinfo=UTC)
    )
    models = [reach.model(bundles.read_bundle(each)) for each in bundles.folders(folder)]
    reasons = tomllib.loads((folder / REASONS).read_text(encoding="utf-8"))
    return reach.reach(order, models, reasons)
