from __future__ import annotations

from django.db import migrations

from workflow_app.ledger.append_only import AppendOnly, Undeletable

ENTRIES = ("licensedperson", "principal", "provider", "supervisedunit")


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_registers"), ("ledger", "0002_append_only")]
    operations = [*(Undeletable(f"registry_{table}") for table in ENTRIES), AppendOnly("registry_registerchange")]
