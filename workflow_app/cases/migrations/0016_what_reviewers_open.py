from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from workflow_app.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_who_is_left_to_decide")]
    operations = [
        migrations.CreateModel(
            name="ReviewOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("PAGE_OF_REVIEW", "the proposal"),
                            ("PAGE_OF_CASE", "the case"),
                            ("PAGE_OF_LETTER", "a letter"),
                            ("PAGE_OF_DECISION", "an earlier decision"),
                        ],
                        max_length=16,
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="cases.workitem"
                    ),
                ),
            ],
        ),
        AppendOnly("cases_reviewopening"),
    ]
