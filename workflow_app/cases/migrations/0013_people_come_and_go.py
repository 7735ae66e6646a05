from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models

from workflow_app.ledger.append_only import AppendOnly, LetRowsChange

RULED = "cases_conflictdeclaration"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_letters_to_each"),
        ("organisation", "0002_revoked_and_called_off"),
    ]

    operations = [
        LetRowsChange(RULED),
        migrations.CreateModel(
            name="NecessaryTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SealedReasons",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CIRCUMSTANCE", "The circumstance"),
                            ("OPINION", "The jurist's opinion"),
                            ("RULING", "Reasons for the ruling"),
                            ("NECESSITY", "Why nobody else can do it in time"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField()),
                ("role", models.CharField(blank=True, max_length=8)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="conflictdeclaration",
            name="nobody_rules_on_their_own_conflict",
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="a_notice_is_about_work_or_a_deadline",
        ),
        migrations.AddField(
            model_name="conflictdeclaration",
            name="decision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="rulings", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="conflictdeclaration",
            name="ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("PARTY", "Party, or affected by the outcome (16 § first paragraph 1)"),
                    ("RELATED", "A relative is party or affected (16 § first paragraph 2)"),
                    ("REPRESENTATIVE", "Has represented a party (16 § first paragraph 3)"),
                    ("OTHER_AUTHORITY", "Took part in another authority's final handling (16 § first paragraph 4)"),
                    ("OTHER", "Another circumstance that shakes confidence (16 § first paragraph 5)"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="conflictdeclaration",
            name="nobody_else",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="conflictdeclaration",
            name="role",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="notification",
            name="grant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.delegationgrant",
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
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="conflictdeclaration",
            index=models.Index(
                condition=models.Q(("kind__startswith", "RULED_")), fields=["-at"], name="ruling_by_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="conflictdeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", models.F("person")), ("kind__in", ["NO_CIRCUMSTANCE", "CIRCUMSTANCE"])),
                    models.Q(
                        ("kind__in", ["RULED_CONFLICT", "RULED_CLEAR"]),
                        models.Q(
                            models.Q(("by", models.F("person")), _negated=True), ("nobody_else", True), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="nobody_rules_on_their_own_conflict",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("work_item__isnull", True)),
                fields=("person", "grant", "kind", "moment"),
                name="a_person_is_told_once_of_a_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deadline__isnull", True), ("work_item__isnull", False)),
                    models.Q(("deadline__isnull", False), ("grant__isnull", True), ("work_item__isnull", True)),
                    models.Q(("deadline__isnull", True), ("grant__isnull", False), ("work_item__isnull", True)),
                    _connector="OR",
                ),
                name="a_notice_is_about_work_a_deadline_or_a_right",
            ),
        ),
        migrations.AddField(
            model_name="necessarytask",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
            ),
        ),
        migrations.AddField(
            model_name="necessarytask",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
            ),
        ),
        migrations.AddField(
            model_name="necessarytask",
            name="work_item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="necessities", to="cases.workitem"
            ),
        ),
        migrations.AddField(
            model_name="sealedreasons",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
            ),
        ),
        migrations.AddField(
            model_name="sealedreasons",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sealed_reasons", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="sealedreasons",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sealed_reasons",
                to="cases.decision",
            ),
        ),
        migrations.AddField(
            model_name="necessarytask",
            name="reasons",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.sealedreasons"
            ),
        ),
        migrations.AddConstraint(
            model_name="necessarytask",
            constraint=models.UniqueConstraint(fields=("work_item", "person"), name="a_task_is_necessary_once"),
        ),
        migrations.AddConstraint(
            model_name="necessarytask",
            constraint=models.CheckConstraint(
                condition=models.Q(("by", models.F("person")), _negated=True),
                name="nobody_calls_their_own_task_necessary",
            ),
        ),
        *(AppendOnly(table) for table in (RULED, "cases_sealedreasons", "cases_necessarytask")),
    ]
