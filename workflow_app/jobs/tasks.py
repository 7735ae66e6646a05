"""Celery's way in. Messages say only "look": what is to be done stands in the job table."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from workflow_app.jobs import runner
from workflow_app.outbox import waking

log = structlog.get_logger()


@shared_task(name="beredd.run_due_jobs")  # type: ignore[untyped-decorator] # Celery ships no types
def run_due_jobs() -> None:
    """Do what is due. Sent by beat every few seconds and after a commit that left a job."""
    runner.drain(clock=timezone.now)


@waking.listener
def wake() -> None:
    """Tell the workers that a commit left something to do."""
    try:
        run_due_jobs.apply_async(retry=False, ignore_result=True)
    except OperationalError:
        # The broker is away. The job stands in the table; beat asks for it when the broker is back.
        log.warning("wake_up_call_lost")
