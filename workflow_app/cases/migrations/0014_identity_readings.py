from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from workflow_app.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_people_come_and_go"), ("organisation", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="IdentityReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
                    ),
                ),
                (
                    "sealed_name",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="cases.sealedname"
                    ),
                ),
            ],
        ),
        AppendOnly("cases_identityreading"),
    ]
