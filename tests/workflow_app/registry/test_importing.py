"""A file is imported whole or not at all, by a registrar, and whoever sent it is told what is wrong and where."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import translation

from tests.workflow_app.office import Office
from tests.workflow_app.registry.files import AT, PROVIDERS, REGISTRAR, UNIT, UNIT_HEADING, send, units
from workflow_app.ledger import selectors as ledger
from workflow_app.registry import csv_file, selectors, services
from workflow_app.registry.errors import FileRefused, NotRegistrar, Problem, RegisterChanged, UnknownFile
from workflow_app.registry.models import (
    TABLES,
    Provider,
    Register,
    RegisterChange,
    RegisterFile,
    StaffTie,
    SupervisedUnit,
)

pytestmark = pytest.mark.usefixtures("office")

UNITS = Register.SUPERVISED_UNIT


def _refused(text: str | bytes, register: Register = UNITS) -> tuple[Problem, ...]:
    """Return what is wrong with a file, after seeing that it changed nothing."""
    before = SupervisedUnit.objects.count(), Provider.objects.count()
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FileRefused) as refusal, translation.override("sv"):
        services.check(register=register, data=data, by=REGISTRAR, at=AT)
    assert (SupervisedUnit.objects.count(), Provider.objects.count()) == before
    assert not RegisterFile.objects.exists()
    return refusal.value.problems


def test_a_file_adds_what_is_new_and_keeps_who_added_it() -> None:
    plan = send(UNITS, units(UNIT))

    assert plan.added == (("ENH-900001", 2),)
    unit = selectors.unit("ENH-900001")
    assert unit is not None
    assert (unit.name, unit.kind, unit.receives_children, unit.principal) == ("HVB Enhet 9001", "HVB", True, None)
    assert (unit.active_from, unit.active_to) == (date(2020, 1, 1), None)
    (change,) = selectors.history(UNITS, "ENH-900001")
    assert change.by == "Registrator 05"
    assert change.columns["namn"] == (None, "HVB Enhet 9001")


def test_the_same_file_twice_changes_nothing() -> None:
    send(UNITS, units(UNIT))
    entries = len(ledger.of_stream(services.STREAM))

    plan = send(UNITS, units(UNIT))

    assert (plan.added, plan.changed, plan.unchanged) == ((), (), 1)
    assert RegisterChange.objects.count() == 1
    assert len(ledger.of_stream(services.STREAM)) == entries


def test_a_checked_file_imported_twice_is_imported_once() -> None:
    plan = services.check(register=UNITS, data=units(UNIT).encode(), by=REGISTRAR, at=AT)
    assert plan.file is not None
    services.import_checked(file=plan.file, by=REGISTRAR, at=AT)
    send(UNITS, units(UNIT.replace("9001", "9001 B")))

    again = services.import_checked(file=plan.file, by=REGISTRAR, at=AT)

    assert again.changes_nothing
    assert selectors.labels(UNITS, ["ENH-900001"]) == {"ENH-900001": "HVB Enhet 9001 B"}


def test_a_change_is_told_before_it_is_made_and_kept_afterwards() -> None:
    send(UNITS, units(UNIT))
    changed = units(UNIT.replace("2020-01-01;", "2020-01-01;2026-07-01"))

    plan = services.check(register=UNITS, data=changed.encode(), by=REGISTRAR, at=AT, keep=False)

    (row,) = plan.changed
    assert row.columns == {"verksam_till": (None, date(2026, 7, 1))}
    assert selectors.problems(UNITS, ["ENH-900001"], at=AT) == {}
    send(UNITS, changed, at=AT + timedelta(hours=1))
    assert "not in force" in selectors.problems(UNITS, ["ENH-900001"], at=AT)["ENH-900001"]
    newest = selectors.history(UNITS, "ENH-900001")[0]
    assert newest.columns == {"verksam_till": (None, "2026-07-01")}


def test_entries_that_a_file_does_not_name_stay() -> None:
    before = set(Provider.objects.values_list("code", flat=True))

    send(Register.PROVIDER, PROVIDERS)

    assert set(Provider.objects.values_list("code", flat=True)) == before | {"UTF-00901"}


def test_the_ledger_tells_counts_and_the_file_and_no_more() -> None:
    plan = send(UNITS, units(UNIT))

    event = ledger.of_stream(services.STREAM)[-1]
    assert (event.kind, event.person) == ("REGISTER_IMPORTED", str(REGISTRAR))
    assert event.data == {
        "register": "SUPERVISED_UNIT",
        "sha256": plan.sha256,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
    }


@pytest.mark.parametrize("login", ["insp_017", "acn_etv", "gd", "po_01", "doadm_01", "uppl_03"])
def test_nobody_but_a_registrar_imports_and_the_attempt_is_recorded_s_44(office: Office, login: str) -> None:
    person = office.person(login)

    with pytest.raises(NotRegistrar):
        services.check(register=UNITS, data=units(UNIT).encode(), by=person, at=AT)

    event = ledger.of_stream(services.STREAM)[-1]
    assert (event.kind, event.person, event.data["bars"]) == ("ACT_REFUSED", str(person), ["NOT_REGISTRAR:S-44"])


def test_a_file_is_imported_by_whoever_checked_it(office: Office) -> None:
    plan = services.check(register=UNITS, data=units(UNIT).encode(), by=REGISTRAR, at=AT)
    assert plan.file is not None

    with pytest.raises(UnknownFile):
        services.import_checked(file=plan.file, by=office.person("REG-01"), at=AT)
    with pytest.raises(UnknownFile):
        services.import_checked(file=uuid.uuid4(), by=REGISTRAR, at=AT)


def test_a_file_that_no_longer_fits_is_refused_when_it_is_imported() -> None:
    line = UNIT.replace("UTF-00031", "UTF-00901")
    send(Register.PROVIDER, PROVIDERS)
    plan = services.check(register=UNITS, data=units(line).encode(), by=REGISTRAR, at=AT)
    assert plan.file is not None
    RegisterFile.objects.filter(pk=plan.file).update(text=units(line.replace("00901", "00902")))

    with pytest.raises(FileRefused):
        services.import_checked(file=plan.file, by=REGISTRAR, at=AT)

    assert selectors.unit("ENH-900001") is None


def test_of_two_files_checked_against_the_same_register_one_is_imported_and_the_other_checked_again() -> None:
    first = services.check(register=UNITS, data=units(UNIT).encode(), by=REGISTRAR, at=AT)
    second = services.check(register=UNITS, data=units(UNIT.replace("900001", "900002")).encode(), by=REGISTRAR, at=AT)
    assert first.file is not None
    assert second.file is not None
    services.import_checked(file=first.file, by=REGISTRAR, at=AT)

    with pytest.raises(RegisterChanged):
        services.import_checked(file=second.file, by=REGISTRAR, at=AT)

    assert selectors.unit("ENH-900002") is None
    assert send(UNITS, units(UNIT.replace("900001", "900002"))).added


def test_an_import_into_one_register_does_not_stand_in_the_way_of_another() -> None:
    plan = services.check(register=UNITS, data=units(UNIT).encode(), by=REGISTRAR, at=AT)
    assert plan.file is not None
    send(Register.PROVIDER, PROVIDERS)

    assert services.import_checked(file=plan.file, by=REGISTRAR, at=AT).added


def test_the_database_lets_no_two_files_be_the_same_import() -> None:
    files = [
        services.check(register=UNITS, data=units(UNIT.replace("900001", code)).encode(), by=REGISTRAR, at=AT).file
        for code in ("900001", "900002")
    ]

    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterFile.objects.filter(pk__in=files).update(imported_at=AT)


def test_a_file_that_changes_nothing_does_not_wait() -> None:
    send(UNITS, units(UNIT))

    plan = services.check(register=UNITS, data=units(UNIT).encode(), by=REGISTRAR, at=AT)

    assert plan.file is None
    assert selectors.waiting_files(UNITS) == []


def test_any_registrar_throws_away_a_file_that_waits_and_nobody_else(office: Office) -> None:
    plan = services.check(register=UNITS, data=units(UNIT).encode(), by=REGISTRAR, at=AT)
    assert plan.file is not None
    assert [file.pk for file in selectors.waiting_files(UNITS)] == [plan.file]

    with pytest.raises(NotRegistrar):
        services.discard(file=plan.file, by=office.person("INSP-017"), at=AT)
    services.discard(file=plan.file, by=office.person("REG-01"), at=AT)

    assert selectors.waiting_files(UNITS) == []
    with pytest.raises(UnknownFile):
        services.import_checked(file=plan.file, by=REGISTRAR, at=AT)


def test_a_file_that_has_been_imported_is_not_thrown_away() -> None:
    plan = services.check(register=UNITS, data=units(UNIT).encode(), by=REGISTRAR, at=AT)
    assert plan.file is not None
    services.import_checked(file=plan.file, by=REGISTRAR, at=AT)

    with pytest.raises(UnknownFile):
        services.discard(file=plan.file, by=REGISTRAR, at=AT)
    assert selectors.history(UNITS, "ENH-900001")


@pytest.mark.parametrize(
    "data",
    [
        units(UNIT).encode("utf-8-sig"),
        units(UNIT).replace(";", ",").encode(),
        units(UNIT).replace("\n", "\r\n").encode(),
        units(UNIT.replace("HVB Enhet 9001", '"HVB Enhet 9001"')).encode(),
        (units(UNIT) + ";;;;;;;;\n\n").encode(),
        UNIT_HEADING.upper().encode() + b"\n" + UNIT.encode(),
    ],
    ids=["byte order mark", "commas", "windows line ends", "quoted", "blank lines", "capital heading"],
)
def test_a_file_as_spreadsheets_write_it_is_read(data: bytes) -> None:
    assert send(UNITS, data).added == (("ENH-900001", 2),)


@pytest.mark.parametrize(
    ("change", "line", "column", "text"),
    [
        (("ENH-900001", "900001"), 2, "kod", "`900001` är ingen kod; skriv till exempel ENH-000417"),
        (("ENH-900001", ""), 2, "kod", "måste fyllas i"),
        (("HVB Enhet 9001", "=1+1"), 2, "namn", "börjar som en formel; ett register har inga formler"),
        (("HVB Enhet 9001", "@SUM(A1)"), 2, "namn", "börjar som en formel; ett register har inga formler"),
        (("HVB Enhet 9001", "a\u202eb"), 2, "namn", "har ett tecken som ingen text har; ta bort det"),
        (("HVB Enhet 9001", "x" * 201), 2, "namn", "är 201 tecken långt; högst 200 tillåts"),
        (("HVB Enhet 9001", "x" * 121), 2, "namn", "är 121 tecken långt; högst 120 tillåts"),
        (
            ("HVB Enhet 9001", "HVB 19121212-1212"),
            2,
            "namn",
            "har något som liknar ett personnummer; ett register har inga",
        ),
        ((";HVB;", ";SLOTT;"), 2, "slag", "`SLOTT` är inget av valen: "),
        ((";ja;", ";kanske;"), 2, "tar_emot_barn", "`kanske` är varken ja eller nej"),
        (
            ("UTF-00031", "UTF-99999"),
            2,
            "utforare",
            "`UTF-99999` finns inte i sitt register; läs in det registret först",
        ),
        (("KOM-001", "REG-01"), 2, "kommun", "`REG-01` är ingen kod; skriv till exempel KOM-112"),
        (("2020-01-01;", "2020-02-30;"), 2, "verksam_fran", "`2020-02-30` är ingen dag; skriv till exempel 2026-03-01"),
        (("2020-01-01;", "2020-01-01;2020-01-01"), 2, "verksam_till", "måste vara senare än verksam_fran"),
        (("ENH-900001;", "ENH-900001;extra;"), 2, "", "har 10 celler; rubriken har 9"),
    ],
)
def test_what_is_wrong_in_a_line_is_told_with_line_and_column_in_swedish(
    change: tuple[str, str], line: int, column: str, text: str
) -> None:
    (problem,) = _refused(units(UNIT.replace(*change, 1)))

    assert (problem.line, problem.column) == (line, column)
    assert problem.text.startswith(text)


@pytest.mark.parametrize(
    ("data", "line", "text"),
    [
        (b"", 0, "filen har inga rader under rubriken"),
        (UNIT_HEADING.encode(), 0, "filen har inga rader under rubriken"),
        (units(UNIT).encode() + b"\0", 3, "har ett NUL-tecken, som ingen text har; är det en CSV-fil?"),
        (units(UNIT.replace("HVB Enhet", "Hem för")).encode("latin-1"), 2, "har byte som inte är UTF-8"),
        (units(UNIT).encode("utf-16"), 0, "filen är UTF-16; spara den som ”CSV UTF-8”"),
        (units(UNIT).encode() + b'"open', 3, "går inte att läsa som CSV"),
        (b"x" * (10 * 2**20), 0, "filen är större än 8 MB; dela upp den"),
    ],
    ids=["empty", "only a heading", "nul", "latin-1", "utf-16", "open quotation", "10 MB"],
)
def test_what_is_no_file_of_a_register_is_refused_in_words(data: bytes, line: int, text: str) -> None:
    (problem,) = _refused(data)

    assert problem.line == line
    assert problem.text.startswith(text)


def test_a_wrong_heading_names_every_column_that_is_missing_too_many_or_there_twice() -> None:
    problems = _refused(units(UNIT).replace("slag", "typ", 1).replace("huvudman", "kommun", 1))

    assert [(problem.column, problem.text[:24]) for problem in problems] == [
        ("slag", "kolumnen saknas"),
        ("huvudman", "kolumnen saknas"),
        ("typ", "det finns ingen sådan ko"),
        ("kommun", "kolumnen finns två gånger"[:24]),
    ]


def test_a_code_that_stands_twice_is_refused_with_both_lines() -> None:
    (problem,) = _refused(units(UNIT, UNIT.replace("9001;HVB", "9002;HVB")))

    assert (problem.line, problem.column, problem.text) == (3, "kod", "`ENH-900001` står också på rad 2")


def test_one_bad_line_among_many_lets_none_in() -> None:
    good = [UNIT.replace("900001", f"90{number:04d}") for number in range(1, 50)]

    problems = _refused(units(*good, UNIT.replace("HVB;ja", "HVB;nja")))

    assert {problem.line for problem in problems} == {51}


def test_only_the_first_of_very_many_problems_are_listed() -> None:
    lines = [UNIT.replace("900001", f"9{number:05d}").replace(";ja;", ";nja;") for number in range(500)]

    assert len(_refused(units(*lines))) == csv_file.MOST_PROBLEMS


def test_a_municipality_has_the_code_of_one() -> None:
    text = "kod;namn;slag;verksam_fran;verksam_till\nREG-99;Kommun 999;MUNICIPALITY;2020-01-01;\n"

    (problem,) = _refused(text, Register.PRINCIPAL)

    assert problem.column == "slag"


def test_a_licensed_person_has_no_name() -> None:
    text = "kod;namn;yrke;verksam_fran;verksam_till\nLEG-900001;Någon;NURSE;2020-01-01;\n"

    (problem,) = _refused(text, Register.LICENSED_PERSON)

    assert (problem.column, problem.text[:24]) == ("namn", "det finns ingen sådan ko")


@pytest.mark.parametrize("table", [*TABLES.values(), RegisterChange], ids=lambda table: table.__name__)
def test_the_database_lets_nothing_be_deleted(table: type[Model]) -> None:
    send(UNITS, units(UNIT))
    StaffTie.objects.create(
        code="KNY-900001", staff_code="INSP-017", party="ENH-900001", kind="SIDE_JOB", active_from=date(2020, 1, 1)
    )
    rows = table._default_manager.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete(rows.db)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "SLOTT"},
        {"active_to": date(2019, 1, 1)},
        {"provider_id": "UTF-99999"},
        {"provider_id": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_a_unit_that_cannot_be(change: dict[str, object]) -> None:
    send(UNITS, units(UNIT))

    def spoil() -> None:
        SupervisedUnit.objects.filter(code="ENH-900001").update(**change)
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        spoil()


def test_an_entry_is_in_force_from_its_first_day_until_the_day_it_ends() -> None:
    send(UNITS, units(UNIT.replace("2020-01-01;", "2026-11-01;2026-11-24")))

    def problem(moment: str) -> str:
        found = selectors.problems(UNITS, ["ENH-900001"], at=datetime.fromisoformat(moment))
        return found.get("ENH-900001", "")

    assert problem("2026-11-01T00:00+01:00") == ""
    assert problem("2026-10-31T23:59+01:00").startswith("is not in force")
    # Half an hour before midnight in Stockholm, and half past midnight.
    assert problem("2026-11-23T22:30+00:00") == ""
    assert problem("2026-11-23T23:30+00:00").startswith("is not in force")
    assert selectors.problems(UNITS, ["x"], at=AT)["x"].startswith("is not in the register")


def test_r06_ties_of_staff_are_imported_by_codes_alone() -> None:
    heading = "kod;person;part;slag;verksam_fran;verksam_till"
    tie = "KNY-000001;INSP-017;UTF-00031;SIDE_JOB;2024-01-01;"

    send(Register.STAFF_TIE, "\n".join([heading, tie, "KNY-000002;GD;KOM-112;OTHER_AUTHORITY;2019-01-01;2022-01-01"]))

    assert StaffTie.objects.get(code="KNY-000001").label == "INSP-017 – UTF-00031"
    named = "KNY-000003;Inspektör 017;UTF-00031;SIDE_JOB;2024-01-01;"
    itself = "KNY-000003;INSP-017;KNY-000001;SIDE_JOB;2024-01-01;"
    for wrong, column in ((named, "person"), (itself, "part")):
        with pytest.raises(FileRefused) as refusal:
            services.check(register=Register.STAFF_TIE, data=f"{heading}\n{wrong}".encode(), by=REGISTRAR, at=AT)
        assert [problem.column for problem in refusal.value.problems] == [column]
