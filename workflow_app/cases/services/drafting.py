"""Keep what a person is typing in a step until it is sent. The case does not change by it, nor does any ledger."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from workflow_app.cases import drafts, reading
from workflow_app.cases.drafts import Typed
from workflow_app.cases.errors import DraftTooLarge, NotClaimed, NotOpen, StaleDraft
from workflow_app.cases.models import FormDraft, WorkItem

#: Characters of JSON: several times the longest form.
LARGEST = 400_000


def save(
    *, item: uuid.UUID, by: uuid.UUID, typed: Typed, page: uuid.UUID, revision: int, seen: str, at: datetime
) -> int:
    """Keep what stands in a form and return the draft's new revision.

    ``revision`` is of the draft that the page was drawn with, 0 for none; ``page`` may write again what it has
    written. Raises ``StaleDraft`` when another page has written since, ``DraftTooLarge``, ``NotClaimed``, ``NotOpen``
    and ``UnknownCase``.
    """
    text = json.dumps(typed)
    if len(text) > LARGEST:
        raise DraftTooLarge(f"the draft takes {len(text)} characters; at most {LARGEST} are kept")
    stale = StaleDraft("the draft has been saved on another page since this one was shown; compare the two")
    try:
        with transaction.atomic():
            _require_own(item, by, at)
            row = FormDraft.objects.select_for_update().filter(work_item=item, person=by).first()
            if row is None:
                row = FormDraft(work_item_id=item, person_id=by, revision=0)
            elif row.page != page and row.revision != revision:
                raise stale
            row.typed, row.page, row.seen, row.at = text, page, seen[:40], at
            row.revision += 1
            row.save()
            return row.revision
    except IntegrityError as error:
        raise stale from error


def _require_own(item: uuid.UUID, person: uuid.UUID, at: datetime) -> None:
    row = WorkItem.objects.select_for_update().filter(pk=item).first()
    # Asked first: whoever may not know of the case learns nothing of its steps.
    reading.known_case(row.case_id if row else item, person, at)
    if row is None or row.state not in reading.OPEN:
        raise NotOpen("the work item is no longer open; nothing was kept")
    if row.state != WorkItem.State.CLAIMED or row.claimed_by_id != person:
        raise NotClaimed("you have not claimed this work item; nothing was kept")


def discard(*, item: uuid.UUID, by: uuid.UUID) -> None:
    """Forget what the person has typed in a step."""
    drafts.own(item, by).delete()


def clear(*, case: uuid.UUID) -> int:
    """Forget what was typed in steps of a case that are no longer the writer's to do. Return how many drafts."""
    held = Q(work_item__state=WorkItem.State.CLAIMED, work_item__claimed_by=F("person"))
    deleted, _models = FormDraft.objects.filter(work_item__case=case).exclude(held).delete()
    return deleted
