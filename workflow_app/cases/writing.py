"""Collect a command's rows and write them at once.

PostgreSQL takes the whole command as one statement (data-modifying common table expressions), each table's new rows
as one JSON document: the statement's text is then the same however many rows there are, so that it is prepared once.
SQLite takes a statement for each table and each update. Either way they belong to the caller's transaction, and their
text is written once for the life of the process: Django would compose it anew for every command.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

#: How a condition of an update is written, by Django's name of it; a list is one value on PostgreSQL only.
_CONDITIONS = {"exact": "{} = %s", "in": "{} = ANY(%s)", "isnull": "{} IS NULL", "not": "{} <> %s"}

_PLAIN = (models.CharField, models.TextField, models.IntegerField)
_AS_IT_IS = frozenset({str, int})


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
        self._flush_by_table()

    def _flush_by_table(self) -> None:
        if not (self._inserts or self._updates):
            return
        # Not Django's proxy: it would look up the thread's connection for every value.
        own = connections[DEFAULT_DB_ALIAS]
        with own.cursor() as cursor:
            for model, rows in self._inserts.items():
                text, columns = _insert_by_row(model)
                states = (row.__dict__ for row in rows)
                cursor.executemany(
                    text, [[_saved(field, state[name], own) for name, field in columns] for state in states]
                )
            for update in self._updates:
                lengths = tuple(len(value) if name.endswith("__in") else 1 for name, value in update.where.items())
                cursor.execute(
                    _update(update.model, tuple(update.where), tuple(update.values), lengths), _written(update, own)
                )

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


def _saved(field: models.Field[Any, Any], value: Any, own: BaseDatabaseWrapper) -> Any:
    """Return a value as the database is given it. Text and whole numbers of such a column are given as they are."""
    if value is None or (type(value) in _AS_IT_IS and isinstance(field, _PLAIN)):
        return value
    return field.get_db_prep_save(value, own)


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns that a new row has a value for: a table may number its own rows."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


@lru_cache(maxsize=64)
def _insert(model: type[models.Model]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the statement that inserts the rows of a JSON list, and the names of its columns and their attributes."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = tuple((str(field.column), field.attname) for field in _columns(model))
    columns = ", ".join(quote(column) for column, _ in names)
    # Only names of our own tables and columns are in the text; values stay apart from it.
    text = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
    return text, names


@lru_cache(maxsize=64)
def _insert_by_row(model: type[models.Model]) -> tuple[str, tuple[tuple[str, models.Field[Any, Any]], ...]]:
    """Return the statement that inserts one row, and its attributes with their fields."""
    quote = connection.ops.quote_name
    fields = _columns(model)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    text = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - as above
    return text, tuple((field.attname, field) for field in fields)


def _field(model: type[models.Model], attribute: str) -> models.Field[Any, Any]:
    return model._meta.pk if attribute == "pk" else model._meta.get_field(attribute)  # type: ignore[return-value]


def _written(update: _Update, own: BaseDatabaseWrapper) -> list[Any]:
    """Return the values of an update as SQLite is given them, those of a list one by one."""
    values = [_saved(_field(update.model, name), value, own) for name, value in update.values.items()]
    for name, value in update.where.items():
        attribute, _, kind = name.partition("__")
        if kind != "isnull":
            field = _field(update.model, attribute)
            each = value if kind == "in" else [value]
            values += (field.get_db_prep_value(one, own) for one in each)
    return values


@lru_cache(maxsize=256)
def _update(
    model: type[models.Model], where: tuple[str, ...], values: tuple[str, ...], lengths: tuple[int, ...] | None = None
) -> str:
    """Return the statement that sets the columns ``values`` where the conditions hold.

    ``lengths`` says how many values each condition has, where a list is not one value.
    """
    quote = connection.ops.quote_name

    def column(attribute: str) -> str:
        return quote(str(_field(model, attribute).column))

    conditions = []
    for number, name in enumerate(where):
        attribute, _, kind = name.partition("__")
        text = _CONDITIONS[kind or "exact"]
        if kind == "in" and lengths is not None:
            text = f"{{}} IN ({', '.join(['%s'] * lengths[number])})"
        conditions.append(text.format(column(attribute)))
    sets = ", ".join(f"{column(name)} = %s" for name in values)
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {' AND '.join(conditions)}"  # noqa: S608
