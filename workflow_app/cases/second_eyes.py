"""What a second pair of eyes did before it answered: how long it looked, at what, and whose eyes they were.

Reported, never refused: time alone shows no care (R-23), and a team may be all there is (R-21).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from delegation.types import Act
from workflow_app.cases.models import CaseAct, Proposal, ReviewOpening
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.selectors import Post

#: A review that was open for less than this was empty (R-23).
EMPTY = timedelta(seconds=30)
#: Where a reviewer from another department is to be preferred (R-21).
OTHER_DEPARTMENT = frozenset({"FTB"})


class Remark(StrEnum):
    """What is reported of a review."""

    EMPTY = "EMPTY_REVIEW"
    SAME_TEAM = "SAME_TEAM"
    SAME_DEPARTMENT = "SAME_DEPARTMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A review as it was made."""

    act: uuid.UUID
    case_type: str
    at: datetime
    #: From when the reviewer first opened what was reviewed until the answer.
    open_for: timedelta
    #: Parts that the reviewer opened, each once, in order.
    parts: tuple[str, ...]
    remarks: tuple[Remark, ...]


def of_case(case: uuid.UUID) -> dict[uuid.UUID, Looked]:
    """Return how each review of a case was made, by act."""
    return {each.act: each for each in _looked(CaseAct.objects.filter(case=case))}


def of_period(*, since: datetime, until: datetime, case_types: Collection[str] = ()) -> list[Looked]:
    """Return how the reviews of a period were made."""
    rows = CaseAct.objects.filter(at__gte=since, at__lt=until)
    return list(_looked(rows.filter(case__case_type__in=list(case_types)) if case_types else rows))


def _looked(acts: QuerySet[CaseAct]) -> Iterator[Looked]:
    reviews = list(acts.filter(act=Act.REVIEW.value).select_related("case", "work_item").order_by("at", "id"))
    items = {review.work_item_id for review in reviews}
    openings: dict[object, list[ReviewOpening]] = defaultdict(list)
    for row in ReviewOpening.objects.filter(work_item__in=items).order_by("at", "id"):
        openings[row.work_item_id, row.person_id].append(row)
    versions = Proposal.objects.filter(case__in={review.case_id for review in reviews})
    written = {row.content_hash: row for row in versions.only("content_hash", "written_at", "written_by_id")}
    people = {review.person_id for review in reviews} | {row.written_by_id for row in written.values()}
    posts = organisation.line_posts(people)
    for review in reviews:
        own = openings[review.work_item_id, review.person_id]
        version = written.get(review.proposal_hash)
        open_for = review.at - _since(review, own, version)
        remarks = [Remark.EMPTY] if open_for < EMPTY else []
        yield Looked(
            act=review.pk,
            case_type=review.case.case_type,
            at=review.at,
            open_for=open_for,
            parts=tuple(dict.fromkeys(row.part for row in own)),
            remarks=(*remarks, *_nearness(review, version, posts)),
        )


def _since(review: CaseAct, openings: Iterable[ReviewOpening], version: Proposal | None) -> datetime:
    """Return when the version that was reviewed was first open to the reviewer.

    Where no page was opened the work came by another way in, and was open from when it was taken.
    """
    first = next((row.at for row in openings if row.part == ReviewOpening.Part.PAGE_OF_REVIEW), None)
    taken = review.work_item.claimed_at if review.work_item else None
    return max(first or taken or review.at, version.written_at if version else review.case.opened_at)


def _nearness(review: CaseAct, version: Proposal | None, posts: Mapping[str, list[Post]]) -> Iterator[Remark]:
    """Yield that the reviewer and the writer belong together in the line (R-21)."""
    one = _post(posts, review.person_id, review.at)
    other = _post(posts, version.written_by_id, review.at) if version else None
    if one is None or other is None or one.department != other.department:
        return
    if one.unit and one.unit == other.unit:
        yield Remark.SAME_TEAM
    elif review.case.case_type in OTHER_DEPARTMENT:
        yield Remark.SAME_DEPARTMENT


def _post(posts: Mapping[str, list[Post]], person: uuid.UUID, at: datetime) -> Post | None:
    held = posts.get(str(person), [])
    return next(
        (post for post in held if post.valid_from <= at and (post.valid_to is None or at < post.valid_to)), None
    )
