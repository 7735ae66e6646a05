from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from workflow_app.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0007_letters_asked_for")]
    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("language", models.CharField(choices=[("sv", "Swedish")], default="sv", max_length=2)),
                ("template_sha256", models.CharField(max_length=64)),
                ("data", models.TextField()),
                ("data_sha256", models.CharField(max_length=64)),
                ("pdf", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("unprintable", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="made", to="cases.letterrequest"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(template_sha256__length=64, data_sha256__length=64, sha256__length=64),
                        name="a_letter_is_sealed_by_three_sha256",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "transport",
                    models.CharField(
                        choices=[
                            ("REGISTRY", "The registry was asked to expedite it"),
                            ("FOLDER", "Left in the mailing system's folder"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sending", to="letters.letter"
                    ),
                ),
            ],
        ),
        AppendOnly("letters_letter"),
        AppendOnly("letters_sending"),
    ]
