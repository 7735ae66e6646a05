from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_letters_asked_for"), ("organisation", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="FormDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("typed", models.TextField()),
                ("revision", models.PositiveIntegerField()),
                ("page", models.UUIDField()),
                ("seen", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
                    ),
                ),
                (
                    "work_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="cases.workitem"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("work_item", "person"), name="a_person_has_one_draft_of_a_step")
                ]
            },
        )
    ]
