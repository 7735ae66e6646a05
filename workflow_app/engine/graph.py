"""A model laid out as a graph of places, compiled once: everything a step looks up, ready to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType

from workflow_app.engine.errors import UnknownElement
from workflow_app.engine.marking import Wait, WaitKind
from workflow_app.engine.nodes import (
    CONTAINERS,
    LEAF_WAITS,
    Condition,
    EventKind,
    Flow,
    Node,
    NodeKind,
    Timer,
)


class Op(IntEnum):
    """How a place behaves."""

    WAIT = 0
    THROUGH = 1
    EXCLUSIVE = 2
    JOIN = 3
    FORK = 4
    END = 5
    CONTAINER = 6
    MULTI = 7
    INCLUSIVE_JOIN = 8
    INCLUSIVE_FORK = 9
    RACE = 10
    TERMINATE = 11
    ERROR = 12
    ESCALATION = 13
    SIGNAL = 14


_OPS = {
    NodeKind.START: Op.THROUGH,
    NodeKind.PASS: Op.THROUGH,
    NodeKind.BOUNDARY: Op.THROUGH,
    NodeKind.END: Op.END,
    NodeKind.TERMINATE: Op.TERMINATE,
    NodeKind.ERROR: Op.ERROR,
    NodeKind.ESCALATION: Op.ESCALATION,
    NodeKind.SIGNAL: Op.SIGNAL,
    NodeKind.EXCLUSIVE: Op.EXCLUSIVE,
    NodeKind.PARALLEL: Op.FORK,
    NodeKind.INCLUSIVE: Op.INCLUSIVE_FORK,
    NodeKind.EVENT_BASED: Op.RACE,
    **dict.fromkeys(LEAF_WAITS, Op.WAIT),
    **dict.fromkeys(CONTAINERS, Op.CONTAINER),
}


class Net:
    """An immutable token net. Build it with ``Net(process, nodes, flows)``; everything else is reading.

    A place is a node's index, or one of the extra places after them: one per flow into a join, so that a join
    knows which of its flows have brought a token.
    """

    __slots__ = (
        "_index",
        "arrivals",
        "attached",
        "body",
        "catcher",
        "conditions",
        "containers",
        "defaults",
        "event_starts",
        "flow_ids",
        "flows",
        "host",
        "ids",
        "inner_starts",
        "join_of",
        "kinds",
        "nodes",
        "ops",
        "process",
        "reach",
        "starts",
        "targets",
    )

    def __init__(self, process: str, nodes: Sequence[Node], flows: Sequence[Flow]) -> None:
        self.process = process
        self.nodes: tuple[Node, ...] = tuple(nodes)
        self.flows: tuple[Flow, ...] = tuple(flows)
        self._index = {node.id: place for place, node in enumerate(self.nodes)}
        count = len(self.nodes)
        incoming: list[list[int]] = [[] for _ in self.nodes]
        outgoing: list[list[int]] = [[] for _ in self.nodes]
        for number, flow in enumerate(self.flows):
            outgoing[self.index(flow.source)].append(number)
            incoming[self.index(flow.target)].append(number)

        #: Container node of each node, -1 at the top.
        self.containers = tuple(-1 if n.parent is None else self.index(n.parent) for n in self.nodes)
        ops = [_OPS[n.kind] for n in self.nodes]
        #: What an instance of a multi-instance activity does.
        self.body = tuple(ops)
        for place, node in enumerate(self.nodes):
            if node.instances is not None:
                ops[place] = Op.MULTI
        self.ids = tuple(n.id for n in self.nodes)
        self.kinds = tuple(WaitKind(n.kind) if n.kind in LEAF_WAITS else WaitKind.SCOPE for n in self.nodes)

        arrival_place: dict[int, int] = {}
        #: Places where tokens wait for a join, by join node, in order of its flows.
        self.arrivals: dict[int, tuple[int, ...]] = {}
        join_of: list[int] = list(range(count))
        for place, node in enumerate(self.nodes):
            if node.kind in (NodeKind.PARALLEL, NodeKind.INCLUSIVE) and len(incoming[place]) > 1:
                first = len(join_of)
                self.arrivals[place] = tuple(range(first, first + len(incoming[place])))
                arrival_place.update(zip(incoming[place], self.arrivals[place], strict=True))
                join_of += [place] * len(incoming[place])
                ops += [Op.JOIN if node.kind is NodeKind.PARALLEL else Op.INCLUSIVE_JOIN] * len(incoming[place])
        #: The node a place belongs to.
        self.join_of = tuple(join_of)
        self.ops = tuple(ops)

        def target(number: int) -> int:
            return arrival_place.get(number, self.index(self.flows[number].target))

        self.targets = tuple(tuple(target(f) for f in out) for out in outgoing)
        self.flow_ids = tuple(tuple(self.flows[f].id for f in out) for out in outgoing)
        self.conditions: tuple[tuple[Condition | None, ...], ...] = tuple(
            tuple(self.flows[f].condition for f in out) for out in outgoing
        )
        #: Number of the default flow among a node's flows, -1 when it has none.
        self.defaults = tuple(next((i for i, f in enumerate(out) if self.flows[f].default), -1) for out in outgoing)

        attached: dict[int, list[int]] = {}
        event_starts: dict[int, list[int]] = {}
        host: dict[int, int] = {}
        inner: dict[int, int] = {}
        starts: dict[str, int] = {}
        for place, node in enumerate(self.nodes):
            container = self.containers[place]
            if node.kind is NodeKind.BOUNDARY and node.attached_to is not None:
                host[place] = self.index(node.attached_to)
                attached.setdefault(host[place], []).append(place)
            elif node.kind is NodeKind.START and container >= 0:
                if self.nodes[container].kind is NodeKind.EVENT_SUBPROCESS:
                    host[place] = self.containers[container]
                    event_starts.setdefault(host[place], []).append(place)
                inner[container] = place
            elif node.kind is NodeKind.START:
                starts[node.id] = place
        #: Boundary events by activity, event subprocess starts by container, start events by container or id.
        self.attached = {place: tuple(found) for place, found in attached.items()}
        self.event_starts = {place: tuple(found) for place, found in event_starts.items()}
        self.host = host
        self.inner_starts = inner
        self.starts: Mapping[str, int] = MappingProxyType(starts)
        #: Error and escalation throws: the boundary or event subprocess start that catches them.
        self.catcher = {
            place: self._catcher(place)
            for place, node in enumerate(self.nodes)
            if node.kind in (NodeKind.ERROR, NodeKind.ESCALATION)
        }
        #: Inclusive joins: per incoming flow, the nodes from which a token can still come by that flow.
        self.reach = {
            join: tuple(self._reach(join, number) for number in incoming[join])
            for join in self.arrivals
            if self.nodes[join].kind is NodeKind.INCLUSIVE
        }

    def index(self, node: str) -> int:
        """Give the place of a node. Raises ``UnknownElement``."""
        try:
            return self._index[node]
        except KeyError:
            raise UnknownElement(element=node) from None

    def node(self, node: str) -> Node:
        """Give the node with a qualified id. Raises ``UnknownElement``."""
        return self.nodes[self.index(node)]

    def __contains__(self, node: str) -> bool:
        return node in self._index

    def timers(self, wait: Wait) -> tuple[Timer, ...]:
        """List the timers that start to run when a wait opens: its own and those of the events it arms."""
        armed = tuple(timer for event in wait.boundaries for timer in self.node(event).timers)
        return self.node(wait.node).timers + armed if wait.kind is WaitKind.TIMER else armed

    def _catcher(self, thrower: int) -> int | None:
        thrown = self.nodes[thrower]
        event = EventKind.ERROR if thrown.kind is NodeKind.ERROR else EventKind.ESCALATION

        def catches(candidates: tuple[int, ...]) -> int | None:
            hits = [c for c in candidates if self.nodes[c].event is event]
            exact = [c for c in hits if self.nodes[c].event_name == thrown.event_name]
            every = [c for c in hits if self.nodes[c].event_name is None]
            return next(iter(exact + every), None)

        container = self.containers[thrower]
        inside = thrower
        while True:
            starts = tuple(s for s in self.event_starts.get(container, ()) if self.containers[s] != inside)
            found = catches(starts)
            if found is None and container >= 0:
                found = catches(self.attached.get(container, ()))
            if found is not None or container < 0:
                return found
            inside, container = container, self.containers[container]

    def _reach(self, join: int, number: int) -> frozenset[int]:
        """Find the nodes beside ``join`` from which its flow ``number`` can be reached without visiting it."""
        container = self.containers[join]
        before: dict[int, list[int]] = {}
        for flow in self.flows:
            before.setdefault(self.index(flow.target), []).append(self.index(flow.source))
        found: set[int] = set()
        stack = [self.index(self.flows[number].source)]
        while stack:
            place = stack.pop()
            if place == join or place in found or self.containers[place] != container:
                continue
            found.add(place)
            stack += before.get(place, ())
            if self.nodes[place].kind is NodeKind.BOUNDARY:
                stack.append(self.host[place])
        return frozenset(found)
