from __future__ import annotations

from typing import Any

from django.db import migrations, models


def leave_room(apps: Any, schema_editor: Any) -> None:
    """Leave room in each page of the case table, so that PostgreSQL keeps a case's new versions beside the old ones."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE cases_case SET (fillfactor = 40)")


def leave_none(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE cases_case RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_append_only")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_by_type_and_state"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["case_type", "state", "opened_at"], name="case_by_type_and_state"),
        ),
        migrations.RunPython(leave_room, leave_none),
    ]
