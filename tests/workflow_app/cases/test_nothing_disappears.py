"""No object of a case can be deleted, and none is weeded out without a rule, a closed case and four eyes (R-79)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from tests.workflow_app.office import Office
from workflow_app.cases.errors import WeedingRefused
from workflow_app.cases.models import Case
from workflow_app.cases.services import weeding
from workflow_app.ledger.errors import AppendOnly
from workflow_app.ledger.models import LedgerEntry

#: No part of a case: what is typed and not sent, words to persons, rights that have ended, what is reckoned each night.
PASSING = {"formdraft", "notification", "namedexception", "staffingreport"}
KEPT = [
    model
    for app in ("cases", "ledger", "letters")
    for model in apps.get_app_config(app).get_models()
    if model._meta.model_name not in PASSING | {"streamhead"}
]


def refuses_delete(table: str) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # 8 is TRIGGER_TYPE_DELETE.
            sql = "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 8 = 8"
            cursor.execute(sql, [table])
        else:
            sql = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND sql LIKE %s"
            cursor.execute(sql, [table, "%BEFORE DELETE%"])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("model", KEPT, ids=lambda model: str(model._meta.label))
def test_r79_every_table_of_a_case_refuses_delete(db: None, model: type[models.Model]) -> None:
    """R-79: the trigger is there, also in a table that is empty."""
    assert refuses_delete(model._meta.db_table)


def _orm(rows: models.QuerySet[Any]) -> None:
    rows.delete()


def _one(rows: models.QuerySet[Any]) -> None:
    rows[0].delete()


def _raw(rows: models.QuerySet[Any]) -> None:
    rows._raw_delete(rows.db)


@pytest.mark.parametrize("door", [_orm, _one, _raw])
def test_r79_no_row_of_a_played_case_can_be_deleted_by_any_door(office: Office, door: Any) -> None:
    """R-79: by query, by instance, or without Django's own checks."""
    office.to_dispatch()
    tried = 0

    for model in KEPT:
        rows = model._default_manager.all()
        if not rows.exists():
            continue
        before = rows.count()
        with pytest.raises((DatabaseError, models.ProtectedError, AppendOnly)), transaction.atomic():
            door(rows)
        assert rows.count() == before, model
        tried += 1
    assert tried >= 8


def test_r79_no_rule_has_been_adopted_so_nothing_is_weeded_out(office: Office) -> None:
    """R-79: the attempt is refused and kept in the ledger."""
    case = office.to_dispatch()

    with pytest.raises(WeedingRefused, match="NO_RETENTION_RULE"):
        weeding.weed(
            case=case.pk, proposed_by=office.person("reg_05"), approved_by=office.person("acn_etv"), at=office.at
        )

    assert Case.objects.filter(pk=case.pk).exists()
    assert LedgerEntry.objects.get(stream="WEEDING").kind == "ACT_REFUSED"
