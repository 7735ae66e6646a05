"""The tests' own PostgreSQL: private, and gone when the command is."""

from __future__ import annotations

import sys

import psycopg
import pytest

from tests import postgresql

pytestmark = pytest.mark.postgresql


def test_a_command_gets_a_server_of_its_own_and_its_exit_code_comes_back() -> None:
    script = "import os, psycopg, sys; psycopg.connect(os.environ['BEREDD_DATABASE_URL']).close(); sys.exit(7)"

    code = postgresql.main([sys.executable, "-c", script])

    assert code == 7


def test_the_server_ends_with_its_block() -> None:
    with postgresql.private_server() as url, psycopg.connect(url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_a_wrong_password_is_refused() -> None:
    with postgresql.private_server() as url:
        scheme, _, rest = url.partition("://beredd:")
        wrong = f"{scheme}://beredd:x{rest}"

        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong, connect_timeout=2)
