from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_drafts_of_steps"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="moment",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ASSIGNED", "Assigned to you"),
                    ("OVERDUE", "Due time has passed"),
                    ("REMINDER", "A deadline comes"),
                    ("PASSED", "A deadline has passed"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="work_item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifications",
                to="cases.workitem",
            ),
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=24)),
                ("legal_basis", models.CharField(blank=True, max_length=40)),
                ("statutory", models.BooleanField()),
                ("period", models.CharField(blank=True, max_length=8)),
                ("starts_on", models.DateField()),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("set_at", models.DateTimeField()),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("expired_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadlines", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="notification",
            name="deadline",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifications",
                to="cases.deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                fields=("person", "deadline", "kind", "moment"), name="a_person_is_told_once_of_a_deadline"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deadline__isnull", True), ("work_item__isnull", False)),
                    models.Q(("deadline__isnull", False), ("work_item__isnull", True)),
                    _connector="OR",
                ),
                name="a_notice_is_about_work_or_a_deadline",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("met_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=["case", "due_at"],
                name="deadline_open_by_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("met_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"),
                name="a_deadline_is_met_or_withdrawn_not_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("starts_on")), ("period", ""), _connector="OR"),
                name="a_deadline_ends_after_it_begins",
            ),
        ),
    ]
