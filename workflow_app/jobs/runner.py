"""Do what is due: the one function behind every driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from workflow_app.jobs import handlers as registered
from workflow_app.jobs.errors import UnknownJob
from workflow_app.outbox import selectors, services

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to."""

    done: int
    failed: int

    @property
    def claimed(self) -> int:
        return self.done + self.failed


def run_due(
    *, at: datetime, limit: int = 20, handlers: Mapping[str, registered.Handler] = registered.HANDLERS
) -> Round:
    """Claim up to ``limit`` due jobs and do each in a transaction of its own.

    A job that fails is tried again later by the outbox's rule; its neighbours are not disturbed.
    """
    jobs = services.claim_due(at=at, limit=limit)
    done = sum(_run(handlers, job.id, job.kind, selectors.payload(job), at) for job in jobs)
    return Round(done=done, failed=len(jobs) - done)


def drain(
    *,
    clock: Callable[[], datetime],
    limit: int = 20,
    handlers: Mapping[str, registered.Handler] = registered.HANDLERS,
) -> Round:
    """Repeat until nothing is due, and return the sum."""
    done = failed = 0
    while True:
        this = run_due(at=clock(), limit=limit, handlers=handlers)
        done, failed = done + this.done, failed + this.failed
        if this.claimed < limit:
            return Round(done=done, failed=failed)


def _run(
    handlers: Mapping[str, registered.Handler], job: UUID, kind: str, payload: Mapping[str, str], at: datetime
) -> bool:
    try:
        handler = handlers.get(kind)
        if handler is None:
            raise UnknownJob(f"job kind `{kind}` has no handler: is this worker older than the web process?")
        handler(job=job, payload=payload, at=at)
    except Exception as error:  # the boundary: one broken job must not stop the others
        code = getattr(error, "code", "UNEXPECTED")
        services.fail(job=job, error_code=code, at=at)
        log.error("job_failed", job=str(job), kind=kind, code=code, exc_info=code == "UNEXPECTED")
        return False
    # Not one transaction with the handler: a command refused inside it must be able to record its refusal. A crash
    # between the two runs the handler again, which its idempotency key (the job's id) makes harmless.
    services.finish(job=job, at=at)
    return True
