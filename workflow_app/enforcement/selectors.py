"""Read what has been refused."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind


def refusals(*, since: datetime, until: datetime) -> Counter[str]:
    """Return how many acts each rule has refused in ``[since, until)``; one that two refuse counts for both (R-78)."""
    found = Counter[str]()
    for event in ledger.of_kind(EventKind.ACT_REFUSED, since=since, until=until):
        found.update({str(bar).rpartition(":")[2] for bar in event.data.get("bars", ())})
    return found
