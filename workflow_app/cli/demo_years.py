"""Play the demo's past a year at a time: case numbers run by year, so a year is played by one process, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from multiprocessing.queues import Queue

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from workflow_app.modeler import histories
from workflow_app.modeler.errors import ModelerError
from workflow_app.modeler.histories import Planned

#: Cases in a transaction: a broken run is taken up again after the last that was whole.
BATCH = 20


def years(*, scale: str, seed: int) -> dict[int, list[Planned]]:
    """Return the cases to be of each year, in the order in which they come."""
    found: dict[int, list[Planned]] = {}
    for each in histories.plan(histories.read(settings.BEREDD_BPMN_DIR), scale=scale, seed=seed):
        found.setdefault(each.at.year, []).append(each)
    return found


def play(year: Sequence[Planned], *, seed: int) -> Iterator[int]:
    """Play a year in order, and yield how many cases each batch had. Raises ``CommandError``."""
    told, cast = histories.read(settings.BEREDD_BPMN_DIR), histories.Cast()
    for first in range(0, len(year), BATCH):
        batch = year[first : first + BATCH]
        try:
            with transaction.atomic():
                for each in batch:
                    histories.happen(told[each.history], each, cast=cast, seed=seed)
        except ModelerError as error:
            raise CommandError(str(error)) from error
        yield len(batch)


def play_waiting(waiting: Queue[int | None], told: Queue[int | str], *, seed: int, scale: str) -> None:
    """Play the years that nobody else has taken; tell how many cases each batch had, or why it broke."""
    planned = years(scale=scale, seed=seed)
    try:
        while (year := waiting.get()) is not None:
            for done in play(planned[year], seed=seed):
                told.put(done)
    except CommandError as error:
        told.put(str(error))
