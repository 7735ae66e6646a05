"""Can a case always come to its end, whatever people do? Explicit search of every state of a net.

What people and the world decide (conditions, timers, messages, which boundary event fires first) is a free choice, so
a sound net is sound whatever the facts are. Each level of the net (the process, each subprocess and call activity) is
searched on its own, with what it contains as one place: a level that is sound alone behaves as a task, so this loses
nothing and keeps the states a sum, not a product. A multi-instance activity is one token.

A state is an integer of bits, one per place that can hold a token and one per end event reached. Nodes that pass
tokens on without a choice hold none: their effect is part of the transition that leads to them.

The properties: every state can reach the end (option to complete); no end event is reached twice (proper completion);
every node can be reached (no dead node); no place ever holds two tokens (safe). Steps started by a non-interrupting
event may be open several times: that is what such events are for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from workflow_app.engine.net import Net
from workflow_app.engine.nodes import CONTAINERS, LEAF_WAITS, EventKind, Node, NodeKind

MAX_STATES = 250_000
#: Fired by what is thrown inside, not from outside.
_THROWN = frozenset({EventKind.ERROR, EventKind.ESCALATION})


class FlawCode(StrEnum):
    """The ways in which a net can be unsound."""

    UNSAFE = "UNSAFE"
    IMPROPER_COMPLETION = "IMPROPER_COMPLETION"
    DEADLOCK = "DEADLOCK"
    LIVELOCK = "LIVELOCK"
    DEAD_NODE = "DEAD_NODE"
    TOO_MANY_STATES = "TOO_MANY_STATES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One way in which the net is unsound, with the shortest way to it."""

    code: FlawCode
    #: Qualified id of the node that shows it; empty for the process itself.
    node: str
    #: Nodes and flows passed, in order, from the start of the level.
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """The result of the search."""

    states: int
    flaws: tuple[Flaw, ...]

    @property
    def sound(self) -> bool:
        return not self.flaws


def check(net: Net, *, limit: int = MAX_STATES) -> Soundness:
    """Search every state of a net, innermost levels first."""
    inner = [place for place, node in enumerate(net.nodes) if node.kind in CONTAINERS]
    depth = {place: node.id.count("/") for place, node in enumerate(net.nodes)}
    outcomes: dict[int, Outcome] = {}
    levels: list[list[Flaw]] = []
    states = 0
    for container in [*sorted(inner, key=lambda place: (-depth[place], place)), -1]:
        search = _Search(net, container, outcomes, limit - states)
        outcomes[container] = search.run()
        levels.append(search.flaws)
        states += len(search.order)
    return Soundness(states=states, flaws=tuple(flaw for flaws in reversed(levels) for flaw in _worst_first(flaws)))


def _worst_first(flaws: Sequence[Flaw]) -> list[Flaw]:
    """Order a level's flaws by cause; flows that meet unsafely also reach the end twice, which is said once."""
    codes = list(FlawCode)
    unsafe = any(flaw.code is FlawCode.UNSAFE for flaw in flaws)
    kept = [flaw for flaw in flaws if not (unsafe and flaw.code is FlawCode.IMPROPER_COMPLETION)]
    return sorted(kept, key=lambda flaw: codes.index(flaw.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a level can end, as its surroundings see it."""

    normal: bool
    #: Boundary events around it that errors and escalations thrown inside reach.
    thrown: frozenset[int]


@dataclass(slots=True)
class _Effect:
    """What arriving somewhere does, all choices apart."""

    bits: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Transition:
    need: int
    forbid: int
    clear: int
    #: Bits set, end events reached; ``twice`` holds bits that this transition alone sets twice.
    put: int
    ends: int
    twice: int
    labels: tuple[str, ...]
    #: True when the level ends by something thrown to its surroundings.
    throws: bool = False


class _Search:
    def __init__(self, net: Net, container: int, outcomes: dict[int, Outcome], limit: int) -> None:
        self.net = net
        self.container = container
        self.outcomes = outcomes
        self.limit = max(limit, 1)
        self.flaws: list[Flaw] = []
        self.bit_of: dict[int, int] = {}
        self.place_of: dict[int, int] = {}
        self.end_of: dict[int, int] = {}
        self.waiting: list[int] = []
        self.by_bit: dict[int, list[_Transition]] = {}
        self.everywhere: list[_Transition] = []
        self.thrown: set[int] = set()
        self.order: list[int] = []
        self.side = self._side_nodes()

    # -- building ---------------------------------------------------------------------------------------------

    def _side_nodes(self) -> frozenset[int]:
        """Find the nodes that only non-interrupting events lead to: they may hold several tokens at once."""
        net = self.net

        def spread(seeds: Iterable[int], *, only_interrupting: bool) -> set[int]:
            found: set[int] = set()
            stack = list(seeds)
            while stack:
                place = net.join_of[stack.pop()]
                if place not in found:
                    found.add(place)
                    stack += net.targets[place]
                    events = net.attached.get(place, ())
                    stack += [b for b in events if net.nodes[b].interrupting or not only_interrupting]
            return found

        local = [place for place, container in enumerate(net.containers) if container == self.container]
        starts = [p for p in local if net.nodes[p].kind is NodeKind.START]
        seeds = [p for p in local if net.nodes[p].kind is NodeKind.BOUNDARY and not net.nodes[p].interrupting]
        seeds += [net.containers[s] for s in self._event_starts() if not net.nodes[s].interrupting]
        return frozenset(spread(seeds, only_interrupting=False) - spread(starts, only_interrupting=True))

    def _event_starts(self) -> tuple[int, ...]:
        return self.net.event_starts.get(self.container, ())

    def bit(self, place: int) -> int:
        """Give a place its bit; a new place is queued so that its transitions are built."""
        bit = self.bit_of.get(place)
        if bit is None:
            bit = self.bit_of[place] = 1 << (len(self.bit_of) + len(self.end_of))
            self.place_of[bit] = place
            self.waiting.append(place)
        return bit

    def end_bit(self, place: int) -> int:
        bit = self.end_of.get(place)
        if bit is None:
            bit = self.end_of[place] = 1 << (len(self.bit_of) + len(self.end_of))
            self.place_of[bit] = place
        return bit

    def arrive(self, place: int, effect: _Effect, path: frozenset[int] = frozenset()) -> None:
        """Add to ``effect`` what a token does that arrives at a place, as far as nobody has a choice."""
        net = self.net
        node = net.nodes[net.join_of[place]]
        through = place < len(net.nodes) and self._passes(place, node) and place not in path
        if not through:
            effect.bits.append(self.bit(place))
            return
        effect.labels.append(node.id)
        if node.kind is NodeKind.END and place not in self.side:
            effect.ends.append(self.end_bit(place))
        if node.kind is NodeKind.ESCALATION:
            self._escalate(place, effect)
        for target, flow in zip(net.targets[place], net.flow_ids[place], strict=True):
            effect.labels.append(flow)
            self.arrive(target, effect, path | {place})

    def _passes(self, place: int, node: Node) -> bool:
        if node.kind is NodeKind.ESCALATION:
            catcher = self.net.catcher[place]
            return catcher is None or not self.net.nodes[catcher].interrupting
        if node.kind in (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE):
            return len(self.net.targets[place]) == 1
        return node.kind in (
            NodeKind.START, NodeKind.PASS, NodeKind.END, NodeKind.PARALLEL, NodeKind.SIGNAL, NodeKind.BOUNDARY,
        )  # fmt: skip

    def transition(
        self, targets: Sequence[int], labels: Sequence[str], *, need: int, clear: int, forbid: int = 0
    ) -> _Transition:
        effect = _Effect(labels=list(labels))
        for target in targets:
            self.arrive(target, effect)
        put = twice = ends = 0
        for bit in effect.bits:
            twice |= put & bit
            put |= bit
        for bit in effect.ends:
            twice |= ends & bit
            ends |= bit
        return _Transition(need, forbid, clear, put, ends, twice, tuple(effect.labels))

    def build(self, place: int) -> Iterator[_Transition]:
        """Yield the transitions of a place other than a join's."""
        net = self.net
        bit = self.bit_of[place]
        node = net.nodes[place]
        targets, flows = net.targets[place], net.flow_ids[place]

        def go(numbers: Sequence[int]) -> _Transition:
            labels = [node.id, *(flows[n] for n in numbers)]
            return self.transition([targets[n] for n in numbers], labels, need=bit, clear=bit)

        every = range(len(targets))
        if node.kind is NodeKind.EXCLUSIVE:
            yield from (go([n]) for n in every)
        elif node.kind is NodeKind.INCLUSIVE:
            for numbers in self._ways(place):
                yield go(numbers)
        elif node.kind is NodeKind.EVENT_BASED:
            for n in every:
                event = targets[n]
                labels = (node.id, flows[n], net.ids[event], *net.flow_ids[event])
                yield self.transition(net.targets[event], labels, need=bit, clear=bit)
        elif node.kind is NodeKind.TERMINATE:
            yield _Transition(bit, 0, -1, 0, 0, 0, (node.id,))
        elif node.kind in (NodeKind.ERROR, NodeKind.ESCALATION):
            yield from self._throw(place, self.net.catcher[place])
        elif node.kind in CONTAINERS:
            if self.outcomes[place].normal:
                yield go(every)
            for catcher in sorted(self.outcomes[place].thrown):
                if net.host[catcher] != place:
                    yield from self._throw(place, catcher)
        elif node.kind in LEAF_WAITS or self._passes(place, node):
            yield go(every)
        for boundary in net.attached.get(place, ()):
            fired = net.nodes[boundary]
            if fired.event in _THROWN and not self._is_thrown(place, boundary):
                continue
            clear = bit if fired.interrupting else 0
            labels = (fired.id, *net.flow_ids[boundary])
            yield self.transition(net.targets[boundary], labels, need=bit, clear=clear)

    def _is_thrown(self, place: int, boundary: int) -> bool:
        outcome = self.outcomes.get(place)
        return outcome is not None and boundary in outcome.thrown

    def _throw(self, place: int, catcher: int | None) -> Iterator[_Transition]:
        """Yield what a throw to a catcher outside does to this level; nothing when nobody catches it."""
        net = self.net
        if catcher is None:
            return
        bit, label = self.bit_of[place], net.ids[place]
        if net.host[catcher] == self.container and net.nodes[catcher].kind is NodeKind.START:
            clear = -1 if net.nodes[catcher].interrupting else 0
            yield self.transition([net.containers[catcher]], [label], need=bit, clear=clear)
            return
        self.thrown.add(catcher)
        if net.nodes[catcher].interrupting:
            yield _Transition(bit, 0, -1, 0, 0, 0, (label,), throws=True)

    def _escalate(self, place: int, effect: _Effect) -> None:
        """Note an escalation that lets the work go on."""
        catcher = self.net.catcher[place]
        if catcher is None:
            return
        if self.net.host[catcher] == self.container and self.net.nodes[catcher].kind is NodeKind.START:
            effect.bits.append(self.bit(self.net.containers[catcher]))
        else:
            self.thrown.add(catcher)

    def _ways(self, place: int) -> Iterator[list[int]]:
        """List the sets of flows an inclusive gateway may take."""
        default = self.net.defaults[place]
        chosen = [n for n in range(len(self.net.targets[place])) if n != default]
        for size in range(1, len(chosen) + 1):
            yield from (list(numbers) for numbers in combinations(chosen, size))
        if default >= 0:
            yield [default]

    def join(self, join: int) -> Iterator[_Transition]:
        """Yield the transitions of a parallel or inclusive join, once every place has its bit."""
        net = self.net
        arrivals = [(p, self.bit_of[p]) for p in net.arrivals[join] if p in self.bit_of]
        node = net.nodes[join]
        outs = range(len(net.targets[join]))
        if node.kind is NodeKind.PARALLEL:
            if len(arrivals) == len(net.arrivals[join]):
                need = sum(bit for _, bit in arrivals)
                labels = [node.id, *net.flow_ids[join]]
                yield self.transition(net.targets[join], labels, need=need, clear=need)
            return
        held: dict[int, int] = {}
        for place, bit in self.bit_of.items():
            held[net.join_of[place]] = held.get(net.join_of[place], 0) | bit
        reach = dict(zip(net.arrivals[join], net.reach[join], strict=True))
        ways = list(self._ways(join)) if len(outs) > 1 else [list(outs)]
        for size in range(1, len(arrivals) + 1):
            for some in combinations(arrivals, size):
                here = {place for place, _ in some}
                need = sum(bit for _, bit in some)
                covered = set[int]().union(*(reach[p] for p in here))
                coming = set[int]().union(*(nodes for p, nodes in reach.items() if p not in here)) - covered
                forbid = sum(bit for p, bit in arrivals if p not in here)
                for place in coming:
                    forbid |= held.get(place, 0)
                for numbers in ways:
                    labels = [node.id, *(net.flow_ids[join][n] for n in numbers)]
                    targets = [net.targets[join][n] for n in numbers]
                    yield self.transition(targets, labels, need=need, clear=need, forbid=forbid)

    def compile(self) -> list[tuple[int, tuple[str, ...]]]:
        """Build all transitions; give the initial states with what leads to them."""
        net = self.net
        starts = [*net.starts.values()] if self.container < 0 else [net.inner_starts[self.container]]
        initial = []
        for start in starts:
            first = self.transition([start], [], need=0, clear=0)
            initial.append((first.put | first.ends, first.labels))
            if first.twice:
                self.flaw(FlawCode.UNSAFE, first.twice, first.labels)
        for start in self._event_starts():
            inner = net.containers[start]
            if net.nodes[start].event in _THROWN:
                continue
            clear = -1 if net.nodes[start].interrupting else 0
            self.everywhere.append(self.transition([inner], [], need=0, clear=clear))
        joins: set[int] = set()
        built: list[_Transition] = []
        while self.waiting:
            while self.waiting:
                place = self.waiting.pop()
                if place < len(net.nodes):
                    for transition in self.build(place):
                        self.by_bit.setdefault(self.bit_of[place], []).append(transition)
                else:
                    joins.add(net.join_of[place])
            # A join's own transitions may reach new places, which may change what an inclusive join waits for:
            # build them all again until nothing is new.
            built = [t for join in sorted(joins) for t in self.join(join)]
        for transition in built:
            self.by_bit.setdefault(transition.need & -transition.need, []).append(transition)
        return initial

    # -- searching --------------------------------------------------------------------------------------------

    def run(self) -> Outcome:
        initial = self.compile()
        net = self.net
        tokens = sum(self.bit_of.values())
        side = sum(bit for bit, place in self.place_of.items() if net.join_of[place] in self.side)
        saturating = ~side
        number: dict[int, int] = {}
        order = self.order
        came: list[tuple[int, tuple[str, ...]]] = []
        for state, labels in initial:
            if state not in number:
                number[state] = len(order)
                order.append(state)
                came.append((-1, labels))
        successors: list[list[int]] = []
        fired: set[int] = set()
        seen: set[FlawCode] = set()
        by_bit, everywhere = self.by_bit, self.everywhere
        complete = True
        normal = any(not state & tokens for state in order)
        at = 0
        while at < len(order):
            state = order[at]
            after: list[int] = []
            successors.append(after)
            rest = state & tokens
            candidates: list[_Transition] = list(everywhere) if rest else []
            while rest:
                low = rest & -rest
                rest ^= low
                candidates += by_bit.get(low, ())
            for transition in candidates:
                need = transition.need
                if state & need != need or state & transition.forbid:
                    continue
                # ``clear`` of -1 takes every token; end events once reached stay reached.
                kept = state & ~(transition.clear & tokens)
                clash = (kept & (transition.put | transition.ends) | transition.twice) & saturating
                fired.add(id(transition))
                if clash:
                    code = FlawCode.UNSAFE if clash & tokens else FlawCode.IMPROPER_COMPLETION
                    complete = False
                    if code not in seen:
                        seen.add(code)
                        self.flaw(code, clash, self.trace(at, came) + transition.labels)
                    continue
                new = kept | transition.put | transition.ends
                normal = normal or not (new & tokens or transition.throws)
                found = number.get(new)
                if found is None:
                    if len(order) >= self.limit:
                        self.flaws.append(Flaw(code=FlawCode.TOO_MANY_STATES, node=self._name()))
                        return Outcome(normal=True, thrown=frozenset(self.thrown))
                    found = number[new] = len(order)
                    order.append(new)
                    came.append((at, transition.labels))
                after.append(found)
            at += 1
        self._completion(order, successors, came, tokens, complete)
        if complete:
            self._dead_nodes(initial, fired)
        return Outcome(normal=normal or not complete, thrown=frozenset(self.thrown))

    def _completion(
        self,
        order: Sequence[int],
        successors: Sequence[Sequence[int]],
        came: Sequence[tuple[int, tuple[str, ...]]],
        tokens: int,
        complete: bool,
    ) -> None:
        stuck = [at for at, after in enumerate(successors) if not after and order[at] & tokens]
        if stuck and complete:
            self.flaw(FlawCode.DEADLOCK, order[stuck[0]] & tokens, self.trace(stuck[0], came))
        if not complete:
            return
        finals = (at for at, state in enumerate(order) if not state & tokens)
        hopeless = _cannot_reach(successors, [*finals, *stuck])
        if hopeless is not None:
            self.flaw(FlawCode.LIVELOCK, order[hopeless] & tokens, self.trace(hopeless, came))

    def _dead_nodes(self, initial: Sequence[tuple[int, tuple[str, ...]]], fired: set[int]) -> None:
        net = self.net
        transitions = [t for group in self.by_bit.values() for t in group] + self.everywhere
        reached = {label for t in transitions if id(t) in fired for label in t.labels}
        reached |= {label for _, labels in initial for label in labels}
        reached |= {net.ids[net.join_of[p]] for p in self._held_places()}
        for place, node in enumerate(net.nodes):
            if net.containers[place] == self.container and node.id not in reached:
                self.flaws.append(Flaw(code=FlawCode.DEAD_NODE, node=node.id))

    def _held_places(self) -> Iterator[int]:
        """Yield the places, joins' own apart, that hold a token in some state."""
        ever = 0
        for state in self.order:
            ever |= state
        return (p for p, bit in self.bit_of.items() if ever & bit and p < len(self.net.nodes))

    def trace(self, at: int, came: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[str, ...]:
        """Give the nodes and flows on the shortest way to a state."""
        steps: list[tuple[str, ...]] = []
        while at >= 0:
            at, labels = came[at]
            steps.append(labels)
        return tuple(label for labels in reversed(steps) for label in labels)

    def flaw(self, code: FlawCode, bits: int, trace: tuple[str, ...]) -> None:
        node = self.net.ids[self.net.join_of[self.place_of[bits & -bits]]]
        self.flaws.append(Flaw(code=code, node=node, trace=trace))

    def _name(self) -> str:
        return "" if self.container < 0 else self.net.ids[self.container]


def _cannot_reach(successors: Sequence[Sequence[int]], goals: Iterable[int]) -> int | None:
    """Find the first state from which no goal can be reached."""
    can = bytearray(len(successors))
    for goal in goals:
        can[goal] = 1
    changed = True
    while changed:
        changed = False
        # States are numbered by distance from the start, so most of them are settled in one pass backwards.
        for at in range(len(successors) - 1, -1, -1):
            if not can[at] and any(can[after] for after in successors[at]):
                can[at] = 1
                changed = True
    missing = can.find(0)
    return None if missing < 0 else missing
