"""What background work refuses."""

from __future__ import annotations

from typing import ClassVar


class JobError(Exception):
    """the job could not be done"""

    code: ClassVar[str] = "JOB"


class UnknownJob(JobError):
    """no handler is registered for this kind of job"""

    code = "UNKNOWN_JOB"


class DriverStopped(JobError):
    """the background worker has already been stopped"""

    code = "DRIVER_STOPPED"
