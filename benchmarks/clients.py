"""One client: a process with its own connection that runs commands when told to, and says how long each took.

Started by ``benchmarks.commands`` with the database in the environment. Lines of JSON on standard input are orders
(``{"phase": ..., "cases": [...]}``), lines on standard output are answers; ``ready`` comes first.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workflow_app.config.settings.test")
django.setup()

from benchmarks import measuring  # noqa: E402 - Django first
from benchmarks.cases import Story  # noqa: E402
from workflow_app.cases.models import Case  # noqa: E402

#: Cases that a client decides before the clock starts.
WARM_UP = 12


class Client:
    """Runs the phases of the benchmark on its own cases."""

    def __init__(self) -> None:
        self.story = Story()

    def phase(self, name: str, cases: list[uuid.UUID]) -> list[float]:
        """Run one command on each case; everything but the command is done before the clock starts."""
        story = self.story
        subjects = [Case.objects.get(pk=case) for case in cases]
        step = story.dissent if name == "complete" else story.decide
        items = [story.item(case, step) for case in subjects]
        if name == "complete":
            for item in items:
                story.claim(item, step)
        command = story.claim if name == "claim" else story.complete
        self.wait()
        return measuring.each(lambda item: command(item, step), items)

    def wait(self) -> None:
        """Say that everything is ready, and wait for the others."""
        print(json.dumps("prepared"), flush=True)
        sys.stdin.readline()

    def serve(self) -> None:
        # The first commands of a process read models and order and prepare statements; that is a matter of the first
        # minute, not of each command, and a short run must not show more of it than a long one.
        actions: tuple[Callable[..., None], ...] = (self.story.claim, self.story.complete)
        for _ in range(WARM_UP):
            warm = self.story.prepare(returns=0)
            for action in actions:
                action(self.story.item(warm, self.story.decide), self.story.decide)
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            begun = time.perf_counter()
            seconds = self.phase(order["phase"], [uuid.UUID(case) for case in order["cases"]])
            print(json.dumps({"seconds": seconds, "wall": time.perf_counter() - begun}), flush=True)


if __name__ == "__main__":
    Client().serve()
