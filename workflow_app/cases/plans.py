"""Plans of what a unit is to remedy: how much of one is verified, and the cases whose plans new information may change.

What is verified is counted from the rows, never typed (R-41). A plan that is open is reassessed in its own case, by an
event of the model (S-73). A case that has closed cannot go on: whoever weighs the new information is told of its plan
instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from delegation.duties import records
from workflow_app.cases.models import Case
from workflow_app.engine import net as engine_net
from workflow_app.engine import selectors as engine
from workflow_app.engine.net import Marking
from workflow_app.outbox import services as outbox

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: The message by which a model waits for information about the unit.
NEW_INFORMATION = "new_information"
#: Case types whose opening is news of the unit.
NEWS = frozenset({"UPPL", "EKP", "LMA", "LSA"})
#: Case types that have plans.
WITH_PLANS = ("ETV", "NTS", "FTB", "LMA", "LSA")
#: How long after its case a plan is still remembered: 24 months.
REMEMBERED = timedelta(days=731)


#: Lists from which it follows how much of the plan is verified.
ROWS = frozenset({"action_plan", "plan_verifications", "deficiencies"})


def count(turn: Turn, filled_in: Collection[str]) -> None:
    """Count what is left to verify when a step has told of it, and let a plan that is not kept not be called kept.

    A point that was assessed as not kept, or that nothing verifies, leads to the next step of the ladder (R-41, R-43).
    """
    if not ROWS.isdisjoint(filled_in) and turn.facts.values.get("plan_verifications"):
        turn.facts.take({"unverified_items": records.unverified(turn.facts.values)})
    if "plan_kept" in filled_in:
        results = turn.facts.values.get("plan_results") or []
        broken = turn.facts.values.get("unverified_items") or any(row.get("result") == "NOT_KEPT" for row in results)
        turn.facts.take({"plan_kept": turn.facts.values["plan_kept"] is True and not broken})


def look(turn: Turn) -> None:
    """Tell a case of the plans that its unit has had, and have open plans told of the case."""
    unit = turn.facts.values.get("unit_id")
    if turn.case.case_type not in NEWS or not unit:
        return
    checked = Q(facts__contains='"plan_kept":true') | Q(facts__contains='"plan_kept":false')
    since = turn.at - REMEMBERED
    recent = Case.objects.filter(checked, unit_id=unit, case_type__in=WITH_PLANS, closed_at__gt=since)
    turn.facts.take({"recent_plan": recent.exclude(pk=turn.case.pk).exists()})
    turn.batch.insert(
        outbox.job(
            kind="BRING_INFORMATION",
            due_at=turn.at,
            payload={"case": str(turn.case.pk)},
            dedupe_key=f"information:{turn.case.pk}:{turn.case.revision + 1}",
        )
    )


def open_about(case: Case) -> QuerySet[Case]:
    """Return the open cases with plans about the unit of a case."""
    rows = Case.objects.filter(unit_id=case.unit_id, case_type__in=WITH_PLANS, state=Case.State.OPEN)
    return rows.exclude(pk=case.pk).order_by("case_number")


def awaiting(case: Case) -> Iterator[tuple[int, str]]:
    """Yield where a case waits for information about its unit: what is waited with, and the event."""
    net = engine.net(case.definition_id)
    for wait in engine_net.waits(net, Marking.loads(case.marking)):
        for event in wait.boundaries:
            if net.node(event).event_name == NEW_INFORMATION:
                yield wait.token, event
