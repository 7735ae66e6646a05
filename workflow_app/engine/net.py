"""The token net that runs a case: pure functions from a marking to the next.

A ``Net`` is compiled once from a deployed bundle. The state of a case is a ``Marking``: which tokens stand
where, in which scope. It never holds history, so it stays small however often a case is returned.

A scope is one execution of something that holds tokens: an embedded subprocess, a call activity (whose nodes are
part of the net, as ``call_id/element``), a multi-instance activity as a whole, one instance of it, or an open
event-based gateway. Scope 0 is the case itself. Tokens and scopes share one counter, so either can be named to
``interrupt``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from workflow_app.engine.errors import (
    EndlessStep,
    InvalidInstances,
    InvalidMarking,
    NoFlowTaken,
    NotWaiting,
    UncaughtError,
    UnknownElement,
)
from workflow_app.engine.nodes import (
    CONTAINERS,
    EXTERNAL_EVENTS,
    LEAF_WAITS,
    Condition,
    EventKind,
    Facts,
    Flow,
    Node,
    NodeKind,
    Timer,
)

MAX_INSTANCES = 50
#: More automatic nodes than this in one step means a cycle without a wait state; the profile refuses those.
MAX_STEPS = 10_000
ROOT = 0


class WaitKind(StrEnum):
    """Who or what a wait is for."""

    USER = "USER"
    OPERATION = "OPERATION"
    RULE = "RULE"
    MESSAGE = "MESSAGE"
    TIMER = "TIMER"
    #: A subprocess, call activity or multi-instance activity that carries events; nobody completes it.
    SCOPE = "SCOPE"


@dataclass(frozen=True, slots=True)
class Wait:
    """Something the case waits for. ``token`` names it to ``complete`` and ``interrupt``."""

    token: int
    #: Qualified element id.
    node: str
    kind: WaitKind
    #: Index of the innermost multi-instance instance the wait belongs to.
    instance: int | None = None
    #: Boundary events (and event subprocess starts) armed by this wait, to be fired by ``interrupt``.
    boundaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marking:
    """The state of a case: tens to hundreds of bytes, equal when the state is equal."""

    #: The next unused token or scope id.
    counter: int
    #: token id -> (place, scope)
    tokens: Mapping[int, tuple[int, int]]
    #: scope id -> (node, parent scope, instance or next instance or -1, number of instances)
    scopes: Mapping[int, tuple[int, int, int, int]]
    ended: bool = False

    def dumps(self) -> str:
        """Write the marking as canonical text."""
        flat_tokens = [n for t, (place, scope) in self.tokens.items() for n in (t, place, scope)]
        flat_scopes = [n for s, record in self.scopes.items() for n in (s, *record)]
        return _ENCODE([self.counter, int(self.ended), flat_tokens, flat_scopes])

    @staticmethod
    def loads(text: str) -> Marking:
        """Read a marking written by ``dumps``. Raises ``InvalidMarking``."""
        try:
            counter, ended, tokens, scopes = json.loads(text)
            walk, look = iter(tokens), iter(scopes)
            return Marking(
                counter,
                {token: (place, next(walk)) for token, place in zip(walk, walk, strict=False)},
                {
                    scope: (node, parent, next(look), next(look))
                    for scope, node, parent in zip(look, look, look, strict=False)
                },
                bool(ended),
            )
        except (ValueError, TypeError, StopIteration, RuntimeError) as error:
            raise InvalidMarking(f"the stored marking cannot be read: {error}") from error


_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Move:
    """What a step did."""

    marking: Marking
    #: Waits that did not exist before.
    opened: tuple[Wait, ...]
    #: Waits that exist no longer, the completed one included.
    closed: tuple[Wait, ...]
    #: Nodes left and flows taken, in order.
    passed: tuple[str, ...]
    ended: bool


# How a place behaves. Small integers, tested most frequent first.
(
    _WAIT,
    _THROUGH,
    _EXCLUSIVE,
    _JOIN,
    _FORK,
    _END,
    _CONTAINER,
    _MULTI,
    _INCLUSIVE_JOIN,
    _INCLUSIVE_FORK,
    _RACE,
    _TERMINATE,
    _ERROR,
    _ESCALATION,
    _SIGNAL,
) = range(15)

_OPERATION_OF = {
    NodeKind.START: _THROUGH,
    NodeKind.PASS: _THROUGH,
    NodeKind.BOUNDARY: _THROUGH,
    NodeKind.END: _END,
    NodeKind.TERMINATE: _TERMINATE,
    NodeKind.ERROR: _ERROR,
    NodeKind.ESCALATION: _ESCALATION,
    NodeKind.SIGNAL: _SIGNAL,
    NodeKind.EXCLUSIVE: _EXCLUSIVE,
    NodeKind.PARALLEL: _FORK,
    NodeKind.INCLUSIVE: _INCLUSIVE_FORK,
    NodeKind.EVENT_BASED: _RACE,
    **dict.fromkeys(LEAF_WAITS, _WAIT),
    **dict.fromkeys(CONTAINERS, _CONTAINER),
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
        ops = [_OPERATION_OF[n.kind] for n in self.nodes]
        #: What an instance of a multi-instance activity does.
        self.body = tuple(ops)
        for place, node in enumerate(self.nodes):
            if node.instances is not None:
                ops[place] = _MULTI
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
                ops += [_JOIN if node.kind is NodeKind.PARALLEL else _INCLUSIVE_JOIN] * len(incoming[place])
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


class _Step:
    """One step under way: the only mutable thing here, and it never leaves this module."""

    __slots__ = ("closed", "counter", "done", "facts", "net", "opened", "passed", "scopes", "stack", "tokens")

    def __init__(self, net: Net, marking: Marking, facts: Facts) -> None:
        self.net = net
        self.facts = facts
        self.counter = marking.counter
        self.tokens = dict(marking.tokens)
        self.scopes = dict(marking.scopes)
        self.opened: list[int] = []
        self.closed: list[Wait] = []
        self.passed: list[str] = []
        #: Tokens on their way: (place, scope), the next one last.
        self.stack: list[tuple[int, int]] = []
        #: Scopes that may have become empty.
        self.done: set[int] = set()

    def move(self) -> Move:
        self.run()
        ended = not self.tokens and not self.scopes
        marking = Marking(self.counter, self.tokens, self.scopes, ended)
        opened = tuple(wait for t in self.opened if (wait := _wait(self.net, self.tokens, self.scopes, t)) is not None)
        return Move(marking, opened, tuple(self.closed), tuple(self.passed), ended)

    # -- tokens ---------------------------------------------------------------------------------------------

    def put(self, place: int, scope: int) -> None:
        token = self.counter
        self.counter = token + 1
        self.tokens[token] = (place, scope)
        if self.net.ops[place] in (_WAIT, _MULTI):
            self.opened.append(token)

    def open_scope(self, node: int, parent: int, instance: int = -1, total: int = 0) -> int:
        scope = self.counter
        self.counter = scope + 1
        self.scopes[scope] = (node, parent, instance, total)
        self.opened.append(scope)
        return scope

    def close(self, token: int) -> None:
        """Note that a wait is gone, unless it was opened in this very step."""
        if token in self.opened:
            self.opened.remove(token)
        else:
            wait = _wait(self.net, self.tokens, self.scopes, token)
            if wait is not None:
                self.closed.append(wait)

    def remove(self, token: int) -> None:
        self.close(token)
        del self.tokens[token]

    def cancel(self, scope: int, *, keep_scope: bool = False) -> None:
        """Remove a scope and everything in it."""
        inside = {scope}
        for child, record in self.scopes.items():
            if record[1] in inside:
                inside.add(child)
        for token in [t for t, (_, s) in self.tokens.items() if s in inside]:
            self.remove(token)
        self.stack = [entry for entry in self.stack if entry[1] not in inside]
        self.done -= inside
        if keep_scope:
            inside.discard(scope)
        for gone in sorted(inside & self.scopes.keys()):
            self.close(gone)
        for gone in inside & self.scopes.keys():
            del self.scopes[gone]

    # -- moving ---------------------------------------------------------------------------------------------

    def leave(self, place: int, scope: int) -> None:
        """Send one token by each flow out of a node; none means that the token ends here."""
        net = self.net
        self.passed.append(net.ids[place])
        targets = net.targets[place]
        if len(targets) == 1:
            self.passed.append(net.flow_ids[place][0])
            self.stack.append((targets[0], scope))
        elif targets:
            self.passed += net.flow_ids[place]
            self.stack += [(target, scope) for target in reversed(targets)]
        else:
            self.done.add(scope)

    def take(self, place: int, scope: int, numbers: Sequence[int]) -> None:
        net = self.net
        self.passed.append(net.ids[place])
        self.passed += [net.flow_ids[place][n] for n in numbers]
        self.stack += [(net.targets[place][n], scope) for n in reversed(numbers)]

    def run(self) -> None:
        """Move tokens until every one of them waits."""
        steps = 0
        while True:
            while self.stack:
                place, scope = self.stack.pop()
                steps += 1
                if steps > MAX_STEPS:
                    raise EndlessStep(element=self.net.ids[self.net.join_of[place]])
                self.arrive(place, scope)
            if self.done:
                # Innermost first: a scope's id is higher than its parent's.
                self.finish(max(self.done))
            elif not (self.net.reach and self.fire_inclusive_join()):
                return

    def arrive(self, place: int, scope: int) -> None:
        net = self.net
        op = net.ops[place]
        if op == _WAIT:
            self.put(place, scope)
        elif op in (_THROUGH, _FORK):
            self.leave(place, scope)
        elif op == _EXCLUSIVE:
            self.choose(place, scope)
        elif op == _JOIN:
            self.put(place, scope)
            self.fire_join(net.join_of[place], scope)
        elif op == _END:
            self.passed.append(net.ids[place])
            self.done.add(scope)
        elif op == _CONTAINER:
            self.begin(place, self.open_scope(place, scope))
        elif op == _MULTI:
            self.begin_instances(place, scope)
        elif op == _INCLUSIVE_JOIN:
            self.put(place, scope)
        elif op == _INCLUSIVE_FORK:
            self.choose_several(place, scope)
        elif op == _RACE:
            self.passed.append(net.ids[place])
            race = self.open_scope(place, scope)
            for target, flow in zip(net.targets[place], net.flow_ids[place], strict=True):
                self.passed.append(flow)
                self.put(target, race)
        elif op == _TERMINATE:
            self.passed.append(net.ids[place])
            self.cancel(scope, keep_scope=True)
            self.done.add(scope)
        elif op == _SIGNAL:
            self.leave(place, scope)
            self.broadcast(net.nodes[place].event_name)
        else:
            self.throw(place, scope)

    def choose(self, place: int, scope: int) -> None:
        """Take the first flow whose condition is true, else the default. Raises ``NoFlowTaken``."""
        net = self.net
        targets = net.targets[place]
        if len(targets) == 1 and net.conditions[place][0] is None:
            self.leave(place, scope)
            return
        default = net.defaults[place]
        for number, condition in enumerate(net.conditions[place]):
            if condition is not None and number != default and condition(self.facts) is True:
                self.take(place, scope, (number,))
                return
        if default < 0:
            raise NoFlowTaken(element=net.ids[place])
        self.take(place, scope, (default,))

    def choose_several(self, place: int, scope: int) -> None:
        """Take every flow whose condition is true or absent, else the default. Raises ``NoFlowTaken``."""
        net = self.net
        default = net.defaults[place]
        numbers = [
            number
            for number, condition in enumerate(net.conditions[place])
            if number != default and (condition is None or condition(self.facts) is True)
        ]
        if not numbers:
            if default < 0:
                raise NoFlowTaken(element=net.ids[place])
            numbers = [default]
        self.take(place, scope, numbers)

    # -- joins ----------------------------------------------------------------------------------------------

    def fire_join(self, join: int, scope: int) -> None:
        """Let a parallel join through when each of its flows has brought a token."""
        taken = []
        for wanted in self.net.arrivals[join]:
            for token, (place, where) in self.tokens.items():
                if place == wanted and where == scope:
                    taken.append(token)
                    break
            else:
                return
        for token in taken:
            del self.tokens[token]
        self.leave(join, scope)

    def fire_inclusive_join(self) -> bool:
        """Let one inclusive join through when no token can still come by its empty flows (BPMN 2.0, 13.4.3)."""
        net = self.net
        seen: set[tuple[int, int]] = set()
        for place, scope in list(self.tokens.values()):
            join = net.join_of[place]
            if net.ops[place] != _INCLUSIVE_JOIN or (join, scope) in seen:
                continue
            seen.add((join, scope))
            here: dict[int, int] = {}
            others: set[int] = set()
            for token, (at, where) in self.tokens.items():
                if where == scope and net.join_of[at] == join:
                    here.setdefault(at, token)
                elif where == scope:
                    others.add(net.join_of[at])
            others |= {node for node, parent, _, _ in self.scopes.values() if parent == scope}
            arrived, empty = set[int](), set[int]()
            for arrival, nodes in zip(net.arrivals[join], net.reach[join], strict=True):
                (arrived if arrival in here else empty).update(nodes)
            if not others & (empty - arrived):
                for token in here.values():
                    del self.tokens[token]
                # The join may also split, by conditions on its own flows.
                if len(net.targets[join]) > 1:
                    self.choose_several(join, scope)
                else:
                    self.leave(join, scope)
                return True
        return False

    # -- scopes ---------------------------------------------------------------------------------------------

    def begin(self, node: int, scope: int) -> None:
        """Start what an activity does, inside the scope opened for it."""
        if self.net.body[node] == _CONTAINER:
            self.stack.append((self.net.inner_starts[node], scope))
        else:
            self.put(node, scope)

    def begin_instances(self, node: int, scope: int) -> None:
        instances = self.net.nodes[node].instances
        assert instances is not None  # noqa: S101 - narrows the type; _MULTI is given to nodes with instances
        items = instances.collection(self.facts)
        if not isinstance(items, list | tuple) or len(items) > MAX_INSTANCES:
            raise InvalidInstances(element=self.net.ids[node], limit=MAX_INSTANCES)
        total = len(items)
        if total == 0:
            self.leave(node, scope)
            return
        at_once = 1 if instances.sequential else total
        group = self.open_scope(node, scope, at_once, total)
        for instance in range(at_once):
            self.begin(node, self.open_scope(node, group, instance))

    def finish(self, scope: int) -> None:
        """Close a scope that holds nothing any longer and go on from its node."""
        self.done.discard(scope)
        if any(s == scope for _, s in self.tokens.values()):
            return
        if any(record[1] == scope for record in self.scopes.values()):
            return
        node, parent, _, _ = self.scopes[scope]
        self.close(scope)
        del self.scopes[scope]
        if scope == ROOT:
            return
        group = self.scopes.get(parent)
        if group is None or group[0] != node or group[3] == 0:
            self.leave(node, parent)
            return
        _, outer, started, total = group
        if started < total:
            self.scopes[parent] = (node, outer, started + 1, total)
            self.begin(node, self.open_scope(node, parent, started))
        elif not any(record[1] == parent for record in self.scopes.values()):
            self.close(parent)
            del self.scopes[parent]
            self.leave(node, outer)

    # -- events ---------------------------------------------------------------------------------------------

    def fire_event(self, event: int, host: int) -> None:
        """Fire a boundary event or event subprocess start on its host: a token or a scope."""
        net = self.net
        node = net.nodes[event]
        if node.kind is NodeKind.BOUNDARY:
            scope = self.tokens[host][1] if host in self.tokens else self.scopes[host][1]
            if node.interrupting:
                if host in self.tokens:
                    self.remove(host)
                else:
                    self.cancel(host)
            self.leave(event, scope)
        else:
            if node.interrupting:
                self.cancel(host, keep_scope=True)
            container = net.containers[event]
            self.stack.append((event, self.open_scope(container, host)))

    def throw(self, place: int, scope: int) -> None:
        """Throw an error or escalation to the catcher around it; an uncaught escalation passes."""
        net = self.net
        catcher = net.catcher[place]
        escalation = net.ops[place] == _ESCALATION
        if catcher is None:
            if not escalation:
                raise UncaughtError(element=net.ids[place])
            self.leave(place, scope)
            return
        host = self.find_scope(scope, net.host[catcher], catcher)
        if escalation and not net.nodes[catcher].interrupting:
            self.leave(place, scope)
        else:
            self.passed.append(net.ids[place])
        self.fire_event(catcher, host)

    def broadcast(self, name: str | None) -> None:
        """Give a signal to everything in the case that waits for it."""
        net = self.net
        heard = [
            (t, place)
            for t, (place, _) in self.tokens.items()
            if place < len(net.nodes)
            and net.nodes[place].event is EventKind.SIGNAL
            and net.nodes[place].event_name == name
        ]
        for token, _ in heard:
            if token in self.tokens:
                self.complete(token)
        for wait in _all_waits(net, self.tokens, self.scopes):
            for boundary in wait.boundaries:
                event = net.index(boundary)
                hears = net.nodes[event].event is EventKind.SIGNAL and net.nodes[event].event_name == name
                if hears and (wait.token in self.tokens or wait.token in self.scopes):
                    self.fire_event(event, wait.token)

    def find_scope(self, scope: int, node: int, event: int) -> int:
        """Find the execution of ``node`` that ``scope`` lies in: the whole of it when it has instances."""
        whole = self.net.nodes[event].kind is NodeKind.BOUNDARY
        while scope != ROOT:
            at, parent, _, _ = self.scopes[scope]
            if at == node:
                above = self.scopes.get(parent)
                return parent if whole and above is not None and above[0] == node and above[3] else scope
            scope = parent
        return ROOT if node == -1 else -1

    def complete(self, token: int) -> None:
        place, scope = self.tokens[token]
        self.remove(token)
        if scope != ROOT:
            node, parent, _, _ = self.scopes[scope]
            if self.net.ops[node] == _RACE:
                self.cancel(scope)
                scope = parent
            elif node == place:
                self.passed.append(self.net.ids[place])
                self.done.add(scope)
                return
        self.leave(place, scope)


def start(net: Net, facts: Facts, *, start_event: str | None = None) -> Move:
    """Start a case at the event named, else at its only or none start event. Raises ``UnknownElement``."""
    place = None
    if start_event is None:
        every = list(net.starts.values())
        plain = every if len(every) == 1 else [p for p in every if net.nodes[p].event is EventKind.NONE]
        place = plain[0] if len(plain) == 1 else None
    else:
        place = net.starts.get(start_event)
    if place is None:
        raise UnknownElement(element=start_event or f"{net.process}: start event")
    step = _Step(net, Marking(1, {}, {}), facts)
    step.scopes[ROOT] = (-1, -1, -1, 0)
    step.opened.append(ROOT)
    step.stack.append((place, ROOT))
    return step.move()


def complete(net: Net, marking: Marking, token: int, facts: Facts) -> Move:
    """Complete what a token waits for and go on until the case waits again. Raises ``NotWaiting``."""
    place, _ = marking.tokens.get(token, (-1, -1))
    if place < 0 or net.body[net.join_of[place]] != _WAIT:
        raise NotWaiting(token=token)
    step = _Step(net, marking, facts)
    step.complete(token)
    return step.move()


def interrupt(net: Net, marking: Marking, token: int, boundary: str, facts: Facts) -> Move:
    """Fire a boundary event or event subprocess start on a wait, or on the scope that holds it.

    ``token`` may name a token or a scope. Raises ``NotWaiting`` and ``UnknownElement``.
    """
    event = net.index(boundary)
    if event not in net.host or net.nodes[event].event not in EXTERNAL_EVENTS:
        raise NotWaiting(token=token, node=boundary)
    step = _Step(net, marking, facts)
    target = net.host[event]
    place, scope = marking.tokens.get(token, (-1, -1))
    if place < 0 and token not in marking.scopes:
        raise NotWaiting(token=token, node=boundary)
    if place == target and place >= 0 and (scope == ROOT or marking.scopes[scope][0] != place):
        host = token
    else:
        host = step.find_scope(scope if place >= 0 else token, target, event)
    if host < 0:
        raise NotWaiting(token=token, node=boundary)
    step.fire_event(event, host)
    return step.move()


def waits(net: Net, marking: Marking) -> tuple[Wait, ...]:
    """List everything the case waits for."""
    return tuple(_all_waits(net, marking.tokens, marking.scopes))


_Tokens = Mapping[int, tuple[int, int]]
_Scopes = Mapping[int, tuple[int, int, int, int]]


def _all_waits(net: Net, tokens: _Tokens, scopes: _Scopes) -> list[Wait]:
    found = (_wait(net, tokens, scopes, t) for t in sorted((*tokens, *scopes)))
    return [wait for wait in found if wait is not None]


def _wait(net: Net, tokens: _Tokens, scopes: _Scopes, token: int) -> Wait | None:
    """Describe a token or scope as a wait; ``None`` for one that nobody outside the net can act on."""
    entry = tokens.get(token)
    if entry is not None:
        place, scope = entry
        if place >= len(net.nodes) or net.body[place] != _WAIT:
            return None
        own_instance = scope != ROOT and scopes[scope][0] == place
        armed = () if own_instance else net.attached.get(place, ())
        return Wait(token, net.ids[place], net.kinds[place], _instance(scopes, scope), _external(net, armed))
    node, parent, _, total = scopes[token]
    if token == ROOT:
        armed = net.event_starts.get(-1, ())
    elif total:
        armed = net.attached.get(node, ())
    else:
        above = scopes.get(parent)
        own_instance = above is not None and above[0] == node and above[3] > 0
        armed = (() if own_instance else net.attached.get(node, ())) + net.event_starts.get(node, ())
    events = _external(net, armed)
    if not events:
        return None
    name = net.process if token == ROOT else net.ids[node]
    return Wait(token, name, WaitKind.SCOPE, _instance(scopes, parent if total else token), events)


def _external(net: Net, events: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(net.ids[e] for e in events if net.nodes[e].event in EXTERNAL_EVENTS)


def _instance(scopes: _Scopes, scope: int) -> int | None:
    while scope > ROOT:
        _, parent, instance, total = scopes[scope]
        if instance >= 0 and not total:
            return instance
        scope = parent
    return None
