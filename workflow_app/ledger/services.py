"""Write to the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from workflow_app.ledger import chain
from workflow_app.ledger.events import EventKind
from workflow_app.ledger.models import LedgerEntry, StreamHead

#: What other rooms hold on to between ``entry`` and the end of their transaction.
Entry = LedgerEntry


def entry(
    *,
    stream: str,
    head: chain.Head,
    kind: EventKind,
    at: datetime,
    person: str | None,
    command: str,
    data: Mapping[str, chain.Data],
) -> tuple[LedgerEntry, chain.Head]:
    """Return the next entry of a stream, not yet stored, and the head after it (R-78).

    The caller holds the lock on the stream's head and stores both in its own transaction.
    """
    sealed = chain.seal(stream=stream, head=head, kind=kind, at=at, person=person, command=command, data=data)
    row = LedgerEntry(
        stream=stream,
        seq=sealed.head.seq,
        kind=kind.value,
        at=at,
        person=person or "",
        command=command,
        body=sealed.body,
        hash=sealed.head.hash,
    )
    return row, sealed.head


@transaction.atomic
def record(
    *,
    stream: str,
    kind: EventKind,
    at: datetime,
    person: str | None,
    command: str,
    data: Mapping[str, chain.Data],
) -> LedgerEntry:
    """Append an event to one of the authority's own streams (not a case's)."""
    StreamHead.objects.get_or_create(stream=stream, defaults={"seq": 0, "hash": chain.GENESIS})
    locked = StreamHead.objects.select_for_update().get(stream=stream)
    row, head = entry(
        stream=stream,
        head=chain.Head(seq=locked.seq, hash=locked.hash),
        kind=kind,
        at=at,
        person=person,
        command=command,
        data=data,
    )
    row.save(force_insert=True)
    locked.seq, locked.hash = head.seq, head.hash
    locked.save()
    return row
