"""Collect a command's rows and write them at once.

PostgreSQL takes the whole command as one statement (data-modifying common table expressions), which halves the
time of a decision; SQLite takes them one by one. Either way they belong to the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models import sql


class Batch:
    """Rows to insert and rows to update. A row may be updated once in a batch."""

    def __init__(self) -> None:
        self._inserts: dict[type[models.Model], list[models.Model]] = {}
        self._updates: list[tuple[models.QuerySet[Any], dict[str, Any]]] = []

    def insert(self, *rows: models.Model) -> None:
        """Add new rows."""
        for row in rows:
            self._inserts.setdefault(type(row), []).append(row)

    def update(self, rows: models.QuerySet[Any], values: Mapping[str, Any]) -> None:
        """Set ``values`` on the rows of a query."""
        self._updates.append((rows, dict(values)))

    def flush(self) -> None:
        """Write everything."""
        if connection.vendor == "postgresql":
            self._flush_at_once()
            return
        for model, rows in self._inserts.items():
            model._default_manager.bulk_create(rows)
        for queryset, values in self._updates:
            models.QuerySet.update(queryset, **values)

    def _flush_at_once(self) -> None:
        parts: list[tuple[str, tuple[Any, ...]]] = []
        for model, rows in self._inserts.items():
            text, fields = _insert(model, len(rows))
            written = (f.get_db_prep_save(f.pre_save(row, add=True), connection) for row in rows for f in fields)
            parts.append((text, tuple(written)))
        for queryset, values in self._updates:
            update: Any = queryset.query.chain(sql.UpdateQuery)
            update.add_update_values(values)
            text, params = update.get_compiler(connection=connection).as_sql()
            parts.append((text, tuple(params)))
        if not parts:
            return
        *first, (last_sql, last_params) = parts
        named = ", ".join(f"part_{number} AS ({text})" for number, (text, _) in enumerate(first))
        statement = f"WITH {named} {last_sql}" if first else last_sql
        with connection.cursor() as cursor:
            cursor.execute(statement, [param for _, params in first for param in params] + list(last_params))


@lru_cache(maxsize=256)
def _insert(model: type[models.Model], rows: int) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    """Return the statement that inserts so many rows, and the fields whose values it takes, row by row.

    Written once for each: Django would compose it anew in every command.
    """
    fields = tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    # Only names of our own tables and columns are in the text; values stay apart from it.
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {values}", fields  # noqa: S608
