"""Walk every chain and say where it breaks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from workflow_app.ledger import chain
from workflow_app.ledger.models import LedgerEntry, StreamHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first entry of a stream that does not hold, and why."""

    stream: str
    seq: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verification found."""

    streams: int
    entries: int
    breaks: tuple[Break, ...]

    @property
    def ok(self) -> bool:
        return not self.breaks


def _columns_agree(row: LedgerEntry, body: Mapping[str, object]) -> bool:
    return (
        body["stream"] == row.stream
        and body["seq"] == row.seq
        and body["kind"] == row.kind
        and (body["person"] or "") == row.person
        and body["command"] == row.command
    )


def _first_break(rows: Iterable[LedgerEntry], stream: str, end: chain.Head | None) -> tuple[Break | None, int]:
    """Return the stream's first break and how many entries were read."""
    head = chain.Head()
    found: Break | None = None
    count = 0
    for row in rows:
        count += 1
        if found:
            continue
        body = json.loads(row.body)
        code = ""
        if chain.entry_hash(row.body) != row.hash:
            code = "BODY_CHANGED"
        elif row.seq != head.seq + 1:
            code = "ENTRY_MISSING"
        elif body["prev"] != head.hash:
            code = "LINK_BROKEN"
        elif not _columns_agree(row, body):
            code = "COLUMNS_CHANGED"
        if code:
            found = Break(stream=stream, seq=head.seq + 1, code=code)
        head = chain.Head(seq=row.seq, hash=row.hash)
    if found is None and end is not None and end != head:
        found = Break(stream=stream, seq=head.seq + 1, code="TAIL_MISSING")
    return found, count


def verify(heads: Mapping[str, chain.Head]) -> Report:
    """Verify every stream against its own links and against the head its owner keeps.

    ``heads`` maps a case's id to the head in the case's row; the authority's own streams are added here. A
    stream with entries and no head, or a head with no entries, is a break.
    """
    ends = dict(heads)
    ends.update({row.stream: chain.Head(seq=row.seq, hash=row.hash) for row in StreamHead.objects.all()})
    breaks: list[Break] = []
    seen: set[str] = set()
    total = 0
    rows = LedgerEntry.objects.order_by("stream", "seq").iterator(chunk_size=2000)
    for stream, group in groupby(rows, key=lambda row: row.stream):
        seen.add(stream)
        if stream not in ends:
            breaks.append(Break(stream=stream, seq=1, code="STREAM_WITHOUT_OWNER"))
        found, count = _first_break(group, stream, ends.get(stream))
        total += count
        if found:
            breaks.append(found)
    breaks += [
        Break(stream=stream, seq=1, code="TAIL_MISSING")
        for stream, head in sorted(ends.items())
        if head.seq and stream not in seen
    ]
    return Report(streams=len(seen), entries=total, breaks=tuple(breaks))
