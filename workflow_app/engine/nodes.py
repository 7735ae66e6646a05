"""What a net is made of: nodes, flows and what a step asks for. Immutable values, read from a model once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Facts = Mapping[str, Any]
#: A compiled FEEL expression: facts in, a FEEL value out. ``Expression.evaluate`` is one.
Condition = Callable[[Facts], Any]


class NodeKind(StrEnum):
    """How a node behaves in the net. Several BPMN elements may share a kind."""

    START = "START"
    #: Passes at once: an intermediate none event.
    PASS = "PASS"  # noqa: S105 - a kind of node, not a password
    END = "END"
    TERMINATE = "TERMINATE"
    #: Ends with an error that the nearest enclosing error boundary catches.
    ERROR = "ERROR"
    ESCALATION = "ESCALATION"
    SIGNAL = "SIGNAL"
    USER = "USER"
    OPERATION = "OPERATION"
    RULE = "RULE"
    MESSAGE = "MESSAGE"
    TIMER = "TIMER"
    EXCLUSIVE = "EXCLUSIVE"
    PARALLEL = "PARALLEL"
    INCLUSIVE = "INCLUSIVE"
    EVENT_BASED = "EVENT_BASED"
    SUBPROCESS = "SUBPROCESS"
    CALL = "CALL"
    EVENT_SUBPROCESS = "EVENT_SUBPROCESS"
    BOUNDARY = "BOUNDARY"


CONTAINERS = frozenset({NodeKind.SUBPROCESS, NodeKind.CALL, NodeKind.EVENT_SUBPROCESS})
LEAF_WAITS = frozenset({NodeKind.USER, NodeKind.OPERATION, NodeKind.RULE, NodeKind.MESSAGE, NodeKind.TIMER})


class EventKind(StrEnum):
    """What an event throws, catches or waits for."""

    NONE = "NONE"
    MESSAGE = "MESSAGE"
    TIMER = "TIMER"
    SIGNAL = "SIGNAL"
    ESCALATION = "ESCALATION"
    ERROR = "ERROR"


#: Events fired from outside the net, by ``interrupt``; errors and escalations are thrown inside it.
EXTERNAL_EVENTS = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL})


class TimerKind(StrEnum):
    """The three time expressions of BPMN."""

    DURATION = "DURATION"
    DATE = "DATE"
    CYCLE = "CYCLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A timer of the model. ``timers.due`` computes when it is due."""

    #: Qualified id of the timer event itself.
    event: str
    kind: TimerKind
    #: ISO 8601, or the name of a fact that holds a date or a duration.
    text: str
    working_days: bool = False
    #: True for a boundary event or an event subprocess's start, fired by ``interrupt``.
    boundary: bool = False
    interrupting: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a user task asks for, as written in ``beredd:step``. The order decides whether it is right."""

    act: str
    #: Role codes, or ``("ORDER",)`` when the order points out who.
    roles: tuple[str, ...]
    form: str | None = None
    decision_type: str | None = None
    #: ``4h``, ``3d``, ``2wd``, ``3w`` or ``6m``.
    due: str | None = None
    help: str | None = None
    legal_basis: str | None = None
    proposal: bool = False
    forum: str | None = None

    @property
    def legal_bases(self) -> tuple[str, ...]:
        """The keys of the legal bases, which the model separates by semicolons."""
        return tuple(key.strip() for key in (self.legal_basis or "").split(";") if key.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The decision table of a business rule task: the order itself, or a routing table of the bundle."""

    ref: str
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What an automatic step does: a registered operation and what the model tells it."""

    name: str
    #: Id of the process that the operation opens a case of.
    process: str | None = None
    #: Name of the list fact with an item for each case to open.
    collection: str | None = None
    #: Name of the letter's template.
    letter: str | None = None
    #: The kind of deadline that the operation sets.
    deadline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instances:
    """A multi-instance activity: one instance per item of a list."""

    collection: Condition
    #: The expression as written, for explanations.
    text: str
    sequential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of the net, with everything the model says about it."""

    #: Qualified id: ids of the enclosing subprocesses and call activities, joined by ``/``.
    id: str
    kind: NodeKind
    #: Id of the BPMN element in its own file, and the id of that file's process.
    element: str = ""
    process: str = ""
    #: BPMN tag, e.g. ``userTask``.
    tag: str = ""
    name: str = ""
    documentation: str = ""
    lane: str | None = None
    #: Qualified id of the container; ``None`` at the top.
    parent: str | None = None
    #: Boundary events: qualified id of the activity they sit on.
    attached_to: str | None = None
    interrupting: bool = True
    event: EventKind = EventKind.NONE
    #: Message name, signal name, escalation code or error code.
    event_name: str | None = None
    step: Step | None = None
    operation: Operation | None = None
    table: Table | None = None
    instances: Instances | None = None
    #: The node's own timer; for an activity, the timers of its boundary events.
    timers: tuple[Timer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow between two qualified ids."""

    id: str
    source: str
    target: str
    condition: Condition | None = None
    #: The condition as written, for explanations.
    text: str | None = None
    default: bool = False
