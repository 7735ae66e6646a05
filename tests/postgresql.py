"""A private PostgreSQL for one command: ``python -m tests.postgresql pytest ...``.

The server gets a data directory, a password and a free port of its own, and ends with the command. It is found
among Debian's packages or on the path, and started as an unprivileged user when the caller is root.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING = "PostgreSQL is not installed; on Debian: sudo apt-get install postgresql"
#: Nothing in a test survives it, so nothing needs to reach the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ServerMissing(Exception):
    """There is no PostgreSQL to start."""


def programs() -> Path:
    """Return the folder that holds ``initdb`` and ``pg_ctl``, the newest version first.

    Raises ``ServerMissing``.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*debian, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise ServerMissing(MISSING)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged_user() -> str | None:
    """Name who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextlib.contextmanager
def private_server(*, durable: bool = False) -> Iterator[str]:
    """Run a server and yield its address as ``postgresql://...``; durable ones reach the disk at each commit."""
    folder = programs()
    user = _unprivileged_user()
    home = Path(tempfile.mkdtemp(prefix="beredd-postgresql-"))
    data, password, port = home / "data", secrets.token_urlsafe(16), free_port()
    (home / "password").write_text(password, encoding="utf-8")
    if user is not None:
        for path in (home, home / "password"):
            shutil.chown(path, user)

    def run(*command: str) -> None:
        result = subprocess.run(command, user=user, cwd=home, capture_output=True, text=True, check=False)
        if result.returncode:
            raise RuntimeError(f"{command[0]}: {result.stdout}{result.stderr}")

    settings = ["listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={home}", "max_connections=60"]
    try:
        run(
            *(str(folder / "initdb"), "-D", str(data), "-U", "beredd", "--pwfile", str(home / "password")),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            for setting in [*settings, *(() if durable else FAST)]:
                name, value = setting.split("=", 1)
                file.write(f"{name} = '{value}'\n")
        run(str(folder / "pg_ctl"), "-D", str(data), "-l", str(home / "log"), "-w", "-t", "60", "start")
        try:
            yield f"postgresql://beredd:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(str(folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _stop(signum: int, _frame: object) -> None:
    raise SystemExit(128 + signum)


def main(command: list[str]) -> int:
    """Run the command with ``BEREDD_DATABASE_URL`` naming a private server, and return its exit code."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        programs()
    except ServerMissing as error:
        sys.stderr.write(f"{error}\n")
        if os.environ.get("CI") == "true":
            return 1
        counted = subprocess.run([*command, "--collect-only"], capture_output=True, text=True, check=False)
        summary = counted.stdout.strip().splitlines()[-1:] or ["the database tests"]
        sys.stderr.write(f"NOT RUN on PostgreSQL: {summary[0]}\n")
        return 0
    with private_server() as url:
        environment = os.environ | {"BEREDD_DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
