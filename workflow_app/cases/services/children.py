"""Let a parent case know that its children close. Run by jobs that may come twice, late or not at all.

Whoever looks, finds: what has closed is read from the rows and what still waits from the parent's marking, so that
it does not matter which job came, nor how often. A child is told of once, in the order the children closed.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import commands, offering, typed_json
from workflow_app.cases.commands import Command
from workflow_app.cases.errors import Closed, NotOpen
from workflow_app.cases.models import Case, CaseLink, LinkKind
from workflow_app.cases.turn import Turn
from workflow_app.engine import net as engine_net
from workflow_app.engine import selectors as engine
from workflow_app.engine.net import Marking
from workflow_app.ledger.events import EventKind

#: What a parent is told of a child, beside what it is and when it closed.
OF_OUTCOME = ("unit_id", "decided_type", "plan_kept", "stage_number", "deficiency_areas")


def closed(*, case: uuid.UUID, at: datetime) -> int:
    """Tell the parent of a case, where there is one, that it has closed. Return how many parents were told."""
    return _tell_of(CaseLink.objects.filter(to_case=case), at)


def collect(*, parent: uuid.UUID, at: datetime) -> int:
    """Tell a parent of every child that has closed and that it waits for. Return how many."""
    return _tell_of(CaseLink.objects.filter(from_case=parent), at)


def _tell_of(links: QuerySet[CaseLink], at: datetime) -> int:
    of_closed = links.filter(kind=LinkKind.CHILD, to_case__state=Case.State.CLOSED)
    told = 0
    for link in of_closed.select_related("to_case").order_by("to_case__closed_at", "to_case__case_number"):
        try:
            told += _tell(link, at)
        except NotOpen:
            # The parent does not wait for this child: not yet, or no more.
            continue
        except Closed:
            break
    return told


def _tell(link: CaseLink, at: datetime) -> bool:
    token = _waiting(Case.objects.get(pk=link.from_case_id), link)

    def verb(turn: Turn) -> None:
        # Asked again under the lock.
        if _waiting(turn.case, link) != token:
            raise NotOpen("the case waits for this child no more")
        outcomes = [
            row for row in turn.facts.values.get("children_outcomes") or [] if row["number"] != link.to_case.case_number
        ]
        turn.facts.take({"children_outcomes": [*outcomes, _outcome(link)]})
        turn.complete(token)
        turn.name(EventKind.CHILD_CLOSED, child=str(link.to_case_id), token=token)

    command = Command(key=f"child:{link.to_case_id}:{token}", person=None, at=at, case=link.from_case_id)
    return not commands.run(command, verb).replayed


def _waiting(parent: Case, link: CaseLink) -> int:
    """Return the token that waits for a child to close. Raises ``NotOpen``."""
    children = typed_json.loads(parent.facts).get("children") or []
    asked = str(link.hand_over_id)
    places = [place for place, child in enumerate(children) if child["hand_over"] == asked]
    net = engine.net(parent.definition_id)
    for wait in engine_net.waits(net, Marking.loads(parent.marking)):
        if wait.instance in places and offering.comes_from_children(net.node(wait.node)):
            return wait.token
    raise NotOpen("the case does not wait for this child: not yet, or no more")


def _outcome(link: CaseLink) -> dict[str, Any]:
    child = link.to_case
    facts = typed_json.loads(child.facts)
    day = child.closed_at.astimezone(STOCKHOLM).date() if child.closed_at else None
    return {"number": child.case_number, "closed_on": day, **{name: facts.get(name) for name in OF_OUTCOME}}
