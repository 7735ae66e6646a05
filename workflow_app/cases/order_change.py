"""What another order means to a case that is under way, and what is done about it (R-29).

What was done stands. What the order no longer asks for is no longer waited for; what it asks for now is added beside
the model, bound to the same proposal; the decision is offered to whoever may make it now. The gate is the decision
itself, as ever: it is refused until everything that the order in force asks for is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from delegation import rehearsal
from delegation.authorizer import out_of_reach
from delegation.errors import DelegationError
from delegation.order import DelegationOrder
from delegation.roles import Chain
from delegation.types import Act, JuristMode, Requirements
from workflow_app.cases import facts as case_facts
from workflow_app.cases import offering, reading, rerouting, staffing
from workflow_app.cases.models import WorkItem
from workflow_app.cases.staffing import Left
from workflow_app.cases.turn import Turn
from workflow_app.engine import net as engine
from workflow_app.engine.net import Wait, WaitKind
from workflow_app.engine.nodes import Node
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation

#: Acts that a row asks others than the decider for.
_CONTROLS = frozenset({Act.REVIEW, Act.CONSULT, Act.ANSWER, Act.PRESENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """What a row asks of a proposal under two orders."""

    then: Requirements
    now: Requirements
    added: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def matters(self) -> bool:
        """Tell whether anything is to be done about it."""
        return bool(self.added or self.dropped or self.then.lowest_role != self.now.lowest_role)


def change(turn: Turn, before: DelegationOrder) -> OrderChange | None:
    """Return what the order in force changes for the proposal; ``None`` where nothing undecided stands or matters.

    A signed decision stands, dispatched or not (R-29 d).
    """
    proposal = turn.proposal
    if proposal is None or turn.standing.decided or proposal.matter != turn.standing.matter:
        return None
    try:
        then = case_facts.requirements(before, turn.case, turn.facts.values, proposal.decision_type)
        now = case_facts.requirements(turn.order, turn.case, turn.facts.values, proposal.decision_type)
    except DelegationError:
        # No one row, then or now: nobody may decide, and the decision says so when it is asked for.
        return None
    old, new = rehearsal.controls(then), rehearsal.controls(now)
    found = OrderChange(
        then=then,
        now=now,
        added=tuple(control for control in new if control not in old),
        dropped=tuple(control for control in old if control not in new),
    )
    return found if found.matters else None


def apply(turn: Turn, found: OrderChange, before: DelegationOrder) -> None:
    """Bring the open work of a case in line with the order in force (R-29)."""
    turn.facts.take(case_facts.of_requirements(found.now, decided=False))
    items = [item for item in _open(turn) if not item.decision_type]
    writing = any(_writes(turn, item) for item in items)
    dropped = [] if writing else _drop(turn, items, found.now)
    left = [item for item in items if item not in dropped]
    rerouted = [item for item in left if _reroute(turn, item)]
    added, by_return = ([], []) if writing else _add(turn, left, found.now)
    turn.name(
        EventKind.ORDER_CHANGED,
        order_before=before.number,
        order=turn.order.number,
        order_sha256=turn.order.sha256,
        rule=found.now.rule,
        row_before=found.then.row,
        row=found.now.row,
        lowest_before=found.then.lowest_role,
        lowest=found.now.lowest_role,
        controls_added=list(found.added),
        controls_dropped=list(found.dropped),
        items_added=[str(item.pk) for item in added],
        items_dropped=[str(item.pk) for item in dropped],
        items_rerouted=[str(item.pk) for item in rerouted],
        by_return=by_return,
    )


def _open(turn: Turn) -> list[WorkItem]:
    return list(WorkItem.objects.filter(case=turn.case, state__in=reading.OPEN).order_by("token"))


def _writes(turn: Turn, item: WorkItem) -> bool:
    """Tell whether the proposal is being written anew: its controls are then looked up when it is there."""
    step = turn.net.node(item.node).step
    return step is not None and step.proposal


# What is no longer asked for


def _drop(turn: Turn, items: Iterable[WorkItem], row: Requirements) -> list[WorkItem]:
    """Let the case go on from controls that the row no longer asks for; nothing is recorded as done."""
    dropped = []
    for item in items:
        if Act(item.act) not in _CONTROLS or item.proposal_hash != turn.proposal_hash or _asks(row, item, turn):
            continue
        if item.is_added:
            turn.withdraw(item.token)
        elif turn.marking and any(wait.token == item.token for wait in engine.waits(turn.net, turn.marking)):
            # What another step answered says nothing of this one.
            turn.facts.take({"outcome": None})
            turn.complete(item.token)
        dropped.append(item)
    return dropped


def _asks(row: Requirements, item: WorkItem, turn: Turn) -> bool:
    act = Act(item.act)
    if act is Act.REVIEW:
        return row.four_eyes and not row.controls_after
    if act is Act.CONSULT:
        if _is_medical(item.roles.split(), turn):
            return row.medical or turn.facts.values.get("medical") is True
        return row.jurist_role is not None and row.jurist_mode is not JuristMode.DECIDES
    if act is Act.ANSWER:
        return any(
            joint.code == item.joint_code and item.participant in joint.participants and not joint.after
            for joint in row.joint_preparations
        )
    # A forum is the model's own; the presentation for decision is where the decision is made.
    return True


def _is_medical(roles: Iterable[str], turn: Turn) -> bool:
    return any(role in turn.order.roles and turn.order.roles[role].chain is Chain.MEDICAL for role in roles)


# Who does it now


def _reroute(turn: Turn, item: WorkItem) -> bool:
    """Offer a step to those the order points out now, and take it from whoever no grant lets do it any more."""
    if Act(item.act) not in {Act.DECIDE, Act.CONSULT}:
        return False
    node = turn.net.node(item.node)
    roles = offering.roles_now(item, node, facts=turn.facts.values, case=turn.case, order=turn.order)
    if item.claimed_by_id is not None:
        asked = rerouting.question(turn, item, organisation.actor_at(item.claimed_by_id, turn.at))
        if not out_of_reach(asked, turn.order):
            return False
    elif roles == tuple(item.roles.split()):
        return False
    rerouting.offer_again(turn, item, but={str(item.claimed_by_id)} if item.claimed_by_id else ())
    return True


# What is asked for now


def _add(turn: Turn, items: Iterable[WorkItem], row: Requirements) -> tuple[list[WorkItem], list[str]]:
    """Add the steps that are missing; return them, and those for which the model has no step to do them in.

    The latter are met by a return for preparation: the decision is refused until then, and offers it.
    """
    found = staffing.left_in(turn)
    if found is None:
        return [], []
    deciding = any(Act(item.act) is Act.DECIDE for item in items) or _offers(turn, Act.DECIDE)
    added: list[WorkItem] = []
    by_return: list[str] = []
    for left in found[0]:
        # The model itself asks for the presentation when the case comes to its decision.
        if left.act not in _CONTROLS or (left.act is Act.PRESENT and not deciding):
            continue
        node = _node(turn, left)
        if node is None:
            by_return.append(left.id)
            continue
        for instance in _instances(turn, left):
            if not _stands_open(turn, items, left, instance):
                token = WorkItem.ADDED_FROM + turn.case.revision * 100 + len(added)
                added.append(turn.offer(Wait(token, node.id, WaitKind.USER, instance)))
    return added, by_return


def _offers(turn: Turn, act: Act) -> bool:
    return any(Act(item.act) is act for item in turn.offered())


def _instances(turn: Turn, left: Left) -> Iterator[int | None]:
    """Yield which of the participants that the net knows are to answer; one ``None`` for any other step."""
    if left.act is not Act.ANSWER:
        yield None
        return
    heard = {(act.joint_code, act.participant) for act in turn.acts_on_proposal if act.act == Act.ANSWER.value}
    for number, one in enumerate(turn.facts.values["joint_participants"]):
        if one["code"] == left.joint_code and (one["code"], one["role"]) not in heard:
            yield number


def _stands_open(turn: Turn, items: Iterable[WorkItem], left: Left, instance: int | None) -> bool:
    """Tell whether the step is offered or taken already."""
    alike = [item for item in (*items, *turn.offered()) if item.act == left.act.value and not item.decision_type]
    if left.act is Act.ANSWER and instance is not None:
        asked = turn.facts.values["joint_participants"][instance]
        return any((item.joint_code, item.participant) == (asked["code"], asked["role"]) for item in alike)
    if left.act is Act.CONSULT:
        medical = left.role == staffing.PHYSICIAN
        return any(_is_medical(item.roles.split(), turn) is medical for item in alike)
    return bool(alike)


def _node(turn: Turn, left: Left) -> Node | None:
    """Return the model's own step for a control: the one nearest to where the case stands."""
    alike = [
        node
        for node in turn.net.nodes
        if node.step is not None
        and node.step.act == left.act.value.lower()
        and not node.step.decision_type
        and (left.act is not Act.PRESENT or node.step.forum == "DECISION")
        and (left.act is not Act.CONSULT or _is_medical(node.step.roles, turn) is (left.role == staffing.PHYSICIAN))
    ]
    here = [wait.node for wait in engine.waits(turn.net, turn.marking)] if turn.marking else []
    return max(alike, key=lambda node: max((_shared(node.id, one) for one in here), default=0), default=None)


def _shared(one: str, other: str) -> int:
    """Return how many steps of their way two nodes have in common."""
    count = 0
    for a, b in zip(one.split("/"), other.split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count
