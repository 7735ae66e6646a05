"""What the record must show of every case, however it came about (domain 5.12, invariants 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator

from delegation.types import Act
from workflow_app.cases.models import Case, CaseAct, Decision, Dispatch, Proposal
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind


def broken() -> list[str]:
    """Return what the cases in the database break, in words."""
    return [
        *(f"{case.case_number}: {text}" for case in Case.objects.all() for text in _counts(case)),
        *(
            f"{decision.case.case_number}, decision {decision.number}: {text}"
            for decision in Decision.objects.select_related("case", "act_record")
            for text in _persons(decision)
        ),
    ]


def _counts(case: Case) -> Iterator[str]:
    """Yield where decisions, their records and their dispatches do not add up."""
    events = [event.kind for event in ledger.of_stream(str(case.pk))]
    made, records = events.count(EventKind.CASE_DECIDED), Decision.objects.filter(case=case, corrects=None).count()
    if made != records:
        yield f"{made} decisions were made and {records} are on record"
    told = events.count(EventKind.DECISION_DISPATCHED)
    sent = Dispatch.objects.filter(decision__case=case).count()
    if told != sent or sent > Decision.objects.filter(case=case).count():
        yield f"{told} dispatches were made and {sent} are on record"


def _persons(decision: Decision) -> Iterator[str]:
    """Yield where one person has had two of the parts that three persons must have."""
    writers = {
        row.written_by_id for row in Proposal.objects.filter(case=decision.case, content_hash=decision.content_hash)
    }
    acts = CaseAct.objects.filter(case=decision.case, proposal_hash=decision.content_hash)
    reviewers = set(acts.filter(act=Act.REVIEW.value).values_list("person_id", flat=True))
    if reviewers & writers:
        yield "somebody has reviewed their own proposal"
    if decision.decider_id in reviewers:
        yield "the decider has reviewed the proposal"
    if decision.decider_id == decision.rapporteur_id:
        yield "the decider was the rapporteur"
    if (reviewers or decision.rapporteur_id) and decision.decider_id in writers:
        yield "the decider has written the proposal"
