"""Open the cases that the calendar starts. Run by jobs; nobody decides it, and the ledger says so."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases.models import Case
from workflow_app.cases.services import opening
from workflow_app.engine import selectors as engine
from workflow_app.engine import services as engine_services
from workflow_app.ledger import selectors as ledger
from workflow_app.orders import selectors as orders


def start(*, definition: uuid.UUID, start: str, moment: datetime, at: datetime) -> Case | None:
    """Open the case of one moment; ``None`` when a later version had replaced the definition by then.

    The same moment again gives the case it has opened. Moments that went by while nobody did jobs are not made up
    for: whoever plans a year late needs one plan.
    """
    process = engine.definition(definition)
    if engine.in_use_at(process.process_key, moment).pk != definition:
        return None
    # First, and in a transaction of its own: a case that cannot be opened must not stop the calendar.
    engine_services.put_calendar_start(definition, start, after=max(moment, at))
    command = f"calendar:{engine_services.occurrence(definition, start, moment)}"
    with transaction.atomic():
        opened = ledger.of_command(command)
        if opened is not None:
            return Case.objects.get(pk=opened.stream)
        day = moment.astimezone(STOCKHOLM).date()
        return opening.open_by_itself(
            definition=process,
            title=f"{process.title} {day}",
            facts={"calendar_date": day},
            order=orders.order_in_force(at),
            command=command,
            at=at,
            calendar_start=start,
            calendar=moment.isoformat(),
        )
