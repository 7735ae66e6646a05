"""One step of a case: tokens move until every one of them waits."""

from __future__ import annotations

from collections.abc import Sequence

from workflow_app.engine.errors import EndlessStep, InvalidInstances, NoFlowTaken, UncaughtError
from workflow_app.engine.graph import Net, Op
from workflow_app.engine.marking import ROOT, Marking, Move, Scopes, Tokens, Wait, WaitKind
from workflow_app.engine.nodes import EXTERNAL_EVENTS, EventKind, Facts, NodeKind

#: As many as a national supervision has units, with room.
MAX_INSTANCES = 1_000
#: More automatic nodes than this in one step means a cycle without a wait state; the profile refuses those.
MAX_STEPS = 10_000

# Bound once: an enum member is looked up by attribute each time, and this is the hot path.
_WAIT = Op.WAIT.value
_THROUGH = Op.THROUGH.value
_EXCLUSIVE = Op.EXCLUSIVE.value
_JOIN = Op.JOIN.value
_FORK = Op.FORK.value
_END = Op.END.value
_CONTAINER = Op.CONTAINER.value
_MULTI = Op.MULTI.value
_INCLUSIVE_JOIN = Op.INCLUSIVE_JOIN.value
_INCLUSIVE_FORK = Op.INCLUSIVE_FORK.value
_RACE = Op.RACE.value
_TERMINATE = Op.TERMINATE.value
_ERROR = Op.ERROR.value
_ESCALATION = Op.ESCALATION.value
_SIGNAL = Op.SIGNAL.value


class Firing:
    """One step under way: the only mutable thing here, and it never leaves this room."""

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
        for wait in all_waits(net, self.tokens, self.scopes):
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


def all_waits(net: Net, tokens: Tokens, scopes: Scopes) -> list[Wait]:
    found = (_wait(net, tokens, scopes, t) for t in sorted((*tokens, *scopes)))
    return [wait for wait in found if wait is not None]


def _wait(net: Net, tokens: Tokens, scopes: Scopes, token: int) -> Wait | None:
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


def _instance(scopes: Scopes, scope: int) -> int | None:
    while scope > ROOT:
        _, parent, instance, total = scopes[scope]
        if instance >= 0 and not total:
            return instance
        scope = parent
    return None
