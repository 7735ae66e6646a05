"""Give the demo authority its past: some thousand cases, played by as many processes as the database lets write.

Case numbers run by year, so a year is played by one process, in order; years are played side by side. A batch of cases
is one transaction: a broken run is taken up again where it stopped.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from multiprocessing.queues import Queue
from queue import Empty

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction

from workflow_app.cases.services import timers
from workflow_app.cli import demo_worker
from workflow_app.modeler import histories
from workflow_app.modeler.errors import ModelerError
from workflow_app.modeler.histories import Planned
from workflow_app.outbox import services as outbox

BATCH = 20
#: Jobs that are left to be done, since they change something. The others only tell or send: in the past that was done.
LEFT = ("OPEN_LINKED_CASE", "START_BY_CALENDAR", "DEADLINE", "LOOK_FOR_INACTIVITY")
#: How often progress is told.
_EVERY = timedelta(seconds=5)

Say = Callable[[str], None]


def make(*, scale: str, seed: int, processes: int | None, at: datetime, say: Say) -> None:
    """Play every case of a scale that has not been played yet. Raises ``CommandError``."""
    planned = histories.plan(histories.read(settings.BEREDD_BPMN_DIR), scale=scale, seed=seed)
    years = sorted(_by_year(planned), key=len, reverse=True)
    # SQLite has one writer: more processes would only wait for each other.
    side_by_side = processes or (multiprocessing.cpu_count() if connection.vendor == "postgresql" else 1)
    say(f"  {len(planned)} cases of {len(years)} years, in {side_by_side} process(es)")
    progress = _Progress(len(planned), say)
    for done in _alone(years, seed) if side_by_side == 1 else _side_by_side(years, seed, scale, side_by_side):
        progress.add(done)
    while timers.fire_due(at=at):
        pass
    say(f"  {outbox.settle(until=at, but=LEFT)} jobs of the past are done")


def _by_year(planned: Sequence[Planned]) -> list[list[Planned]]:
    years: dict[int, list[Planned]] = {}
    for each in planned:
        years.setdefault(each.at.year, []).append(each)
    return list(years.values())


def _alone(years: Sequence[Sequence[Planned]], seed: int) -> Iterator[int]:
    for year in years:
        yield from _play(year, seed)


def _play(year: Sequence[Planned], seed: int) -> Iterator[int]:
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


def _side_by_side(years: Sequence[Sequence[Planned]], seed: int, scale: str, processes: int) -> Iterator[int]:
    """Let processes take one year after the other, the longest first. Raises ``CommandError``."""
    context = multiprocessing.get_context("spawn")
    waiting: Queue[int | None] = context.Queue()
    told: Queue[int | str] = context.Queue()
    for each in (*(year[0].at.year for year in years), *[None] * processes):
        waiting.put(each)
    asked = (waiting, told, seed, scale)
    workers = [context.Process(target=demo_worker.work, args=asked, daemon=True) for _ in range(processes)]
    for worker in workers:
        worker.start()
    left = sum(map(len, years))
    try:
        while left:
            try:
                news = told.get(timeout=_EVERY.total_seconds())
            except Empty:
                if any(worker.exitcode for worker in workers):
                    raise CommandError("a process that played the past broke; start again, and it goes on") from None
                continue
            if isinstance(news, str):
                raise CommandError(news)
            left -= news
            yield news
    finally:
        for worker in workers:
            if left:
                worker.terminate()
            worker.join()


def play_waiting(waiting: Queue[int | None], told: Queue[int | str], *, seed: int, scale: str) -> None:
    """Play the years that nobody else has taken; tell how many cases each batch had, or why it broke."""
    planned = histories.plan(histories.read(settings.BEREDD_BPMN_DIR), scale=scale, seed=seed)
    years = {year[0].at.year: year for year in _by_year(planned)}
    try:
        while (year := waiting.get()) is not None:
            for done in _play(years[year], seed):
                told.put(done)
    except CommandError as error:
        told.put(str(error))


class _Progress:
    """Tells how far it is, and how long it still takes at the pace so far."""

    def __init__(self, cases: int, say: Say) -> None:
        self._cases = cases
        self._say = say
        self._done = 0
        self._begun = self._told = time.monotonic()

    def add(self, done: int) -> None:
        self._done += done
        now = time.monotonic()
        if now - self._told < _EVERY.total_seconds() and self._done < self._cases:
            return
        self._told = now
        left = (now - self._begun) / self._done * (self._cases - self._done)
        self._say(f"  {self._done} of {self._cases} cases, about {timedelta(seconds=round(left))} left")
