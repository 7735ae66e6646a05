"""Who a step is offered to, and until when. An offer is a suggestion: the order is asked again at every act."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from delegation import offers
from delegation.order import DelegationOrder
from delegation.roles import DIRECTOR
from delegation.types import Act
from workflow_app.calendar import working_days
from workflow_app.cases.errors import CaseError
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, Timer, WorkItem
from workflow_app.engine import timers as engine_timers
from workflow_app.engine.net import Wait, WaitKind
from workflow_app.engine.nodes import Node, NodeKind, TimerKind
from workflow_app.engine.nodes import Timer as TimerOfModel
from workflow_app.organisation import selectors as organisation

#: Written in a model where the order, not the diagram, says who.
BY_ORDER = "ORDER"
#: Who registers that a message has arrived.
MESSAGE_ROLES = ("REG", "INSP", "HL")
#: Operations behind the tables a business rule task may name; any other is a routing table of the bundle.
OF_TABLE = {BY_ORDER: "look_up_order", "escalation.dmn": "find_resolver"}
USE_TABLE = "use_table"
#: The message that the closing of a child case sends by itself: nobody registers that it has come.
CHILD_CLOSED = "child_closed"


def operation_of(node: Node) -> str:
    """Return the name of the registered operation that an automatic node asks for."""
    if node.table is not None:
        return OF_TABLE.get(node.table.ref, USE_TABLE)
    if node.operation is None:
        raise CaseError(f"element `{node.id}` names no operation; the model must not have been deployed")
    return node.operation.name


def comes_from_children(node: Node) -> bool:
    """Tell whether a wait is for child cases to close, and so for no person."""
    return node.kind is NodeKind.MESSAGE and node.event_name == CHILD_CLOSED


def asked_roles(node: Node) -> str | None:
    """Return the roles the diagram asks for, separated by spaces; ``None`` where the order alone says who."""
    roles = node.step.roles if node.step else MESSAGE_ROLES
    return None if BY_ORDER in roles else " ".join(roles)


def _roles(act: Act, node: Node, facts: Mapping[str, Any], case: Case, order: DelegationOrder) -> tuple[str, ...]:
    """Return the roles the order points out for an act."""
    if act is Act.DECIDE:
        decision_type = (node.step.decision_type if node.step else None) or facts.get("decision_type")
        asked = order.requirements(case.case_type, str(decision_type), facts)
        return offers.named_roles(asked.lowest_role)
    if act is Act.CONSULT and facts.get("jurist_role"):
        return (str(facts["jurist_role"]),)
    if act is Act.HANDLE and facts.get("resolver_role"):
        return (str(facts["resolver_role"]),)
    if act is Act.REVIEW:
        return offers.reviewing_roles(order, case.case_type, facts.get("lowest_role"))
    return offers.acting_roles(order, act, case.case_type)


def roles_now(
    item: WorkItem, node: Node, *, facts: Mapping[str, Any], case: Case, order: DelegationOrder
) -> tuple[str, ...]:
    """Return the roles that an open step is for as the case and the order stand."""
    asked = asked_roles(node)
    if Act(item.act) is Act.ANSWER or asked is not None:
        return tuple(item.roles.split() if asked is None else asked.split())
    return _roles(Act(item.act), node, facts, case, order)


def offer(
    *,
    case: Case,
    node: Node,
    wait: Wait,
    facts: Mapping[str, Any],
    standing: Standing,
    order: DelegationOrder,
    proposal_hash: str | None,
    at: datetime,
) -> WorkItem:
    """Return the work item for a wait, not yet stored.

    A returned proposal is given to whoever wrote it, unless that person is away, in conflict of interest or no
    longer appointed (R-27).
    """
    step = node.step
    act = Act(step.act.upper()) if step else Act.HANDLE
    joint: Mapping[str, str] = {}
    pool: str | None = case.case_type
    if act is Act.ANSWER and wait.instance is not None:
        joint = facts["joint_participants"][wait.instance]
        roles = offers.participant_roles(joint["role"])
        pool = offers.participant_case_type(joint["role"], case.case_type)
    else:
        asked = asked_roles(node)
        roles = tuple(asked.split()) if asked else _roles(act, node, facts, case, order)
    item = WorkItem(
        case=case,
        token=wait.token,
        node=node.id,
        name=node.name,
        case_type=pool or WorkItem.ANY_CASE_TYPE,
        act=act.value,
        roles=f" {' '.join(roles)} ",
        decision_type=(step.decision_type or "") if step else "",
        joint_code=joint.get("code", ""),
        participant=joint.get("role", ""),
        proposal_hash=proposal_hash or "",
        message=(node.event_name or "") if wait.kind is WaitKind.MESSAGE else "",
        offered_at=at,
        due_at=_due(node, act, facts, at),
    )
    writer = None if standing.decided or standing.writer in standing.disqualified else standing.writer
    if step and step.proposal and writer and _available(writer, roles, case, order, at):
        # A returned proposal goes back to the person who wrote it; the next matter's is anyone's.
        item.claimed_by_id = writer
        item.claimed_at = at
        item.state = WorkItem.State.CLAIMED
    return item


def _available(person: str, roles: Collection[str], case: Case, order: DelegationOrder, at: datetime) -> bool:
    """Tell whether a person is there and still appointed to such work."""
    actor = organisation.actor_at(person, at)
    return offers.may_work_in(order, actor, roles, case.case_type) and not organisation.is_absent(person, at)


def _due(node: Node, act: Act, facts: Mapping[str, Any], at: datetime) -> datetime | None:
    """Return when a step is due: as the diagram says, or, for whoever resolves a disagreement, as the order says."""
    asked, limit = asked_roles(node), facts.get("resolver_due")
    # The last to resolve it is the director, whom the diagram names, for the deputy's sake.
    resolving = act is Act.HANDLE and facts.get("disagreement") is True and (asked is None or DIRECTOR in asked.split())
    if resolving and isinstance(limit, datetime):
        return limit
    return working_days.due(node.step.due, at) if node.step and node.step.due else None


def timer_due(timer: TimerOfModel, *, at: datetime, facts: Mapping[str, Any]) -> datetime:
    """Return when a timer that starts now is due, in UTC; frozen in its row."""
    moment = engine_timers.due(timer, at=at, facts=facts, is_working_day=working_days.is_working_day)
    if moment is None:
        raise CaseError(f"timer `{timer.event}` has no moment left to fire at; the model must be corrected")
    return moment


def next_due(timer: TimerOfModel, fired: Timer) -> datetime | None:
    """Return when a timer that has fired is due the next time; ``None`` when it does not come back."""
    if timer.kind is not TimerKind.CYCLE:
        return None

    def due(at: datetime, occurrence: int) -> datetime | None:
        return engine_timers.due(
            timer, at=at, facts={}, is_working_day=working_days.is_working_day, occurrence=occurrence
        )

    more = due(fired.due_at, fired.occurrence + 1) is not None
    return due(fired.due_at, 1) if more else None
