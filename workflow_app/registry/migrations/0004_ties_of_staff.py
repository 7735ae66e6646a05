from __future__ import annotations

from django.db import migrations, models

from workflow_app.ledger.append_only import Undeletable


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_imports_are_counted"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registerchange",
            name="register",
            field=models.CharField(
                choices=[
                    ("SUPERVISED_UNIT", "Supervised units"),
                    ("PROVIDER", "Providers"),
                    ("PRINCIPAL", "Municipalities and regions"),
                    ("LICENSED_PERSON", "Licensed persons"),
                    ("STAFF_TIE", "Ties of the authority's staff"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="registerfile",
            name="register",
            field=models.CharField(
                choices=[
                    ("SUPERVISED_UNIT", "Supervised units"),
                    ("PROVIDER", "Providers"),
                    ("PRINCIPAL", "Municipalities and regions"),
                    ("LICENSED_PERSON", "Licensed persons"),
                    ("STAFF_TIE", "Ties of the authority's staff"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="StaffTie",
            fields=[
                ("code", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("active_from", models.DateField()),
                ("active_to", models.DateField(blank=True, null=True)),
                ("folded", models.CharField(editable=False, max_length=240)),
                ("staff_code", models.CharField(max_length=24)),
                ("party", models.CharField(max_length=24)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PARTY", "is the party"),
                            ("OWNER", "owns or leads it"),
                            ("RELATED", "is related to somebody there"),
                            ("EMPLOYED", "is or was on its staff list"),
                            ("SIDE_JOB", "has a side job there"),
                            ("REPRESENTATIVE", "has represented it"),
                            ("OTHER_AUTHORITY", "took part in its decisions at another authority"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["staff_code", "party"], name="tie_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("active_to__isnull", True), ("active_from__lt", models.F("active_to")), _connector="OR"
                        ),
                        name="stafftie_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__startswith", "KNY-")), name="stafftie_has_a_code_of_its_own"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "PARTY",
                                    "OWNER",
                                    "RELATED",
                                    "EMPLOYED",
                                    "SIDE_JOB",
                                    "REPRESENTATIVE",
                                    "OTHER_AUTHORITY",
                                ],
                            )
                        ),
                        name="stafftie_kind_is_known",
                    ),
                ],
            },
        ),
        Undeletable("registry_stafftie"),
    ]
