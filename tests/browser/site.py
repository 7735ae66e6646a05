"""A private Beredd for a test run: the demo that a newcomer starts, in a folder and on a port of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgresql import free_port

ROOT = Path(__file__).resolve().parents[2]
#: Cold start on a busy machine: migrations, about 770 persons and the process models.
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Site:
    """A running Beredd."""

    url: str
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """Run Python in the site's own environment and return what it prints."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True, timeout=PATIENCE
        )
        return done.stdout


@contextmanager
def started(folder: Path) -> Iterator[Site]:
    """Run the demo with its data in a folder until the block ends."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BEREDD_")},
        "BEREDD_VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "workflow_app.config.settings.development",
    }
    command = [sys.executable, "manage.py", "demo", "--no-stories", "--port", str(port)]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            site = Site(f"http://127.0.0.1:{port}", environment)
            _wait(port, server, log)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(PATIENCE * 5):
        if server.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the demo did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
