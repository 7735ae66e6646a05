"""Let a test database be emptied between tests: the triggers that refuse it are lifted for that moment only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations


@contextmanager
def lifted() -> Iterator[None]:
    """Switch every append-only trigger off, and on again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            for _, text in triggers:
                cursor.execute(text)


_flush = BaseDatabaseOperations.execute_sql_flush


def _flush_with_triggers_lifted(self: BaseDatabaseOperations, sql_list: Any) -> Any:
    with lifted():
        return _flush(self, sql_list)


def install() -> None:
    """Have Django's own emptying of the test database lift the triggers."""
    BaseDatabaseOperations.execute_sql_flush = _flush_with_triggers_lifted  # type: ignore[method-assign]
