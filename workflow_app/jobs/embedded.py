"""Background work in a thread of the web process: enough for a demo and for a small office."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from django.db import DatabaseError, close_old_connections, connections

from workflow_app.jobs import runner
from workflow_app.jobs.errors import DriverStopped
from workflow_app.jobs.handlers import HANDLERS, Handler
from workflow_app.outbox import waking

log = structlog.get_logger()


class Worker:
    """One thread that does due jobs, once a second and whenever it is woken."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        pause: float = 1.0,
        handlers: Mapping[str, Handler] = HANDLERS,
    ) -> None:
        self._clock = clock
        self._handlers = handlers
        self._pause = pause
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="beredd-jobs", daemon=True)

    def start(self) -> None:
        """Begin. Raises ``DriverStopped`` after ``stop``."""
        if self._stopped.is_set():
            raise DriverStopped("a stopped worker cannot begin again; make a new one")
        waking.listener(self.wake)
        self._thread.start()

    def wake(self) -> None:
        """Look for due jobs now instead of at the end of the pause."""
        self._woken.set()

    def stop(self, *, wait: float = 10.0) -> None:
        """Finish the job in hand, then end."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            waking.forget(self.wake)
            self._thread.join(wait)

    def _work(self) -> None:
        try:
            while not self._stopped.is_set():
                self._woken.clear()
                self._round()
                self._woken.wait(self._pause)
        finally:
            connections.close_all()

    def _round(self) -> None:
        close_old_connections()
        try:
            runner.drain(clock=self._clock, handlers=self._handlers)
        except DatabaseError:
            # The database is away or busy: nothing is lost, since the table is the truth; look again after the pause.
            log.exception("job_round_failed")
            connections.close_all()
