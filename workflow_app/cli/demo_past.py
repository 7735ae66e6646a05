"""Give the demo authority its past: some thousand cases, played by as many processes as the database lets write."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from multiprocessing.queues import Queue
from queue import Empty

from django.core.management.base import CommandError
from django.db import connection

from workflow_app.cases.services import timers
from workflow_app.cli import demo_worker, demo_years
from workflow_app.modeler.histories import Planned
from workflow_app.outbox import services as outbox

#: Jobs that are left to be done, since they change something. The others only tell or send: in the past that was done.
LEFT = ("OPEN_LINKED_CASE", "START_BY_CALENDAR", "DEADLINE", "LOOK_FOR_INACTIVITY")
#: How often progress is told.
_EVERY = timedelta(seconds=5)

Say = Callable[[str], None]


def make(*, scale: str, seed: int, processes: int | None, at: datetime, say: Say) -> None:
    """Play every case of a scale that has not been played yet. Raises ``CommandError``."""
    years = sorted(demo_years.years(scale=scale, seed=seed).values(), key=len, reverse=True)
    cases = sum(map(len, years))
    # SQLite has one writer: more processes would only wait for each other.
    side_by_side = processes or (multiprocessing.cpu_count() if connection.vendor == "postgresql" else 1)
    say(f"  {cases} cases of {len(years)} years, in {side_by_side} process(es)")
    progress = _Progress(cases, say)
    for done in _alone(years, seed) if side_by_side == 1 else _side_by_side(years, seed, scale, side_by_side):
        progress.add(done)
    while timers.fire_due(at=at):
        pass
    say(f"  {outbox.settle(until=at, but=LEFT)} jobs of the past are done")


def _alone(years: Sequence[Sequence[Planned]], seed: int) -> Iterator[int]:
    for year in years:
        yield from demo_years.play(year, seed=seed)


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
