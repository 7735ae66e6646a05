"""One proposal at a time: what is examined and decided in a case is the proposal in force, and no other replaces it.

A case can go two ways at once (an appeal is prepared while an injunction is followed up). Each writes its own proposal,
one after the other: acts bind to the proposal in force, so a second one in its place would make them void, and a
decider would decide something that nobody has examined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from delegation.types import Act
from workflow_app.cases.errors import ProposalUnderWay
from workflow_app.cases.models import Decision, WorkItem

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: Steps that a proposal lies in from when it is written until its decision has been sent.
_ON_PROPOSAL = (Act.REVIEW, Act.CONSULT, Act.ANSWER, Act.PRESENT, Act.DECIDE, Act.DISPATCH)
_OPEN = (WorkItem.State.OFFERED, WorkItem.State.CLAIMED)


def require_none(turn: Turn) -> None:
    """See that no other proposal is examined, decided or about to be dispatched. Raises ``ProposalUnderWay``."""
    if turn.proposal is None:
        return
    lying = WorkItem.objects.filter(
        case=turn.case,
        proposal_hash=turn.proposal.content_hash,
        decision_type="",
        act__in=[act.value for act in _ON_PROPOSAL],
        state__in=_OPEN,
    )
    if turn.standing.decided:
        decided = Decision.objects.filter(
            case=turn.case, act_record__matter=turn.standing.matter, dispatch__isnull=True
        ).exclude(act_record__proposal_hash="")
        found = decided.exists() or lying.exists()
    else:
        found = lying.exists()
    if found:
        raise ProposalUnderWay(
            "another proposal of the case is being examined or decided; wait until its decision has been dispatched, "
            "or have it returned"
        )
