from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_what_reviewers_open"),
    ]

    operations = [
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
                    ("DECIDED", "Decided by somebody above you"),
                ],
                max_length=10,
            ),
        ),
    ]
