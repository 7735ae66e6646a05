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

STREAM = "ORDERS"


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
    """Adopt a whole version (DO-001), from ``valid_from``; the version before it ends at that moment.

    Raises ``delegation.errors.DelegationError`` when the bundle breaks the order's own rules and
    ``AdoptionRefused`` when it was not reviewed by a second person or would begin before one already adopted.
    """
    packed = json.dumps({name: data.decode("utf-8") for name, data in files.items()}, sort_keys=True)
    order = selectors.compiled(packed, number, valid_from.astimezone(UTC))
    if adopted_by.pk == reviewed_by.pk:
        raise AdoptionRefused("an order is adopted by four eyes; name a reviewer who is not the adopter")
    last = OrderVersion.objects.select_for_update().order_by("-valid_from").first()
    if last is not None:
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
