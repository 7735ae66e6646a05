from __future__ import annotations

from django.db import migrations, models

from delegation.recipients import Party
from workflow_app.ledger.append_only import AppendOnly, LetRowsChange


class Migration(migrations.Migration):
    """A letter is asked for once for each receiver. Those asked for earlier were each to the one that they name."""

    dependencies = [("cases", "0011_secrecy")]
    operations = [
        LetRowsChange("cases_letterrequest"),
        migrations.AddField(
            "letterrequest",
            "party",
            models.CharField(
                choices=[(party.value, party.value.lower()) for party in Party], default="", max_length=20
            ),
            preserve_default=False,
        ),
        migrations.AddField("letterrequest", "party_code", models.CharField(blank=True, max_length=24)),
        migrations.AddField("letterrequest", "for_information", models.BooleanField(default=False)),
        AppendOnly("cases_letterrequest"),
    ]
