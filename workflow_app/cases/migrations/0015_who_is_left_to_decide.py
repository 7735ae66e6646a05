from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_identity_readings"),
        ("organisation", "0002_revoked_and_called_off"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffingReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(unique=True)),
                ("content", models.TextField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="a_notice_is_about_work_a_deadline_or_a_right",
        ),
        migrations.AddField(
            model_name="notification",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notifications", to="cases.case"
            ),
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
                    ("TAKEN_BACK", "Taken back from you"),
                    ("GIVEN", "You have been given a right"),
                    ("REVOKED", "A right has been revoked"),
                    ("ENDED", "A right has run out"),
                    ("USAGE", "Use of a right that you have lent"),
                    ("UNSTAFFED", "Nobody is left to decide"),
                    ("REORDERED", "Another order changes what the case needs"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                fields=("person", "case", "kind", "moment"), name="a_person_is_told_once_how_a_case_stands"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", True), ("deadline__isnull", True), ("work_item__isnull", False)),
                    models.Q(
                        ("case__isnull", True),
                        ("deadline__isnull", False),
                        ("grant__isnull", True),
                        ("work_item__isnull", True),
                    ),
                    models.Q(
                        ("case__isnull", True),
                        ("deadline__isnull", True),
                        ("grant__isnull", False),
                        ("work_item__isnull", True),
                    ),
                    models.Q(
                        ("case__isnull", False),
                        ("deadline__isnull", True),
                        ("grant__isnull", True),
                        ("work_item__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_notice_is_about_one_thing",
            ),
        ),
    ]
