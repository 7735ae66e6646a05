"""Adopt a version of the order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from workflow_app.ledger import services as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors
from workflow_app.orders.errors import AdoptionRefused
from workflow_app.orders.models import OrderVersion
from workflow_app.organisation.models import Person
from workflow_app.outbox import services as outbox

STREAM = "ORDERS"
LONGEST_NUMBER = 24


def read_bundle(folder: Path) -> dict[str, bytes]:
    """Return the files of a bundle by name, sorted."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".dmn", ".toml"}}


@transaction.atomic
def adopt(
    *,
    files: Mapping[str, bytes],
    number: str,
    valid_from: datetime,
    adopted_by: Person,
    reviewed_by: Person,
    at: datetime,
) -> OrderVersion:
    """Adopt a whole version (DO-001) by two persons, from ``valid_from``; the version before it ends then (R-58).

    Raises ``delegation.errors.DelegationError`` when the bundle breaks the order's own rules and
    ``AdoptionRefused`` when it was not reviewed by a second person, has no number of its own, holds files that are
    no text, or would begin before one already adopted or, if it follows one, before its own adoption.
    """
    if adopted_by.pk == reviewed_by.pk:
        raise AdoptionRefused("an order is adopted by four eyes; name a reviewer who is not the adopter")
    if not number.strip() or len(number) > LONGEST_NUMBER:
        raise AdoptionRefused(f"a version has a number of 1 to {LONGEST_NUMBER} characters; give it one")
    if OrderVersion.objects.filter(number=number).exists():
        raise AdoptionRefused(f"version {number} is adopted already; give the new version a number of its own")
    packed = json.dumps({name: _text(name, data) for name, data in files.items()}, sort_keys=True)
    order = selectors.compiled(packed, number, valid_from.astimezone(UTC))
    last = OrderVersion.objects.select_for_update().order_by("-valid_from").first()
    if last is not None:
        if valid_from < at:
            # What was in force when a decision was signed stays so.
            raise AdoptionRefused(f"a version adopted {at:%Y-%m-%d %H:%M} cannot follow another from an earlier moment")
        if valid_from <= last.valid_from:
            raise AdoptionRefused(
                f"version {last.number} begins {last.valid_from:%Y-%m-%d %H:%M}; a new version must begin after it"
            )
        last.valid_to = valid_from
        last.save(update_fields=["valid_to"])
    row = OrderVersion.objects.create(
        number=number,
        sha256=order.sha256,
        files=packed,
        valid_from=valid_from,
        adopted_by=adopted_by,
        reviewed_by=reviewed_by,
        adopted_at=at,
    )
    outbox.put(
        outbox.job(
            kind="ORDER_BEGINS",
            due_at=max(valid_from, at),
            payload={"version": str(row.pk)},
            dedupe_key=f"order_begins:{row.pk}",
        )
    )
    ledger.record(
        stream=STREAM,
        kind=EventKind.ORDER_ADOPTED,
        at=at,
        person=str(adopted_by.pk),
        command=f"adopt:{number}:{order.sha256}",
        data={
            "number": number,
            "sha256": order.sha256,
            "valid_from": valid_from.isoformat(),
            "reviewed_by": str(reviewed_by.pk),
        },
    )
    return row


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AdoptionRefused(f"file `{name}` is not UTF-8 text at byte {error.start}; save it as UTF-8") from error
    if "\0" in text:
        raise AdoptionRefused(f"file `{name}` holds a NUL character, which no text has; remove it")
    return text
