"""What another order would have meant: decisions of the past asked about again, and what that sums to (R-29).

Nothing is decided here. A decision whose own row its facts no longer give is set aside and counted, never guessed at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from delegation.authorizer import is_authorized
from delegation.errors import ConflictingRows, NoRow, Unevaluable
from delegation.order import DelegationOrder
from delegation.roles import RoleTable
from delegation.types import Act, DecisionRequest, Requirements


class Direction(StrEnum):
    """Which way a decision goes under the other order."""

    SAME = "SAME"
    UP = "UP"
    DOWN = "DOWN"
    #: To another ladder, or to another job of the same level.
    ASIDE = "ASIDE"
    #: No one row covers it.
    NOWHERE = "NOWHERE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A decision that was made: the question it answered, the row it was made under and the order that had the row."""

    request: DecisionRequest
    row: str
    order: DelegationOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One decision of the past under both orders."""

    case: str
    case_type: str
    decision_type: str
    decider: str
    then: Requirements
    #: ``None`` when the other order has no one row for it.
    now: Requirements | None
    direction: Direction
    #: Whether nothing in the one who decided would stand against deciding it now.
    decider_may: bool
    #: Controls that the row asks for now and did not then, and the other way round.
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    #: Persons who had a part that was to be somebody else's than the decider's, and need no longer be.
    collapsed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How much of one act comes to one role."""

    act: Act
    role: str
    then: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two persons who kept an eye on each other, and how many of their decisions one could now make alone."""

    decider: str
    other: str
    decisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What the decisions of the past come to under another order."""

    replayed: tuple[Replayed, ...]
    #: How many could not be asked about: their own row is not found again by what is kept of them.
    set_aside: int
    #: Most changed first.
    queues: tuple[Queue, ...]
    pairs: tuple[Pair, ...]

    def count(self, direction: Direction) -> int:
        """Return how many decisions go one way."""
        return sum(each.direction is direction for each in self.replayed)

    @property
    def controls(self) -> tuple[tuple[str, int, int], ...]:
        """Return each control with how many decisions gain and lose it."""
        added = Counter(control for each in self.replayed for control in each.added)
        dropped = Counter(control for each in self.replayed for control in each.dropped)
        return tuple((control, added[control], dropped[control]) for control in sorted(added | dropped))


def rehearse(past: Iterable[Past], *, order: DelegationOrder) -> Rehearsal:
    """Ask another order about decisions of the past. Raises nothing: what it can't answer goes nowhere."""
    replayed: list[Replayed] = []
    set_aside = 0
    for each in past:
        then = _row(each.request, each.order)
        if then is None or then.row != each.row:
            set_aside += 1
        else:
            replayed.append(_replay(each.request, then, order))
    return Rehearsal(replayed=tuple(replayed), set_aside=set_aside, queues=_queues(replayed), pairs=_pairs(replayed))


def _row(request: DecisionRequest, order: DelegationOrder) -> Requirements | None:
    try:
        return order.requirements(request.case_type, request.decision_type or "", request.facts)
    except (NoRow, ConflictingRows, Unevaluable):
        return None


def _replay(request: DecisionRequest, then: Requirements, order: DelegationOrder) -> Replayed:
    now = _row(request, order)
    before, after = controls(then), controls(now) if now else ()
    verdict = is_authorized(replace(request, act=Act.DECIDE), order)
    return Replayed(
        case=request.case,
        case_type=request.case_type,
        decision_type=request.decision_type or "",
        decider=request.actor.person,
        then=then,
        now=now,
        direction=_direction(then.lowest_role, now.lowest_role, order.roles) if now else Direction.NOWHERE,
        decider_may=now is not None and not any(bar.personal for bar in verdict.bars),
        added=tuple(control for control in after if control not in before),
        dropped=tuple(control for control in before if control not in after) if now else (),
        collapsed=_others(request) if now and _keeps_apart(then) and not _keeps_apart(now) else frozenset(),
    )


def controls(row: Requirements) -> tuple[str, ...]:
    """Return what a row asks for before the decision, or after it, by name."""
    found = []
    if row.rapporteur:
        found.append("PRESENTATION:ORAL" if row.oral else "PRESENTATION")
    if row.four_eyes:
        found.append("FOUR_EYES:AFTER" if row.controls_after else "FOUR_EYES")
    if row.jurist_role is not None and row.jurist_mode is not None:
        found.append(f"JURIST:{row.jurist_role}:{row.jurist_mode.value}{':AFTER' if row.jurist_after else ''}")
    if row.medical:
        found.append("PHYSICIAN")
    found.extend(f"{joint.code}{':AFTER' if joint.after else ''}" for joint in row.joint_preparations)
    return tuple(found)


def _keeps_apart(row: Requirements) -> bool:
    """Tell whether a row asks for more than one person (R-64)."""
    return row.four_eyes or row.rapporteur


def _others(request: DecisionRequest) -> frozenset[str]:
    """Return who prepared, presented or reviewed what another decided."""
    parts = {prior.person for prior in request.prior_acts if prior.act in (Act.PREPARE, Act.PRESENT, Act.REVIEW)}
    rapporteur = {request.rapporteur} if request.rapporteur else set()
    return frozenset(parts | rapporteur | request.prepared_by) - {request.actor.person}


def _direction(then: str, now: str, roles: RoleTable) -> Direction:
    if then == now:
        return Direction.SAME
    # Where a row names alternatives they are of one level.
    code = then.partition("/")[0]
    if code not in roles:
        return Direction.ASIDE
    was, becomes = roles[code], roles[now.partition("/")[0]]
    if was.chain is not becomes.chain or was.level == becomes.level:
        return Direction.ASIDE
    return Direction.UP if becomes.level > was.level else Direction.DOWN


def _work(row: Requirements | None) -> Iterator[tuple[Act, str]]:
    """Yield the acts of others that a row asks for, each with the role it goes to; a review goes to no one role."""
    if row is None:
        return
    yield Act.DECIDE, row.lowest_role
    if row.rapporteur:
        yield Act.PRESENT, ""
    if row.four_eyes:
        yield Act.REVIEW, ""
    if row.jurist_role is not None:
        yield Act.CONSULT, row.jurist_role
    if row.medical:
        yield Act.CONSULT, "TL"
    for joint in row.joint_preparations:
        for participant in joint.participants:
            yield Act.ANSWER, participant


def _queues(replayed: Iterable[Replayed]) -> tuple[Queue, ...]:
    then: Counter[tuple[Act, str]] = Counter()
    now: Counter[tuple[Act, str]] = Counter()
    for each in replayed:
        then.update(_work(each.then))
        now.update(_work(each.now))
    found = (Queue(act=key[0], role=key[1], then=then[key], now=now[key]) for key in then | now)
    return tuple(sorted(found, key=lambda queue: (-abs(queue.now - queue.then), queue.act, queue.role)))


def _pairs(replayed: Iterable[Replayed]) -> tuple[Pair, ...]:
    found = Counter((each.decider, other) for each in replayed for other in each.collapsed)
    pairs = (Pair(decider=decider, other=other, decisions=count) for (decider, other), count in found.items())
    return tuple(sorted(pairs, key=lambda pair: (-pair.decisions, pair.decider, pair.other)))
