"""``manage.py demo``, started as a newcomer starts it: an empty folder, one command, a page that answers."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management.base import CommandError

from delegation.vocabulary import CASE_TYPES
from tests.postgresql import free_port
from workflow_app.cli.management.commands import demo
from workflow_app.organisation.demo import LOGINS


def test_an_empty_folder_becomes_a_running_demo(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BEREDD_", "DJANGO_"))}
    environment["BEREDD_VAR_DIR"] = str(tmp_path / "var")
    command = [sys.executable, "manage.py", "demo", "--language", "en", "--port", str(free_port())]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    try:
        said = ""
        for line in process.stdout:
            said += line
            if "starts over" in line:
                break
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address, said
        with urlopen(f"{address[0]}login/", timeout=60) as page:  # noqa: S310 - our own address
            assert page.status == 200
            assert "Beredd" in page.read().decode()
        assert "insp_017" in said
        assert "beredd-demo" in said
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_everyone_it_names_can_log_in_and_no_case_type_is_forgotten() -> None:
    for people in demo.CASE_TYPES.values():
        assert set(", ".join(people).split(", ")) <= set(LOGINS)
    assert {login for login, _, _ in demo.ANY_CASE_TYPE} <= set(LOGINS)
    assert set(demo.CASE_TYPES) == set(CASE_TYPES) - {"ADM"}


def test_a_taken_port_is_passed_over() -> None:
    with socket.create_server((demo.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        other = free_port()

        with demo._listen([port, other]) as listener:
            assert listener.getsockname()[1] == other


def test_no_free_port_is_said_with_what_to_do() -> None:
    with socket.create_server((demo.HOST, 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match="--port"):
            demo._listen([port])
