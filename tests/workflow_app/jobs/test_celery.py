"""A real Celery worker on a real Redis: the table is the truth, messages only wake."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.redis

CELERY = [sys.executable, "-m", "celery", "-A", "workflow_app.config.celery"]
#: A worker that has not done its work by then never will.
PATIENCE = 60.0


class Office:
    """A database file and a broker, shared by processes of their own."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.folder = folder
        self.file = folder / "office.sqlite3"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "workflow_app.config.settings.test",
            "BEREDD_DATABASE_URL": f"sqlite:///{self.file}",
            "BEREDD_BROKER_URL": broker,
        }
        self.run(sys.executable, "manage.py", "migrate", "--verbosity", "0")

    def run(self, *command: str) -> None:
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=PATIENCE)

    def put(self, number: int, *, due_at: str = "2020-01-01 00:00:00") -> None:
        """Leave reminders of work that is long gone: the smallest jobs there are."""
        columns = "id, kind, payload, due_at, attempts, error_code"
        with contextlib.closing(sqlite3.connect(self.file, timeout=20)) as database, database:
            database.executemany(
                f"INSERT INTO outbox_job ({columns}) VALUES (?, 'REMIND', ?, ?, 0, '')",  # noqa: S608 - constants
                [(uuid.uuid4().hex, f'{{"item": "{uuid.uuid4()}"}}', due_at) for _ in range(number)],
            )

    def count(self, condition: str) -> int:
        with contextlib.closing(sqlite3.connect(self.file, timeout=20)) as database:
            query = f"SELECT count(*) FROM outbox_job WHERE {condition}"  # noqa: S608 - constants
            return int(database.execute(query).fetchone()[0])

    def wait_for(self, number: int, condition: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.count(condition) < number:
            assert time.monotonic() < deadline, (self.folder / "worker.log").read_text(encoding="utf-8")
            time.sleep(0.1)

    @contextlib.contextmanager
    def worker(self, *options: str) -> Iterator[None]:
        command = [*CELERY, "worker", "--pool", "solo", "--loglevel", "INFO", *options]
        with (self.folder / "worker.log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
            try:
                yield
            finally:
                process.terminate()
                process.wait(timeout=PATIENCE)


@pytest.fixture
def office(tmp_path: Path, redis_url: str) -> Office:
    return Office(tmp_path, redis_url)


def test_beat_finds_jobs_that_no_message_spoke_of_and_each_is_done_once(office: Office) -> None:
    office.put(30)
    office.put(1, due_at="2999-01-01 00:00:00")

    with office.worker("--beat", "--schedule", str(office.folder / "beat")):
        office.wait_for(30, "done_at IS NOT NULL")

    assert office.count("attempts = 1") == 30
    assert office.count("attempts = 0 AND done_at IS NULL") == 1


def test_a_commit_wakes_the_workers_without_beat_and_doubled_messages_do_no_harm(office: Office) -> None:
    script = """
import uuid, django
django.setup()
from django.db import transaction
from django.utils import timezone
from workflow_app.config import celery
from workflow_app.jobs import tasks
from workflow_app.outbox import services

celery.connect()
with transaction.atomic():
    services.job(kind="REMIND", due_at=timezone.now(), payload={"item": str(uuid.uuid4())}).save(force_insert=True)
for _ in range(5):
    tasks.wake()
"""
    with office.worker():
        office.run(sys.executable, "-c", script)
        office.wait_for(1, "done_at IS NOT NULL")

    assert office.count("attempts = 1") == 1


def test_a_commit_succeeds_while_the_broker_is_away(office: Office) -> None:
    office.environment["BEREDD_BROKER_URL"] = "redis://127.0.0.1:1/0"
    script = """
import uuid, django
django.setup()
from django.db import transaction
from django.utils import timezone
from workflow_app.config import celery
from workflow_app.outbox import services

celery.connect()
with transaction.atomic():
    services.job(kind="REMIND", due_at=timezone.now(), payload={"item": str(uuid.uuid4())}).save(force_insert=True)
"""
    office.run(sys.executable, "-c", script)

    assert office.count("done_at IS NULL") == 1
