from __future__ import annotations

from django.db import migrations

from workflow_app.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [AppendOnly("ledger_ledgerentry")]
