from __future__ import annotations

from django.db import migrations

from workflow_app.ledger.append_only import AppendOnly

TABLES = ("caseact", "conflictdeclaration", "decision", "dispatch", "dissent", "permitrecord", "proposal")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial"), ("ledger", "0002_append_only")]
    operations = [AppendOnly(f"cases_{table}") for table in TABLES]
