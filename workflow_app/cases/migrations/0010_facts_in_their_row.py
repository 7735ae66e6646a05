from __future__ import annotations

from typing import Any

from django.db import migrations


def keep_in_the_row(apps: Any, schema_editor: Any) -> None:
    """Keep a case's facts, packed, in its row: every command writes them, and out of line they cost a row more each."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE cases_case ALTER COLUMN facts SET STORAGE MAIN")


def keep_as_usual(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE cases_case ALTER COLUMN facts SET STORAGE EXTENDED")


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_deadlines")]
    operations = [migrations.RunPython(keep_in_the_row, keep_as_usual)]
