"""Import a file into a register: check it, say what it would change, then change all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from delegation import access
from workflow_app.ledger import services as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation
from workflow_app.registry import csv_file
from workflow_app.registry.columns import COLUMNS, CellRefused, Column
from workflow_app.registry.csv_file import MOST_PROBLEMS, Row
from workflow_app.registry.errors import FileRefused, NotRegistrar, Problem, RegisterChanged, UnknownFile
from workflow_app.registry.models import TABLES, Entry, Register, RegisterChange, RegisterFile

STREAM = "REGISTRY"
_BATCH = 500
Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An entry that a file changes: each heading with what stands there now and what would."""

    line: int
    code: str
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file does to a register. Importing it again does nothing."""

    register: Register
    sha256: str
    #: Code and line of each new entry.
    added: tuple[tuple[str, int], ...]
    changed: tuple[Changed, ...]
    unchanged: int
    #: By which the file can be imported; ``None`` when it was only looked at.
    file: uuid.UUID | None = None

    @property
    def changes_nothing(self) -> bool:
        return not self.added and not self.changed


@dataclass(slots=True)
class _Work:
    added: list[tuple[int, Values]] = field(default_factory=list)
    changed: list[tuple[int, Entry, Values]] = field(default_factory=list)
    unchanged: int = 0


def may_import(person: uuid.UUID, at: datetime) -> bool:
    """Tell whether a person may import files (S-44)."""
    return access.may_keep_registers(organisation.actor_at(person, at))


def check(*, register: Register, data: bytes, by: uuid.UUID, at: datetime, keep: bool = True) -> Plan:
    """Say what a file would do; with ``keep`` one that does something then waits to be imported by its id.

    Raises ``NotRegistrar`` (recorded) and ``FileRefused`` with everything that is wrong.
    """
    _require(by, at)
    work = _work(register, data)
    digest = hashlib.sha256(data).hexdigest()
    kept = None
    if keep and (work.added or work.changed):
        kept = RegisterFile.objects.create(
            register=register,
            sha256=digest,
            text=data.decode("utf-8"),
            by_id=by,
            checked_at=at,
            number=_next_number(register),
        ).pk
    return _plan(register, digest, work, file=kept)


def import_checked(*, file: uuid.UUID, by: uuid.UUID, at: datetime) -> Plan:
    """Import a file that the same person has checked. A second time does nothing.

    Raises ``UnknownFile``, ``NotRegistrar`` (recorded), ``FileRefused`` when it no longer fits, and ``RegisterChanged``
    when another file has been imported since it was checked, or is at this moment: what was shown is no longer so.
    """
    _require(by, at)
    try:
        with transaction.atomic():
            row = RegisterFile.objects.select_for_update(of=("self",)).filter(pk=file, by=by).first()
            if row is None:
                raise UnknownFile("no file that you have checked has that id; check the file again")
            return _import(row, at)
    except IntegrityError as error:
        raise RegisterChanged("another file was imported at the same time; check this one again") from error


def discard(*, file: uuid.UUID, by: uuid.UUID, at: datetime) -> Register:
    """Throw away a file that waits to be imported, whichever registrar checked it; return its register.

    Raises ``UnknownFile`` and ``NotRegistrar`` (recorded).
    """
    _require(by, at)
    with transaction.atomic():
        row = RegisterFile.objects.select_for_update().filter(pk=file, imported_at__isnull=True).first()
        if row is None:
            raise UnknownFile("no such file waits to be imported")
        row.delete()
    return Register(row.register)


def _import(file: RegisterFile, at: datetime) -> Plan:
    register = Register(file.register)
    if file.imported_at is not None:
        return Plan(register=register, sha256=file.sha256, added=(), changed=(), unchanged=0, file=file.pk)
    if file.number != _next_number(register):
        raise RegisterChanged("another file has been imported since this one was checked; check it again")
    work = _work(register, file.text.encode("utf-8"))
    plan = _plan(register, file.sha256, work, file=file.pk)
    file.imported_at = at
    file.save(update_fields=["imported_at"])
    if plan.changes_nothing:
        return plan
    table = TABLES[register]
    new = [_entry(table, values) for _line, values in work.added]
    history = [_history(file, at, row.code, {}, row) for row in new]
    for _line, row, values in work.changed:
        before = _written(row)
        _take(row, values)
        history.append(_history(file, at, row.code, before, row))
    fields = [column.field for column in COLUMNS[register] if column.field != "code"]
    table._default_manager.bulk_create(new, batch_size=_BATCH)
    table._default_manager.bulk_update(
        [row for _line, row, _values in work.changed], [*fields, "folded"], batch_size=_BATCH
    )
    RegisterChange.objects.bulk_create(history, batch_size=_BATCH)
    ledger.record(
        stream=STREAM,
        kind=EventKind.REGISTER_IMPORTED,
        at=at,
        person=str(file.by_id),
        command=f"import:{file.pk}",
        data={
            "register": register.value,
            "sha256": file.sha256,
            "added": len(new),
            "changed": len(work.changed),
            "unchanged": work.unchanged,
        },
    )
    return plan


def _next_number(register: Register) -> int:
    return RegisterFile.objects.filter(register=register, imported_at__isnull=False).count() + 1


def _require(by: uuid.UUID, at: datetime) -> None:
    if may_import(by, at):
        return
    ledger.record(
        stream=STREAM,
        kind=EventKind.ACT_REFUSED,
        at=at,
        person=str(by),
        command=f"refused:{uuid.uuid4()}",
        data={"act": "IMPORT_REGISTER", "bars": ["NOT_REGISTRAR:S-44"]},
    )
    raise NotRegistrar("only a registrar (REG) imports registers; hand the file to one")


def _work(register: Register, data: bytes) -> _Work:
    """Return what a file does. Raises ``FileRefused`` with everything that is wrong, in the order of its lines."""
    columns = COLUMNS[register]
    rows, problems = csv_file.read(data, columns=[column.heading for column in columns])
    seen: dict[str, int] = {}
    read: list[tuple[Row, Values]] = []
    for row in rows:
        values, found = _values(row, columns)
        code = row.cells["kod"]
        if code in seen:
            text = _("`%(code)s` is also on line %(line)s") % {"code": code, "line": seen[code]}
            found.append(Problem(line=row.line, column="kod", text=text))
        seen.setdefault(code, row.line)
        problems += found
        read.append((row, values))
    problems += _missing(read, columns)
    if problems:
        first = {(problem.line, problem.column): problem for problem in reversed(problems)}
        raise FileRefused(tuple(first[place] for place in sorted(first))[:MOST_PROBLEMS])
    return _compared(register, read)


def _values(row: Row, columns: Iterable[Column]) -> tuple[Values, list[Problem]]:
    values: Values = {}
    problems = []
    for column in columns:
        try:
            values[column.field] = column.value(row.cells[column.heading])
        except CellRefused as error:
            problems.append(Problem(line=row.line, column=column.heading, text=str(error)))
    begins, ends = values.get("active_from"), values.get("active_to")
    if begins and ends and ends <= begins:
        problems.append(Problem(line=row.line, column="verksam_till", text=_("must be later than verksam_fran")))
    kind = values.get("kind")
    if "code" in values and kind in ("MUNICIPALITY", "REGION"):
        wanted = "KOM-" if kind == "MUNICIPALITY" else "REG-"
        if not values["code"].startswith(wanted):
            text = _("a municipality has a code with KOM-, a region one with REG-")
            problems.append(Problem(line=row.line, column="slag", text=text))
    return values, problems


def _missing(read: Sequence[tuple[Row, Values]], columns: Iterable[Column]) -> list[Problem]:
    problems = []
    for column in columns:
        if column.refers_to is None:
            continue
        named = {values[column.field] for _row, values in read if values.get(column.field)}
        known = _existing(column.refers_to, named)
        text = _("`%(code)s` is not in its register; import that register first")
        problems += [
            Problem(line=row.line, column=column.heading, text=text % {"code": values[column.field]})
            for row, values in read
            if values.get(column.field) and values[column.field] not in known
        ]
    return problems


def _existing(register: Register, codes: Iterable[str]) -> dict[str, Entry]:
    wanted = sorted(codes)
    found: dict[str, Entry] = {}
    for start in range(0, len(wanted), _BATCH):
        found |= TABLES[register]._default_manager.in_bulk(wanted[start : start + _BATCH])
    return found


def _compared(register: Register, read: Sequence[tuple[Row, Values]]) -> _Work:
    present = _existing(register, (values["code"] for _row, values in read))
    work = _Work()
    for row, values in read:
        entry = present.get(values["code"])
        if entry is None:
            work.added.append((row.line, values))
        elif all(getattr(entry, name) == value for name, value in values.items()):
            work.unchanged += 1
        else:
            work.changed.append((row.line, entry, values))
    return work


def _plan(register: Register, digest: str, work: _Work, *, file: uuid.UUID | None) -> Plan:
    return Plan(
        register=register,
        sha256=digest,
        added=tuple((values["code"], line) for line, values in work.added),
        changed=tuple(
            Changed(line=line, code=row.code, columns=_differing(register, row, values))
            for line, row, values in work.changed
        ),
        unchanged=work.unchanged,
        file=file,
    )


def _differing(register: Register, row: Entry, values: Values) -> dict[str, tuple[Any, Any]]:
    return {
        column.heading: (getattr(row, column.field), values[column.field])
        for column in COLUMNS[register]
        if getattr(row, column.field) != values[column.field]
    }


def _entry(table: type[Entry], values: Values) -> Entry:
    row = table(**values)
    row.fold()
    return row


def _take(row: Entry, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.fold()


def _written(row: Entry) -> dict[str, Any]:
    values = {column.heading: getattr(row, column.field) for column in COLUMNS[row.REGISTER]}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _history(file: RegisterFile, at: datetime, code: str, before: Mapping[str, Any], row: Entry) -> RegisterChange:
    return RegisterChange(
        file=file,
        register=file.register,
        code=code,
        at=at,
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps(_written(row), ensure_ascii=False),
    )
