from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

TABLES = {
    "unit": "registry.supervisedunit",
    "provider": "registry.provider",
    "principal": "registry.principal",
    "licensed_person": "registry.licensedperson",
}


def _link(table: str) -> models.ForeignKey:
    return models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=table)


class Migration(migrations.Migration):
    """Link cases to the registers; what was written about a unit before there were any stays among the facts."""

    dependencies = [("cases", "0005_linked_cases"), ("registry", "0002_nothing_is_deleted")]
    operations = [
        migrations.RemoveField("case", "unit"),
        *(migrations.AddField("case", name, _link(table)) for name, table in TABLES.items()),
    ]
