"""Triggers that refuse UPDATE and DELETE, or only DELETE, on a table, on PostgreSQL and SQLite. Used by migrations."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION beredd_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


class AppendOnly(Operation):
    """Make a table append-only: rows may be added and never changed or deleted (R-78)."""

    reversible = True
    refused: tuple[str, ...] = ("UPDATE", "DELETE")

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the models as they are: a trigger is the database's own."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            # No parameters: the per cent sign is PL/pgSQL's own.
            schema_editor.execute(_POSTGRESQL_FUNCTION, params=None)
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_append_only BEFORE {' OR '.join(self.refused)} ON {self.table}"
                " FOR EACH ROW EXECUTE FUNCTION beredd_refuse_change()"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_no_truncate BEFORE TRUNCATE ON {self.table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION beredd_refuse_change()"
            )
            return
        for change in self.refused:
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_no_{change.lower()} BEFORE {change} ON {self.table}"
                f" BEGIN SELECT RAISE(ABORT, 'table {self.table} is append-only'); END"
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for name in ("append_only", "no_truncate"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_{name} ON {self.table}")
            return
        for change in self.refused:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_no_{change.lower()}")

    def describe(self) -> str:
        return f"Make {self.table} append-only"


class Undeletable(AppendOnly):
    """Let a table's rows change and never disappear."""

    refused = ("DELETE",)

    def describe(self) -> str:
        return f"Let no row of {self.table} be deleted"


class LetRowsChange(AppendOnly):
    """Take the triggers of an append-only table away, for a migration that adds to it and then makes it so again."""

    reversible = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Let the rows of {self.table} change"
