"""What another order has changed in a case, as its page says it (R-29)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from workflow_app.enforcement.controls import control_words
from workflow_app.enforcement.explanation import role_name
from workflow_app.enforcement.shortage import step_words
from workflow_app.ledger.events import EventKind
from workflow_app.ledger.selectors import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """One change of order in words."""

    at: datetime
    order_before: str
    order: str
    row: str
    #: Who decides, before and now; empty when it is the same level.
    lowest_before: str
    lowest: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    #: What is missing and can only be done by a return for preparation.
    by_return: tuple[str, ...]


def shown(timeline: Iterable[Event]) -> tuple[ShownChange, ...]:
    """Return the changes of order in a case's ledger, newest first."""
    found = [_shown(event) for event in timeline if event.kind == EventKind.ORDER_CHANGED]
    return tuple(reversed(found))


def _shown(event: Event) -> ShownChange:
    data = event.data
    moved = data["lowest_before"] != data["lowest"]
    return ShownChange(
        at=event.at,
        order_before=data["order_before"],
        order=data["order"],
        row=data["row"],
        lowest_before=role_name(data["lowest_before"]) if moved else "",
        lowest=role_name(data["lowest"]) if moved else "",
        added=tuple(control_words(control) for control in data["controls_added"]),
        dropped=tuple(control_words(control) for control in data["controls_dropped"]),
        by_return=tuple(step_words(step) for step in data["by_return"]),
    )
