from __future__ import annotations

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0011_secrecy"),
        ("organisation", "0001_initial"),
        ("registry", "0002_nothing_is_deleted"),
    ]

    operations = [
        migrations.CreateModel(
            name="MunicipalityPlace",
            fields=[
                (
                    "municipality",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="place",
                        serialize=False,
                        to="registry.principal",
                    ),
                ),
                ("east", models.IntegerField()),
                ("north", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="InspectorProfile",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="inspector_profile",
                        serialize=False,
                        to="organisation.person",
                    ),
                ),
                ("senior", models.BooleanField()),
                ("kinds", models.CharField(max_length=200)),
                ("visits", models.PositiveSmallIntegerField()),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.principal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AssignmentPlan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("seed", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("problem_sha256", models.CharField(blank=True, max_length=64)),
                ("content", models.TextField(blank=True)),
                ("failure", models.TextField(blank=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.person",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.person"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignment_plans", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content", ""), ("made_at__isnull", True)),
                            models.Q(
                                ("made_at__isnull", False),
                                models.Q(
                                    models.Q(("content", ""), _negated=True),
                                    models.Q(("failure", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="a_plan_that_is_made_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                            models.Q(
                                ("accepted_at__isnull", False),
                                ("accepted_by__isnull", False),
                                ("failure", ""),
                                ("made_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_plan_is_accepted_by_somebody_once_it_is_made",
                    ),
                ],
            },
        ),
    ]
