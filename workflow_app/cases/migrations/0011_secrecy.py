from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workflow_app.ledger.append_only import AppendOnly, Undeletable

#: Not append-only: a case moves on. But no part of it ever disappears (R-79).
KEPT = ("case", "caseseries", "deadline", "needtoknow", "timer", "workitem")


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0010_facts_in_their_row"),
        ("organisation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NeedToKnow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SealedName",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("CHILD", "Child"), ("NOTIFIER", "Notifier"), ("PERSON", "Person")], max_length=8
                    ),
                ),
                ("pseudonym", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("protected", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="case",
            options={
                "permissions": [
                    ("read_case", "May read the case"),
                    ("audit_case", "May audit the case"),
                    ("read_identity", "May read who the pseudonyms stand for"),
                ]
            },
        ),
        migrations.AddField(
            model_name="case",
            name="walled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="corrects",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="cases.decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", False)),
                fields=("corrects",),
                name="a_version_is_corrected_once",
            ),
        ),
        migrations.AddField(
            model_name="namedexception",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="exceptions", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="namedexception",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
            ),
        ),
        migrations.AddField(
            model_name="namedexception",
            name="permission",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
        ),
        migrations.AddField(
            model_name="namedexception",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="needtoknow",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="need_to_know", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="needtoknow",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
            ),
        ),
        migrations.AddField(
            model_name="sealedname",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
            ),
        ),
        migrations.AddField(
            model_name="sealedname",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sealed_names", to="cases.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="namedexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_from__lt", models.F("valid_to"))), name="an_exception_ends_after_it_begins"
            ),
        ),
        migrations.AlterUniqueTogether(
            name="namedexception",
            unique_together={("user", "permission", "content_object")},
        ),
        migrations.AddConstraint(
            model_name="needtoknow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("case", "person"),
                name="a_person_needs_to_know_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="sealedname",
            constraint=models.UniqueConstraint(fields=("case", "pseudonym"), name="a_pseudonym_stands_for_one_person"),
        ),
        AppendOnly("cases_sealedname"),
        *(Undeletable(f"cases_{table}") for table in KEPT),
    ]
