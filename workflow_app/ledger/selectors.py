"""Read the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, QuerySet

from workflow_app.ledger.models import LedgerEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the ledger as other rooms read it."""

    stream: str
    seq: int
    kind: str
    at: datetime
    person: str
    command: str
    hash: str
    data: dict[str, Any]


def _event(row: LedgerEntry) -> Event:
    return Event(
        stream=row.stream,
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        person=row.person,
        command=row.command,
        hash=row.hash,
        data=json.loads(row.body)["data"],
    )


def of_stream(stream: str) -> list[Event]:
    """Return a stream's events, oldest first."""
    return [_event(row) for row in LedgerEntry.objects.filter(stream=stream).order_by("seq")]


def of_kind(kind: str, *, since: datetime, until: datetime) -> Iterator[Event]:
    """Yield events of one kind in ``[since, until)``, oldest first."""
    rows = LedgerEntry.objects.filter(kind=kind, at__gte=since, at__lt=until).order_by("at", "id")
    return (_event(row) for row in rows.iterator())


def of_place(stream: str, seq: int) -> Event | None:
    """Return the event at a place in a stream, or ``None`` when the stream is not that long."""
    row = LedgerEntry.objects.filter(stream=stream, seq=seq).first()
    return _event(row) if row else None


def of_command(command: str) -> Event | None:
    """Return the event a command has already caused, or ``None`` when it is new."""
    row = LedgerEntry.objects.filter(command=command).first()
    return _event(row) if row else None


def already_run(command: str) -> Exists:
    """Return the subquery that tells whether a command has left its entry."""
    return Exists(LedgerEntry.objects.filter(command=command))


def entries(stream: str | None = None) -> QuerySet[LedgerEntry]:
    """Return entries in chain order, for verification."""
    rows = LedgerEntry.objects.order_by("stream", "seq")
    return rows.filter(stream=stream) if stream else rows
