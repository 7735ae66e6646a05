"""Background work beside the web: wake-up calls to Celery when a broker is configured, else a thread of its own."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.utils import timezone

from workflow_app.jobs.embedded import Worker


def start() -> Callable[[], None]:
    """Begin, and return what ends it. Django's apps must be ready."""
    if os.environ.get("BEREDD_BROKER_URL"):
        # Only here, since Celery's application reads the broker's address when it is imported.
        from workflow_app.config import celery

        celery.connect()
        return _nothing_to_stop
    worker = Worker(clock=timezone.now)
    worker.start()
    return worker.stop


def _nothing_to_stop() -> None:
    """Celery's workers are processes of their own."""
