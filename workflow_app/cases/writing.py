"""Collect a command's rows and write them at once.

PostgreSQL takes the whole command as one statement (data-modifying common table expressions), each table's new rows
as one JSON document: the statement's text is then the same however many rows there are, so that it is prepared once.
SQLite takes the rows one by one. Either way they belong to the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models

#: How a condition of an update is written for PostgreSQL, by Django's name of it.
_CONDITIONS = {"exact": "{} = %s", "in": "{} = ANY(%s)", "isnull": "{} IS NULL", "not": "{} <> %s"}


@dataclass(frozen=True, slots=True)
class _Update:
    model: type[models.Model]
    where: Mapping[str, Any]
    values: Mapping[str, Any]


class Batch:
    """Rows to insert and rows to update. A row may be updated once in a batch."""

    def __init__(self) -> None:
        self._inserts: dict[type[models.Model], list[models.Model]] = {}
        self._updates: list[_Update] = []

    def insert(self, *rows: models.Model) -> None:
        """Add new rows."""
        for row in rows:
            self._inserts.setdefault(type(row), []).append(row)

    def update(self, model: type[models.Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Set ``values`` on the rows where every condition holds.

        Both name columns by attribute (``case_id``); a condition may end in ``__in`` (a list), ``__isnull`` (``True``)
        or ``__not`` (a value the column must not have).
        """
        self._updates.append(_Update(model, where, values))

    def flush(self) -> None:
        """Write everything."""
        if connection.vendor == "postgresql":
            self._flush_at_once()
            return
        for model, rows in self._inserts.items():
            model._default_manager.bulk_create(rows)
        for update in self._updates:
            wanted = {name: value for name, value in update.where.items() if not name.endswith("__not")}
            unwanted = {n.removesuffix("__not"): value for n, value in update.where.items() if n.endswith("__not")}
            update.model._default_manager.filter(**wanted).exclude(**unwanted).update(**update.values)

    def _flush_at_once(self) -> None:
        texts: list[str] = []
        params: list[Any] = []
        for model, rows in self._inserts.items():
            text, columns = _insert(model)
            states = (row.__dict__ for row in rows)
            new = [{column: state[attribute] for column, attribute in columns} for state in states]
            texts.append(text)
            # What JSON has no type for (moments, numbers with decimals, ids) the database reads from its text.
            params.append(json.dumps(new, default=str))
        for update in self._updates:
            texts.append(_update(update.model, tuple(update.where), tuple(update.values)))
            params += update.values.values()
            params += (value for name, value in update.where.items() if not name.endswith("__isnull"))
        if not texts:
            return
        with connection.cursor() as cursor:
            cursor.execute(_at_once(tuple(texts)), params)


@lru_cache(maxsize=256)
def _at_once(texts: tuple[str, ...]) -> str:
    *first, last = texts
    named = ", ".join(f"part_{number} AS ({text})" for number, text in enumerate(first))
    return f"WITH {named} {last}" if first else last


@lru_cache(maxsize=64)
def _insert(model: type[models.Model]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the statement that inserts the rows of a JSON list, and the names of its columns and their attributes."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = tuple((str(field.column), field.attname) for field in fields)
    columns = ", ".join(quote(column) for column, _ in names)
    # Only names of our own tables and columns are in the text; values stay apart from it.
    text = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
    return text, names


@lru_cache(maxsize=256)
def _update(model: type[models.Model], where: tuple[str, ...], values: tuple[str, ...]) -> str:
    """Return the statement that sets the columns ``values`` where the conditions hold."""
    quote = connection.ops.quote_name

    def column(attribute: str) -> str:
        field = model._meta.pk if attribute == "pk" else model._meta.get_field(attribute)
        return quote(str(field.column))  # type: ignore[union-attr]

    conditions = []
    for name in where:
        attribute, _, kind = name.partition("__")
        conditions.append(_CONDITIONS[kind or "exact"].format(column(attribute)))
    sets = ", ".join(f"{column(name)} = %s" for name in values)
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {' AND '.join(conditions)}"  # noqa: S608
