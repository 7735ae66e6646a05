"""Bring open work in line with an order that has begun to apply (R-29). Run by jobs, one for each case."""

from __future__ import annotations

import uuid
from datetime import datetime

from workflow_app.cases import commands, operations, order_change
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import Closed, NotOpen
from workflow_app.cases.models import Case
from workflow_app.cases.services import looking_ahead
from workflow_app.cases.turn import Turn
from workflow_app.orders import selectors as orders
from workflow_app.outbox import services as outbox


def begin(*, version: uuid.UUID, at: datetime) -> int:
    """Have every case with an undecided proposal looked at anew; return how many.

    The first order of all changes nothing. With it begin the nights in which it is looked at who is left to decide.
    """
    looking_ahead.put_next_night(after=at)
    if orders.order_before(orders.version(version)) is None:
        return 0
    cases = Case.objects.filter(state=Case.State.OPEN, proposal__isnull=False).values_list("pk", flat=True)
    jobs = [
        outbox.job(
            kind="REORDER_CASE",
            due_at=at,
            payload={"case": str(case), "version": str(version)},
            dedupe_key=f"reorder:{version}:{case}",
        )
        for case in cases
    ]
    outbox.put(*jobs)
    return len(jobs)


def reorder(*, case: uuid.UUID, version: uuid.UUID, at: datetime) -> Outcome | None:
    """Bring one case in line with the order in force; ``None`` where it changes nothing, or another has come since."""
    row = orders.version(version)
    before = orders.order_before(row)
    if before is None or orders.order_in_force(at).number != row.number:
        return None
    standing = Case.objects.select_related("proposal").get(pk=case)
    asked = Turn(
        case=standing,
        order=orders.order(version),
        actor=None,
        at=at,
        command="",
        operations=operations.REGISTRY,
    )
    if order_change.change(asked, before) is None:
        return None

    def verb(turn: Turn) -> None:
        found = order_change.change(turn, before)
        if found is None:
            raise NotOpen("the proposal was decided or withdrawn meanwhile; nothing is to be brought in line")
        order_change.apply(turn, found, before)

    try:
        return commands.run(Command(key=f"order:{version}:{case}", person=None, at=at, case=case), verb)
    except (NotOpen, Closed):
        return None
