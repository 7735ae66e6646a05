"""The record: nobody changes or deletes it, and whoever does so around the database's guard is found."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests.append_only import lifted
from tests.workflow_app.office import Office
from workflow_app.cases import selectors
from workflow_app.cases.models import Case
from workflow_app.ledger import verification
from workflow_app.ledger.errors import AppendOnly
from workflow_app.ledger.models import LedgerEntry

TABLES = {
    "ledger_ledgerentry": "kind",
    "cases_decision": "reasons",
    "cases_permitrecord": "rule",
    "cases_caseact": "node",
    "cases_proposal": "content",
    "cases_conflictdeclaration": "kind",
    "engine_processdefinition": "title",
}


@pytest.mark.parametrize(("table", "column"), TABLES.items())
@pytest.mark.parametrize("change", ["UPDATE", "DELETE"])
def test_the_database_itself_refuses_to_change_the_record(office: Office, table: str, column: str, change: str) -> None:
    office.to_dispatch()
    changes = {"UPDATE": f"UPDATE {table} SET {column} = 'x'", "DELETE": f"DELETE FROM {table}"}  # noqa: S608 - names above

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(changes[change])


def test_the_ledger_refuses_in_words(office: Office) -> None:
    office.open_case()

    with pytest.raises(AppendOnly, match="record a new event instead"):
        LedgerEntry.objects.filter(seq=1).update(kind="X")
    with pytest.raises(AppendOnly, match="disposal is an event"):
        LedgerEntry.objects.all().delete()


def test_every_chain_of_a_played_case_holds(office: Office) -> None:
    office.to_dispatch()

    report = verification.verify(selectors.heads())

    assert report.ok, report.breaks
    assert report.entries == LedgerEntry.objects.count()


def _tamper(sql: str, *params: object) -> None:
    with lifted(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    ("sql", "code", "seq"),
    [
        ("UPDATE ledger_ledgerentry SET body = replace(body, 'WORK_CLAIMED', 'WORK_CLAIMEX') WHERE", "BODY_CHANGED", 2),
        ("UPDATE ledger_ledgerentry SET kind = 'CASE_OPENED' WHERE", "COLUMNS_CHANGED", 2),
        ("UPDATE ledger_ledgerentry SET person = '' WHERE", "COLUMNS_CHANGED", 2),
        ("DELETE FROM ledger_ledgerentry WHERE", "ENTRY_MISSING", 2),
    ],
)
def test_a_change_around_the_triggers_is_found_at_its_entry(office: Office, sql: str, code: str, seq: int) -> None:
    case = office.to_review()

    _tamper(f"{sql} stream = %s AND seq = %s", str(case.pk), seq)

    (found,) = verification.verify(selectors.heads()).breaks
    assert (found.stream, found.seq, found.code) == (str(case.pk), seq, code)


def test_a_cut_tail_is_found_by_the_head_the_case_keeps(office: Office) -> None:
    case = office.to_review()
    case.refresh_from_db()

    _tamper("DELETE FROM ledger_ledgerentry WHERE stream = %s AND seq = %s", str(case.pk), case.ledger_seq)

    (found,) = verification.verify(selectors.heads()).breaks
    assert (found.code, found.seq) == ("TAIL_MISSING", case.ledger_seq)


def test_a_case_stripped_of_its_whole_ledger_is_found(office: Office) -> None:
    case = office.open_case()

    _tamper("DELETE FROM ledger_ledgerentry WHERE stream = %s", str(case.pk))

    assert [found.code for found in verification.verify(selectors.heads()).breaks] == ["TAIL_MISSING"]


def test_verify_ledger_says_so_to_scripts(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    case = office.open_case()

    call_command("verify_ledger", "--format", "json")
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["breaks"]) == (True, [])

    Case.objects.filter(pk=case.pk).update(ledger_seq=99)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", "--format", "json")
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["breaks"][0]["code"] == "TAIL_MISSING"
