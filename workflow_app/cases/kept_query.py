"""A query whose SQL is written once and asked many times with other values.

Django composes and compiles a query each time it is asked. For the query that begins every command that takes longer
than to run it, so its text is kept for the life of the process; rows become model instances in Django's own way.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ModelIterable


class KeptQuery:
    """A query with named values. Each name has the field that says how its values are written for the database,
    and a sample that stands nowhere else in the query."""

    def __init__(
        self, build: Callable[..., models.QuerySet[Any]], values: Mapping[str, tuple[models.Field[Any, Any], Any]]
    ) -> None:
        self._build = build
        self._fields = {name: field for name, (field, _) in values.items()}
        self._samples = {name: sample for name, (_, sample) in values.items()}
        #: Database vendor -> compiled query, its SQL, its parameters (a name where a value belongs) and its converters.
        self._kept: dict[str, tuple[Any, str, list[Any], Mapping[int, Any]]] = {}

    def fetch(self, **values: Any) -> list[Any]:
        """Ask, and return the rows: instances with the query's annotations, which types do not know."""
        asked = self._asked(values)
        query = SimpleNamespace(get_compiler=lambda using: asked)
        source = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return list(ModelIterable(cast("models.QuerySet[Any]", source)))

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask a query of values, and return its rows."""
        return list(self._asked(values).results_iter(tuple_expected=True))

    def _asked(self, values: Mapping[str, Any]) -> Any:
        connection = connections[DEFAULT_DB_ALIAS]
        compiler, sql, parameters, converters = self._kept.get(connection.vendor) or self._keep()
        written = {name: self._write(name, value) for name, value in values.items()}
        asked = copy.copy(compiler)
        asked.connection = connection
        asked.as_sql = lambda: (sql, tuple(written[p.name] if isinstance(p, _Name) else p for p in parameters))
        asked.get_converters = lambda expressions: converters
        return asked

    def _keep(self) -> tuple[Any, str, list[Any], Mapping[int, Any]]:
        connection = connections[DEFAULT_DB_ALIAS]
        compiler = self._build(**self._samples).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        names = {self._write(name, sample): _Name(name) for name, sample in self._samples.items()}
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        kept = (compiler, sql, [names.get(parameter, parameter) for parameter in parameters], converters)
        self._kept[connection.vendor] = kept
        return kept

    def _write(self, name: str, value: Any) -> Any:
        return self._fields[name].get_db_prep_value(value, connections[DEFAULT_DB_ALIAS])


class _Name:
    """The place of a value."""

    def __init__(self, name: str) -> None:
        self.name = name
