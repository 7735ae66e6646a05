"""What each kind of job means: one call into a service, idempotent by the job's id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID


class Handler(Protocol):
    """Does one job; called again with the same job, it changes nothing more."""

    def __call__(self, *, job: UUID, payload: Mapping[str, str], at: datetime) -> None: ...


HANDLERS: Mapping[str, Handler] = {}
