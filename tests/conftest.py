"""What every test run shares: which tests touch a database, what is missing here, and that CI leaves nothing out."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connection
from django.test import TransactionTestCase

from tests.postgresql import free_port

IN_CI = os.environ.get("CI") == "true"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup", "admin_client"}
#: What a test may need besides Python: marker -> programs, any of which will do, and Debian's package.
NEEDS = {
    "browser": (("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "postgresql": (("initdb",), "postgresql"),
    "redis": (("redis-server",), "redis-server"),
}
_left_out: Counter[str] = Counter()
_skipped: list[str] = []


def program_for(marker: str) -> str | None:
    """Return the path of the program that tests with this marker start, if this machine has it."""
    # Debian keeps PostgreSQL's own programs off the path.
    folders = os.pathsep.join([os.environ["PATH"], *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
    found = (shutil.which(program, path=folders) for program in NEEDS[marker][0])
    return next(filter(None, found), None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")

    yield  # here pytest selects by marker

    missing = {marker for marker in NEEDS if program_for(marker) is None}
    absent = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    if absent and IN_CI:
        packages = ", ".join(sorted(NEEDS[marker][1] for marker in missing))
        raise pytest.UsageError(f"CI=true: nothing may be left out, and {len(absent)} tests need: {packages}")
    if absent:
        for item in absent:
            _left_out.update(marker for marker in missing if item.get_closest_marker(marker))
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(_left_out)
    if IN_CI and _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    # Every worker collects everything, so each counts the same.
    _left_out.update(Counter(getattr(node, "workeroutput", {}).get("left_out", {})) - _left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for marker, number in sorted(_left_out.items()):
        package = NEEDS[marker][1]
        terminalreporter.write_line(
            f"NOT RUN: {number} {marker} tests, for want of {package} (sudo apt-get install {package})", yellow=True
        )
    if IN_CI and _skipped:
        terminalreporter.write_line(f"CI=true: these were skipped, and nothing may be: {', '.join(_skipped)}", red=True)


@contextlib.contextmanager
def _append_only_lifted() -> Iterator[None]:
    """Let a transactional test's rows be taken away: outside tests, no one can empty an append-only table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("RESET session_replication_role")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.fixture(scope="session", autouse=True)
def _transactional_tests_can_clean_up() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        clean_up = TransactionTestCase._fixture_teardown

        def lifted(self: TransactionTestCase) -> None:
            with _append_only_lifted():
                clean_up(self)

        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted)
        yield


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a private Redis on a free port for the session, and give its address."""
    program = program_for("redis")
    assert program, "mark the test with `redis`: it needs redis-server"
    port = free_port()
    folder = tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)
        for _ in range(100):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        client.ping()
        client.close()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=10)
