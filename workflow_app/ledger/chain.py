"""The hash chain: canonical bytes of an entry and the link to the one before it. Pure functions.

An entry's hash is ``SHA-256(0x00 || body)`` where ``body`` is the entry as RFC 8785 canonical JSON and holds the
hash of the previous entry. The leading byte keeps leaves apart from the nodes of a tree built over them
(RFC 9162 2.1). What is stored and hashed is the bytes, never JSON written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from workflow_app.ledger import canonical

#: The hash before the first entry of a stream.
GENESIS = "0" * 64
VERSION = 1

Data = str | bool | int | list[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a chain: how many entries it has and the hash of the last one."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry ready to be stored: its canonical bytes, and the head of the chain after it."""

    body: str
    head: Head


def entry_hash(body: str) -> str:
    """Return the hash of an entry's canonical bytes, 64 hexadecimal digits."""
    return hashlib.sha256(b"\x00" + body.encode()).hexdigest()


def seal(
    *,
    stream: str,
    head: Head,
    kind: str,
    at: datetime,
    person: str | None,
    command: str,
    data: Mapping[str, Data],
) -> Sealed:
    """Link a new entry to ``head``. ``data`` holds strings, booleans, small whole numbers and lists of strings."""
    seq = head.seq + 1
    body = canonical.dumps(
        {
            "v": VERSION,
            "stream": stream,
            "seq": seq,
            "prev": head.hash,
            "kind": kind,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "person": person,
            "command": command,
            "data": dict(data),
        }
    )
    return Sealed(body=body, head=Head(seq=seq, hash=entry_hash(body)))
