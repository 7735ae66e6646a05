"""Write down what a second pair of eyes opens of what is under review (R-23). Nothing is decided by it."""

from __future__ import annotations

import uuid
from datetime import datetime

from delegation.types import Act
from workflow_app.cases.models import ReviewOpening, WorkItem


def opened(*, case: uuid.UUID, by: uuid.UUID, part: str, at: datetime) -> int:
    """Log that a person has opened a part of a case, where the person holds a review in it; return how many times.

    Whoever only passes by leaves no trace here: what is secret is logged by ``reading``.
    """
    held = WorkItem.objects.filter(
        case=case, claimed_by=by, act=Act.REVIEW.value, state=WorkItem.State.CLAIMED
    ).values_list("pk", flat=True)
    rows = [ReviewOpening(work_item_id=item, person_id=by, part=ReviewOpening.Part(part), at=at) for item in held]
    return len(ReviewOpening.objects.bulk_create(rows)) if rows else 0
