"""Where a process that plays the demo's past begins: nothing of Django may be imported before it is set up."""

from __future__ import annotations

from multiprocessing.queues import Queue
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from workflow_app.cli.demo_years import Done


def work(waiting: Queue[int | None], told: Queue[Done | str], seed: int, scale: str) -> None:
    """Play the years that nobody else has taken."""
    django.setup()
    from workflow_app.cli import demo_years

    demo_years.play_waiting(waiting, told, seed=seed, scale=scale)
