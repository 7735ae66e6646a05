"""Who is left to decide, as a page says it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from delegation.staffing import Shortage
from workflow_app.cases import selectors, staffing
from workflow_app.cases.selectors import ItemPage
from workflow_app.enforcement import shortage as words
from workflow_app.organisation import selectors as organisation

if TYPE_CHECKING:
    from workflow_app.cases.models import Case


def reasons(shortage: Shortage) -> tuple[str, ...]:
    """Return why nobody is left, with persons by their names."""
    return words.reasons(shortage, organisation.names(person for step in shortage.steps for person in step.people))


def nobody_left(case: Case, at: datetime) -> tuple[str, ...]:
    """Return why an open case cannot be decided as people are now; empty when it can."""
    outlook = staffing.Office(at).outlook(case, away=0) if case.state == "OPEN" else None
    return reasons(outlook.shortage) if outlook is not None and outlook.shortage is not None else ()


def if_taken(page: ItemPage, person: uuid.UUID, at: datetime) -> dict[str, Any]:
    """Return what it means to later steps that the person takes a step that nobody has taken; empty for nothing."""
    if page.row.state != "OFFERED":
        return {}
    turn = selectors.display(page.case, person, at, item=page.item)
    taking = staffing.taking(turn, page.item, str(person))
    if taking is None:
        return {}
    names = organisation.names(person for _, person in taking.only)
    return {
        "shortage": taking.shortage,
        "reasons": reasons(taking.shortage) if taking.shortage else (),
        "only": [{"step": words.step_words(step), "name": names[person]} for step, person in taking.only],
    }
