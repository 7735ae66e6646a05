"""Ask that a case be weeded out. Nothing is: no retention rule is adopted (see ``delegation.retention``, R-79)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NoReturn

from delegation import retention
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import reading
from workflow_app.cases.errors import WeedingRefused
from workflow_app.ledger import services as ledger
from workflow_app.ledger.events import EventKind


def weed(*, case: uuid.UUID, proposed_by: uuid.UUID, approved_by: uuid.UUID | None, at: datetime) -> NoReturn:
    """Refuse, with every reason, and keep the attempt in the ledger (R-79, R-78). Raises ``WeedingRefused``."""
    row, _seen = reading.known_case(case, proposed_by, at)
    bars = retention.weeding_bars(
        case_type=row.case_type,
        closed_on=row.closed_at.astimezone(STOCKHOLM).date() if row.closed_at else None,
        today=at.astimezone(STOCKHOLM).date(),
        proposed_by=str(proposed_by),
        approved_by=str(approved_by) if approved_by else None,
    )
    ledger.record(
        stream="WEEDING",
        kind=EventKind.ACT_REFUSED,
        at=at,
        person=str(proposed_by),
        command=f"refused:{uuid.uuid4()}",
        data={"case": str(case), "act": "WEED", "bars": [f"{bar.code}:{bar.rule_id}" for bar in bars]},
    )
    why = ", ".join(bar.code for bar in bars) or "the database keeps every row of a case"
    raise WeedingRefused(f"nothing of the case is weeded out: {why}; adopt a retention rule first (R-79)")
