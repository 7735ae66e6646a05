from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from workflow_app.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_what_cases_are_about"), ("organisation", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="LetterRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("node", models.CharField(max_length=200)),
                ("letter", models.CharField(max_length=60)),
                ("matter", models.PositiveSmallIntegerField()),
                ("role", models.CharField(blank=True, max_length=8)),
                ("recipient", models.TextField(blank=True)),
                ("facts", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letter_requests", to="cases.case"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_requests",
                        to="cases.decision",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.person",
                    ),
                ),
            ],
        ),
        AppendOnly("cases_letterrequest"),
    ]
