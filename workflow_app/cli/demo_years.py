"""Play the demo's past a year at a time: case numbers run by year, so a year is played by one process, in order.

Cases that open others come before all years: what they open is played in years to come.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.queues import Queue

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from workflow_app.modeler import histories
from workflow_app.modeler.errors import ModelerError
from workflow_app.modeler.histories import Planned

#: Cases in a transaction: a broken run is taken up again after the last that was whole.
BATCH = 20


@dataclass(frozen=True, slots=True)
class Done:
    """How much has been played."""

    cases: int = 0
    steps: int = 0

    @classmethod
    def of(cls, played: Sequence[Planned]) -> Done:
        """Return how much some cases are."""
        return cls(len(played), sum(each.steps for each in played))

    def __add__(self, more: Done) -> Done:
        """Return both together."""
        return Done(self.cases + more.cases, self.steps + more.steps)


#: The part of the plan that comes before all years.
PARENTS = 0


def parts(*, scale: str, seed: int) -> dict[int, list[Planned]]:
    """Return the cases to be: those that open others, then each year's, in the order in which they come."""
    found: dict[int, list[Planned]] = {}
    for each in histories.plan(histories.read(settings.BEREDD_BPMN_DIR), scale=scale, seed=seed):
        found.setdefault(PARENTS if each.children else each.at.year, []).append(each)
    return dict(sorted(found.items()))


def play(part: Sequence[Planned], *, seed: int) -> Iterator[Done]:
    """Play a part of the plan in order, and yield how much each batch was. Raises ``CommandError``."""
    told, cast = histories.read(settings.BEREDD_BPMN_DIR), histories.Cast()
    # What is loaded by now stays: looking through it for what can be thrown away takes a tenth of the time.
    gc.freeze()
    for first in range(0, len(part), BATCH):
        batch = part[first : first + BATCH]
        try:
            with transaction.atomic():
                for each in batch:
                    histories.happen(told, each, cast=cast, seed=seed)
        except ModelerError as error:
            raise CommandError(str(error)) from error
        yield Done.of(batch)


def wait_for_children(parents: Sequence[Planned], *, seed: int, until: datetime) -> None:
    """Let the cases that opened others live on until a moment. Raises ``CommandError``."""
    told, cast = histories.read(settings.BEREDD_BPMN_DIR), histories.Cast()
    try:
        for each in parents:
            histories.wait_for_children(told, each, cast=cast, seed=seed, until=until)
    except ModelerError as error:
        raise CommandError(str(error)) from error


def play_waiting(waiting: Queue[int | None], told: Queue[Done | str], *, seed: int, scale: str) -> None:
    """Play the years that nobody else has taken; tell how much each batch was, or why it broke."""
    planned = parts(scale=scale, seed=seed)
    try:
        while (year := waiting.get()) is not None:
            for done in play(planned[year], seed=seed):
                told.put(done)
    except CommandError as error:
        told.put(str(error))
