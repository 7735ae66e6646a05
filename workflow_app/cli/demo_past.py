"""Give the demo authority its past: some thousand cases, played by as many processes as the database lets write."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from multiprocessing.queues import Queue
from queue import Empty

from django.core.management.base import CommandError
from django.db import connection

from workflow_app.cases.services import timers
from workflow_app.cli import demo_worker, demo_years
from workflow_app.cli.demo_years import Done
from workflow_app.modeler.histories import Planned
from workflow_app.outbox import services as outbox

#: Jobs that are left to be done, since they change something. The others only tell or send: in the past that was done.
LEFT = ("OPEN_LINKED_CASE", "START_BY_CALENDAR", "DEADLINE", "LOOK_FOR_INACTIVITY", "ORDER_BEGINS")
#: How often progress is told.
_EVERY = timedelta(seconds=5)

Say = Callable[[str], None]
Years = Mapping[int, Sequence[Planned]]


def make(*, scale: str, seed: int, processes: int | None, at: datetime, say: Say) -> None:
    """Play every case of a scale that has not been played yet. Raises ``CommandError``."""
    years = demo_years.parts(scale=scale, seed=seed)
    planned = sum(map(Done.of, years.values()), Done())
    # SQLite has one writer: more processes would only wait for each other.
    side_by_side = processes or (multiprocessing.cpu_count() if connection.vendor == "postgresql" else 1)
    say(f"  {planned.cases} cases from {max(years)} back to {min(filter(None, years))}, in {side_by_side} process(es)")
    progress = _Progress(planned, say)
    parents = years.pop(demo_years.PARENTS, [])
    for done in demo_years.play(parents, seed=seed):
        progress.add(done)
    for done in _alone(years, seed) if side_by_side == 1 else _side_by_side(years, seed, scale, side_by_side):
        progress.add(done)
    demo_years.wait_for_children(parents, seed=seed, until=at)
    say(f"  {len(parents)} cases know of those that they opened")
    while timers.fire_due(at=at):
        pass
    say(f"  {outbox.settle(until=at, but=LEFT)} jobs of the past are done")


def _alone(years: Years, seed: int) -> Iterator[Done]:
    for year in years.values():
        yield from demo_years.play(year, seed=seed)


def _side_by_side(years: Years, seed: int, scale: str, processes: int) -> Iterator[Done]:
    """Let processes take one year after the other. Raises ``CommandError``."""
    context = multiprocessing.get_context("spawn")
    waiting: Queue[int | None] = context.Queue()
    told: Queue[Done | str] = context.Queue()
    for each in (*years, *[None] * processes):
        waiting.put(each)
    asked = (waiting, told, seed, scale)
    workers = [context.Process(target=demo_worker.work, args=asked, daemon=True) for _ in range(processes)]
    for worker in workers:
        worker.start()
    left = sum(map(len, years.values()))
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
            left -= news.cases
            yield news
    finally:
        for worker in workers:
            if left:
                worker.terminate()
            worker.join()


class _Progress:
    """Tells how far it is, and how long it still takes at the pace so far: that of steps, for cases differ."""

    def __init__(self, planned: Done, say: Say) -> None:
        self._planned = planned
        self._say = say
        self._done = Done()
        self._begun = self._told = time.monotonic()

    def add(self, done: Done) -> None:
        self._done += done
        now = time.monotonic()
        if now - self._told < _EVERY.total_seconds() and self._done.cases < self._planned.cases:
            return
        self._told = now
        left = (now - self._begun) / self._done.steps * (self._planned.steps - self._done.steps)
        self._say(f"  {self._done.cases} of {self._planned.cases} cases, about {timedelta(seconds=round(left))} left")
