"""The order in force, read once per process and version."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from delegation.order import DelegationOrder, load_order
from workflow_app.orders.errors import NoOrderInForce
from workflow_app.orders.models import OrderVersion


def in_force(at: datetime) -> QuerySet[OrderVersion]:
    """Return the version in force at ``at`` as a query of at most one row."""
    return OrderVersion.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at)


@lru_cache(maxsize=16)
def compiled(files: str, number: str, valid_from: datetime) -> DelegationOrder:
    """Return a bundle as ``delegation`` reasons about it, compiled once per process."""
    bundle = {name: text.encode("utf-8") for name, text in json.loads(files).items()}
    return load_order(bundle, number=number, valid_from=valid_from)


@lru_cache(maxsize=16)
def order(version: uuid.UUID) -> DelegationOrder:
    """Return an adopted version. Its content never changes."""
    row = OrderVersion.objects.get(id=version)
    return compiled(row.files, row.number, row.valid_from.astimezone(UTC))


def order_in_force(at: datetime) -> DelegationOrder:
    """Return the order in force at ``at`` (R-29). Raises ``NoOrderInForce``."""
    version = in_force(at).values_list("id", flat=True).first()
    if version is None:
        raise NoOrderInForce(
            f"no delegation order is in force at {at:%Y-%m-%d %H:%M}; adopt one with `manage.py adopt_order`"
        )
    return order(version)


def version(identity: uuid.UUID) -> OrderVersion:
    """Return an adopted version. Raises ``NoOrderInForce`` for one that does not exist."""
    row = OrderVersion.objects.filter(pk=identity).first()
    if row is None:
        raise NoOrderInForce(f"no version of the order has the id `{identity}`")
    return row


def order_before(row: OrderVersion) -> DelegationOrder | None:
    """Return the order that a version replaced; ``None`` for the first."""
    before = OrderVersion.objects.filter(valid_to=row.valid_from).values_list("id", flat=True).first()
    return order(before) if before else None


def versions() -> QuerySet[OrderVersion]:
    """Return every adopted version, newest first."""
    return OrderVersion.objects.select_related("adopted_by", "reviewed_by").order_by("-valid_from")
