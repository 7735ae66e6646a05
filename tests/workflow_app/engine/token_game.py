"""Play every token of a model by the words of BPMN 2.0, one flow at a time: slow, plain, and nobody's net.

It answers the same question as the soundness checker, from the document alone, so that the two can be compared.
Models with events that do not interrupt, or are thrown, are not for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from workflow_app.engine.document import FLOW_NODES, Document, Element

MAX_STATES = 20_000
#: Flows with a token, activities at work, and end events reached.
State = frozenset[str]


class UnsafeError(Exception):
    """two tokens in one place, or an end event reached twice"""


class TooLargeError(Exception):
    """the model has more states than are worth playing"""


def sound(document: Document) -> bool:
    """Say whether every level is sound: safe, always able to end, no end event reached twice, no node dead.

    Raises ``TooLargeError``.
    """
    levels = (e for p in document.processes for e in p.walk() if e.tag in ("process", "subProcess"))
    return all(_Level(level).sound() for level in levels)


class _Level:
    def __init__(self, level: Element) -> None:
        self.nodes = {e.id: e for e in level.all(*FLOW_NODES)}
        self.flows = {f.id: (f.get("sourceRef") or "", f.get("targetRef") or "") for f in level.all("sequenceFlow")}
        self.after = {n: [f for f, ends in self.flows.items() if ends[0] == n] for n in self.nodes}
        self.before = {n: [f for f, ends in self.flows.items() if ends[1] == n] for n in self.nodes}

    def sound(self) -> bool:
        starts = [n for n, e in self.nodes.items() if e.tag == "startEvent"]
        first: State = frozenset(f for start in starts for f in self.after[start])
        before: dict[State, set[State]] = {first: set()}
        fired, waiting = set(starts), [first]
        try:
            while waiting:
                state = waiting.pop()
                for node, following in self.moves(state):
                    fired.add(node)
                    if following not in before:
                        if len(before) >= MAX_STATES:
                            raise TooLargeError
                        before[following] = set()
                        waiting.append(following)
                    before[following].add(state)
        except UnsafeError:
            return False
        able = {state for state in before if all(self.is_end(token) for token in state)}
        waiting = list(able)
        while waiting:
            new = before[waiting.pop()] - able
            able |= new
            waiting.extend(new)
        return len(able) == len(before) and fired == set(self.nodes)

    def is_end(self, token: str) -> bool:
        return token in self.nodes and self.nodes[token].tag == "endEvent"

    def moves(self, state: State) -> Iterator[tuple[str, State]]:
        """Yield every next state with the node that leads to it. Raises ``UnsafeError``."""
        for token in state:
            if token in self.flows:
                node = self.nodes[self.flows[token][1]]
                yield from ((node.id, following) for following in self.enter(state, token, node))
            elif not self.is_end(token):
                events = (n for n, e in self.nodes.items() if e.get("attachedToRef") == token)
                yield from ((n, self.put(state - {token}, self.after[n])) for n in (token, *events))

    def enter(self, state: State, flow: str, node: Element) -> Iterator[State]:
        """Yield the states after the token on ``flow`` enters its node, if it can."""
        arrived, after = state & set(self.before[node.id]), self.after[node.id]
        match node.tag:
            case "parallelGateway":
                if len(arrived) == len(self.before[node.id]):
                    yield self.put(state - arrived, after)
            case "inclusiveGateway":
                if not self.expected(state, arrived, node.id):
                    default = [f for f in after if f == node.get("default")]
                    others = [f for f in after if f not in default]
                    ways = (list(way) for size in range(len(others)) for way in combinations(others, size + 1))
                    yield from (self.put(state - arrived, way) for way in (*ways, default) if way)
            case "exclusiveGateway" | "eventBasedGateway":
                yield from (self.put(state - {flow}, [way]) for way in after)
            case "endEvent":
                reached = self.put(state - {flow}, [node.id])
                ends_all = node.first("terminateEventDefinition") is not None
                yield frozenset(filter(self.is_end, reached)) if ends_all else reached
            case _:
                yield self.put(state - {flow}, [node.id])

    def expected(self, state: State, arrived: Iterable[str], join: str) -> State:
        """Give the tokens an inclusive join still has to wait for (BPMN 2.0, 13.4.3)."""
        here = {token for flow in arrived for token in state & self.upstream(flow, join)}
        coming = {t for f in self.before[join] if f not in arrived for t in state & self.upstream(f, join)}
        return frozenset(coming - here)

    def upstream(self, flow: str, join: str) -> set[str]:
        """Find the places from which a token can come to ``flow`` without passing ``join``."""
        found, waiting = set[str](), [flow]
        while waiting:
            source = self.flows[waiting.pop()][0]
            host = self.nodes[source].get("attachedToRef") or source
            if host != join and host not in found:
                found |= {host, *self.before[host]}
                waiting.extend(self.before[host])
        return found

    def put(self, state: State, tokens: list[str]) -> State:
        if len(set(tokens)) < len(tokens) or state & set(tokens):
            raise UnsafeError
        return state | set(tokens)
