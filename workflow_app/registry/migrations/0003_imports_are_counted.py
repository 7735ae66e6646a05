from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import migrations, models
from django.db.models import Q


def count(apps: Any, schema_editor: Any) -> None:
    """Count the imports so far, and let what waits be checked again: what it was held against is not known."""
    files = apps.get_model("registry", "RegisterFile")
    imported: Counter[str] = Counter()
    for file in files.objects.filter(imported_at__isnull=False).order_by("imported_at", "id").only("register"):
        imported[file.register] += 1
        files.objects.filter(pk=file.pk).update(number=imported[file.register])


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_nothing_is_deleted")]
    operations = [
        migrations.AddField("registerfile", "number", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AddConstraint(
            "registerfile",
            models.UniqueConstraint(
                condition=Q(imported_at__isnull=False),
                fields=("register", "number"),
                name="imports_into_a_register_are_counted",
            ),
        ),
    ]
