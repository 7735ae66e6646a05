"""Deployed processes, read once per process of the application: what a definition holds never changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from django.db.models import OuterRef, QuerySet, Subquery

from delegation import vocabulary
from delegation.dmn import reader as dmn_reader
from delegation.dmn.table import DecisionTable
from workflow_app.engine import bundles, compiler, parsing
from workflow_app.engine.checking import INTAKE, MAIN, SHARED
from workflow_app.engine.document import Document
from workflow_app.engine.errors import ModelRefused, UnknownDefinition
from workflow_app.engine.models import ProcessDefinition
from workflow_app.engine.net import Net
from workflow_app.engine.timers import Calendar, parse_calendar

#: A definition, or its id.
Definition = ProcessDefinition | uuid.UUID


def definition(identity: uuid.UUID | str) -> ProcessDefinition:
    """Give a definition by its id or by the SHA-256 of its bundle. Raises ``UnknownDefinition``."""
    found = ProcessDefinition.objects.filter(**_by(identity)).first()
    if found is None:
        raise UnknownDefinition(identity=str(identity))
    return found


def current_definition(case_type: str) -> ProcessDefinition:
    """Give the process by which a person registers new cases of a type: the one with an intake form.

    Raises ``UnknownDefinition``.
    """
    # What is no case type at all is not asked of the database: PostgreSQL takes no NUL.
    in_use = _in_use().filter(case_type=case_type) if case_type in vocabulary.CASE_TYPES else ()
    found = next((row for row in in_use if INTAKE in files(row)), None)
    if found is None:
        raise UnknownDefinition(identity=case_type[:80])
    return found


def current_process(process_key: str) -> ProcessDefinition:
    """Give the version that new cases of a process follow: the last one deployed. Raises ``UnknownDefinition``."""
    found = _in_use().filter(process_key=process_key).first()
    if found is None:
        raise UnknownDefinition(identity=process_key)
    return found


def deployed_case_types() -> tuple[str, ...]:
    """List the case types of which a person can register a case."""
    return tuple(sorted({row.case_type for row in _in_use() if INTAKE in files(row)}))


def _in_use() -> QuerySet[ProcessDefinition]:
    """Return the last version of every process."""
    versions = ProcessDefinition.objects.filter(process_key=OuterRef("process_key"))
    last = versions.order_by("-version").values("version")[:1]
    return ProcessDefinition.objects.filter(version=Subquery(last)).defer("files").order_by("process_key")


def in_use_at(process_key: str, moment: datetime) -> ProcessDefinition:
    """Give the version that was the last one deployed at a moment. Raises ``UnknownDefinition``."""
    rows = ProcessDefinition.objects.filter(process_key=process_key, deployed_at__lte=moment).defer("files")
    found = rows.order_by("-version").first()
    if found is None:
        raise UnknownDefinition(identity=process_key)
    return found


def calendar_starts(of: Net) -> Mapping[str, Calendar]:
    """Give the moments at which the calendar starts cases of a process, by start event."""
    starts = ((name, of.nodes[place].timers) for name, place in of.starts.items())
    read = ((name, parse_calendar(timer.text)) for name, timers in starts for timer in timers)
    return {name: calendar for name, calendar in read if calendar is not None}


def net(identity: Definition | str) -> Net:
    """Give the net of a definition, by the definition, its id or its SHA-256. Raises ``UnknownDefinition``."""
    return _net(_key(identity))


def files(identity: Definition | str) -> Mapping[str, str]:
    """Give the files of a definition, name -> text. Raises ``UnknownDefinition``."""
    return _files(_key(identity))


def form(identity: Definition | str, key: str) -> str | None:
    """Give a form as JSON text; ``None`` when the process has no form with that key."""
    held = files(identity)
    return held.get(f"forms/{key}.json") or held.get(f"{SHARED}forms/{key}.json")


def diagram(identity: Definition | str, process: str) -> str:
    """Give the BPMN file of a process in the bundle, by process id. Raises ``UnknownDefinition``."""
    name = _documents(_key(identity)).get(process)
    if name is None:
        raise UnknownDefinition(identity=process)
    return files(identity)[name.file]


def routing_table(identity: Definition | str, file: str, decision: str | None) -> DecisionTable:
    """Give a routing table of the bundle, by file and decision id. Raises ``UnknownDefinition``."""
    return _table(_key(identity), file, decision or "")


def _key(identity: Definition | str) -> uuid.UUID | str:
    return identity.pk if isinstance(identity, ProcessDefinition) else identity


def _by(identity: uuid.UUID | str) -> dict[str, uuid.UUID | str]:
    return {"pk": identity} if isinstance(identity, uuid.UUID) else {"sha256": identity}


@lru_cache(maxsize=64)
def _files(identity: uuid.UUID | str) -> Mapping[str, str]:
    text = ProcessDefinition.objects.filter(**_by(identity)).values_list("files", flat=True).first()
    if text is None:
        raise UnknownDefinition(identity=str(identity))
    return MappingProxyType({name: data.decode("utf-8") for name, data in bundles.unpack(text).items()})


@lru_cache(maxsize=64)
def _documents(identity: uuid.UUID | str) -> Mapping[str, Document]:
    found: dict[str, Document] = {}
    for name, text in _files(identity).items():
        if not name.endswith(".bpmn"):
            continue
        parsed = parsing.parse(text.encode("utf-8"), file=name)
        if parsed.document is None:
            raise ModelRefused(parsed.findings)
        found |= {process.id: parsed.document for process in parsed.document.processes}
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def _table(identity: uuid.UUID | str, file: str, decision: str) -> DecisionTable:
    held = _files(identity)
    text = held.get(file) or held.get(f"{SHARED}{file}")
    if text is None:
        raise UnknownDefinition(identity=file)
    model = dmn_reader.read(text.encode("utf-8"))
    return DecisionTable.compile(
        model.decision(decision).table, name=decision, names=[item.name for item in model.inputs]
    )


@lru_cache(maxsize=64)
def _net(identity: uuid.UUID | str) -> Net:
    documents = _documents(identity)
    main = next(process for process, document in documents.items() if document.file == MAIN)
    return compiler.compile_net(documents, main)
