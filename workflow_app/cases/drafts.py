"""Read what a person has typed in a step and not yet sent. Nobody else's draft is ever read here."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from workflow_app.cases.models import FormDraft, WorkItem

#: Name on the page -> everything that stands under it.
Typed = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed, and when."""

    typed: Typed
    revision: int
    #: What the page showed of the case then.
    seen: str
    at: datetime


def own(item: uuid.UUID, person: uuid.UUID) -> QuerySet[FormDraft]:
    """Return the person's draft of a step that is the person's to do now."""
    return FormDraft.objects.filter(
        work_item=item, person=person, work_item__claimed_by=person, work_item__state=WorkItem.State.CLAIMED
    )


def draft(item: uuid.UUID, person: uuid.UUID) -> Draft | None:
    """Return what the person has typed in a step; ``None`` when nothing is kept."""
    row = own(item, person).first()
    if row is None:
        return None
    return Draft(typed=json.loads(row.typed), revision=row.revision, seen=row.seen, at=row.at)
