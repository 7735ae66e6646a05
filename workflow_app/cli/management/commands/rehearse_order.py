"""``manage.py rehearse_order``: ask another order about the decisions of the last months."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from delegation.errors import OrderRefused
from delegation.order import DelegationOrder, load_order
from delegation.rehearsal import Direction, Rehearsal, rehearse
from workflow_app.calendar import working_days
from workflow_app.cases import past
from workflow_app.cli import output
from workflow_app.orders import services as orders
from workflow_app.organisation import selectors as organisation

#: Lines of each sort that the text shows; JSON has every one.
MOST = 15


class Command(BaseCommand):
    help = "Replay the decisions of the last months under the order in a folder: who would decide, with which controls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="folder with the bundle")
        parser.add_argument("--months", type=int, default=12, help="how far back; default: 12")
        parser.add_argument("--at", help="the moment to look back from, ISO 8601 with time zone; default: now")
        output.add_format(parser)

    def handle(self, **options: Any) -> None:
        until = output.moment(options["at"])
        day = until.astimezone(working_days.STOCKHOLM).date()
        since = working_days.midnight(working_days.add_months(day, -options["months"]))
        found = rehearse(past.decisions(since=since, until=until), order=_order(options["path"], until))
        if options["format"] == "json":
            self.stdout.write(output.as_json(_data(found)))
            return
        self._text(found)

    def _text(self, found: Rehearsal) -> None:
        self.stdout.write(f"{len(found.replayed)} decisions replayed, {found.set_aside} set aside")
        for direction in Direction:
            self.stdout.write(f"  {direction.value:8} {found.count(direction)}")
        lost = sum(not each.decider_may for each in found.replayed)
        self.stdout.write(f"  {lost} could not be made by the person who made them")
        moved = Counter(
            (each.then.rule, each.then.lowest_role, each.now.lowest_role)
            for each in found.replayed
            if each.now is not None and each.direction is not Direction.SAME
        )
        for (rule, then, now), count in moved.most_common(MOST):
            self.stdout.write(f"ROW {rule}: {then} -> {now} ({count})")
        for control, added, dropped in found.controls:
            self.stdout.write(f"CONTROL {control}: +{added} -{dropped}")
        for queue in [queue for queue in found.queues if queue.then != queue.now][:MOST]:
            of = f"{queue.act.value} {queue.role}".strip()
            self.stdout.write(f"QUEUE {of}: {queue.then} -> {queue.now}")
        names = organisation.names({person for pair in found.pairs for person in (pair.decider, pair.other)})
        for pair in found.pairs[:MOST]:
            both = f"{names.get(pair.decider, pair.decider)} and {names.get(pair.other, pair.other)}"
            self.stdout.write(f"PAIR {both}: one of them alone in {pair.decisions}")


def _order(path: Path, at: Any) -> DelegationOrder:
    if not path.is_dir():
        raise CommandError(f"`{path}` is no folder; give the folder that holds the bundle's files")
    try:
        return load_order(orders.read_bundle(path), number="REHEARSED", valid_from=at)
    except OrderRefused as error:
        raise CommandError(str(error)) from error


def _data(found: Rehearsal) -> dict[str, Any]:
    return {
        "replayed": len(found.replayed),
        "set_aside": found.set_aside,
        "directions": {direction.value: found.count(direction) for direction in Direction},
        "controls": [{"control": name, "added": added, "dropped": dropped} for name, added, dropped in found.controls],
        "queues": [asdict(queue) for queue in found.queues],
        "pairs": [asdict(pair) for pair in found.pairs],
        "decisions": [
            {
                "case": each.case,
                "decision_type": each.decision_type,
                "rule": each.then.rule,
                "decider": each.decider,
                "then": each.then.lowest_role,
                "now": each.now.lowest_role if each.now else None,
                "direction": each.direction.value,
                "decider_may": each.decider_may,
                "added": list(each.added),
                "dropped": list(each.dropped),
            }
            for each in found.replayed
            if each.direction is not Direction.SAME or each.added or each.dropped or not each.decider_may
        ],
    }
