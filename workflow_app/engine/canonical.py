"""Write the copy of a checked model that SpiffWorkflow runs in tests: the flow of control and nothing else.

Faults of SpiffWorkflow are gone round, so that no model is left out (``tests/spiff_facts`` holds them). A parallel or
inclusive join inside a cycle counts tokens of earlier turns: such a block, from its split to its join, is wrapped in
a subprocess of its own, so that each turn has a fresh tree. An inclusive join overlooks tokens in a branch with
gateways: such a branch is wrapped. Instances cannot start on the way of a boundary event: a gateway comes between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from workflow_app.engine.compiler import Compile
from workflow_app.engine.document import BEREDD, BPMN, FLOW_NODES, TASKS, Document, Element
from workflow_app.engine.errors import EngineError
from workflow_app.engine.nodes import Facts

JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
#: Events that pass through the model itself: what they refer to, and the attribute that names it.
THROWN = {
    "signalEventDefinition": ("signal", "name"),
    "errorEventDefinition": ("error", "errorCode"),
    "escalationEventDefinition": ("escalation", "escalationCode"),
}
TRUE = ("true", "1")
FALSE = ("false", "0")
#: Begins the ids of what is not in the model itself.
WRAPPED = "wrapped:"
#: Begins the names of events that are fired from outside the case.
FIRE = "fire:"


class NotInReference(EngineError):
    """the model holds something the reference cannot run"""

    code = "NOT_IN_REFERENCE"

    def __init__(self, *, element: str, reason: str) -> None:
        self.element = element
        super().__init__(f"`{element}`: {reason}")


@dataclass(slots=True)
class _Flow:
    id: str
    source: str
    target: str
    condition: str | None = None
    default: bool = False


@dataclass(slots=True)
class _Scope:
    """A process or subprocess: its nodes by id, and the flows between them."""

    nodes: dict[str, Element] = field(default_factory=dict)
    flows: list[_Flow] = field(default_factory=list)
    #: Scopes of embedded subprocesses and of wrapped blocks.
    inner: dict[str, _Scope] = field(default_factory=dict)

    def next(self, node: str) -> Iterator[str]:
        """Yield what comes after a node; boundary events come after the activity they sit on."""
        yield from (flow.target for flow in self.flows if flow.source == node)
        yield from (each for each, element in self.nodes.items() if element.get("attachedToRef") == node)


class CanonicalWriter:
    """Write the canonical document. Ids get their process in front, so that files may share ids."""

    def __init__(self, starts: Mapping[str, str], compile_expression: Compile) -> None:
        #: The start event chosen, by process id.
        self.starts = starts
        self.compile = compile_expression
        self.expressions: dict[str, Callable[[Facts], Any]] = {}
        self.definitions: dict[str, str] = {}
        self.processes: list[str] = []
        #: The joins that were wrapped, with the process before them.
        self.wrapped: list[str] = []
        self.prefix = ""
        self.document: Document

    def text(self) -> str:
        return (
            f'<definitions xmlns="{BPMN}">{"".join(self.definitions.values())}{"".join(self.processes)}</definitions>'
        )

    def add(self, document: Document) -> None:
        self.document = document
        for process in document.processes:
            self.prefix = f"{process.id}|"
            body = self.write(_wrap_joins(_read(process, self.starts.get(process.id)), self.prefix, self.wrapped))
            self.processes.append(f"<process id={quoteattr(process.id)}>{body}</process>")

    def id(self, identity: str) -> str:
        return identity if identity.startswith(WRAPPED) else self.prefix + identity

    def expression(self, kind: str, identity: str, evaluate: Callable[[Facts], Any]) -> str:
        name = f"{kind}:{self.id(identity)}"
        self.expressions[name] = evaluate
        return name

    def write(self, scope: _Scope) -> str:
        nodes = (self.node(scope, identity, element) for identity, element in scope.nodes.items())
        return "".join(nodes) + "".join(self.flow(flow, scope.nodes[flow.source]) for flow in scope.flows)

    def flow(self, flow: _Flow, source: Element) -> str:
        inner = ""
        if flow.condition is not None and not flow.default:
            condition = self.compile(flow.condition)
            name = self.expression("condition", flow.id, lambda facts: condition(facts) is True)
            inner = f"<conditionExpression>{name}</conditionExpression>"
        elif source.tag == "inclusiveGateway" and not flow.default:
            # Without a condition the flow is always taken; SpiffWorkflow wants one.
            inner = f"<conditionExpression>{self.expression('always', flow.id, lambda _: True)}</conditionExpression>"
        return (
            f"<sequenceFlow id={quoteattr(self.id(flow.id))} sourceRef={quoteattr(self.id(flow.source))}"
            f" targetRef={quoteattr(self.id(flow.target))}>{inner}</sequenceFlow>"
        )

    def node(self, scope: _Scope, identity: str, element: Element) -> str:
        tag, attributes, inner = element.tag, {"id": self.id(identity)}, ""
        default = next((flow.id for flow in scope.flows if flow.default and flow.source == identity), None)
        if default is not None:
            attributes["default"] = self.id(default)
        if tag in TASKS or _sends(element):
            tag = "userTask"
        elif tag == "callActivity":
            attributes["calledElement"] = element.get("calledElement") or ""
        elif tag == "subProcess":
            inner = self.write(scope.inner[identity])
        elif tag == "boundaryEvent":
            attributes["attachedToRef"] = self.id(element.get("attachedToRef") or "")
            attributes["cancelActivity"] = "false" if element.get("cancelActivity") in FALSE else "true"
            inner = self.event(identity, element, caught=True)
        elif tag == "intermediateCatchEvent":
            inner = self.event(identity, element, caught=True)
        elif tag in ("intermediateThrowEvent", "endEvent"):
            inner = self.event(identity, element, caught=False)
        inner = self.instances(identity, element) + inner
        written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
        return f"<{tag}{written}>{inner}</{tag}>"

    def event(self, identity: str, element: Element, *, caught: bool) -> str:
        """Write what an event throws or catches; what comes from outside the case becomes a message of its own."""
        if _ends_all(element):
            return "<terminateEventDefinition/>"
        for tag, (kind, name) in THROWN.items():
            event = element.first(tag)
            if event is not None:
                return self.thrown(tag, kind, name, event.get(f"{kind}Ref"))
        if not caught:
            return ""
        name = f"{FIRE}{self.id(identity)}"
        self.definitions[name] = f"<message id={quoteattr(name)} name={quoteattr(name)}/>"
        return f"<messageEventDefinition messageRef={quoteattr(name)}/>"

    def thrown(self, tag: str, kind: str, name: str, reference: str | None) -> str:
        if reference is None:
            return f"<{tag}/>"
        declared = self.document.named(kind).get(reference)
        value = quoteattr((declared.get(name) if declared else None) or reference)
        self.definitions[f"{kind}:{value}"] = (
            f"<{kind} id={value} name={value} errorCode={value} escalationCode={value}/>"
        )
        return f"<{tag} {kind}Ref={value}/>"

    def instances(self, identity: str, element: Element) -> str:
        loop = element.first("multiInstanceLoopCharacteristics")
        if loop is None:
            return ""
        instances = loop.extension("instances")
        if instances is None:
            raise NotInReference(element=identity, reason=f"multi-instance without `{BEREDD}` instances")
        collection = self.compile(instances.get("collection") or "")
        name = self.expression("instances", identity, lambda facts: len(collection(facts)))
        sequential = "true" if loop.get("isSequential") in TRUE else "false"
        return (
            f'<multiInstanceLoopCharacteristics isSequential="{sequential}">'
            f"<loopCardinality>{name}</loopCardinality></multiInstanceLoopCharacteristics>"
        )


def _sends(element: Element) -> bool:
    """Say whether an event sends a message: the net waits there for the operation that does."""
    thrown = element.tag in ("intermediateThrowEvent", "endEvent")
    return thrown and element.first("messageEventDefinition") is not None


def _read(container: Element, start_event: str | None = None) -> _Scope:
    """Read a level of the model: its nodes, with the one start event chosen, and flows. Raises ``NotInReference``."""
    scope = _Scope()
    starts = list(container.all("startEvent"))
    if start_event is not None:
        starts = [start for start in starts if start.id == start_event]
    elif len(starts) > 1:
        starts = [start for start in starts if not any(c.tag.endswith("EventDefinition") for c in start.children)]
    for element in container.all(*FLOW_NODES):
        if element.tag == "startEvent" and element not in starts:
            continue
        if element.get("triggeredByEvent") in TRUE:
            raise NotInReference(element=element.id, reason="SpiffWorkflow does not interrupt for an event subprocess")
        scope.nodes[element.id] = element
        if element.tag == "subProcess":
            scope.inner[element.id] = _read(element)
        if element.tag == "endEvent" and _sends(element):
            end = f"{WRAPPED}{element.id}"
            scope.nodes[end] = _plain("endEvent", end)
            scope.flows.append(_Flow(id=f"{end}:flow", source=element.id, target=end))
    defaults = {element.get("default") for element in scope.nodes.values()}
    for flow in container.all("sequenceFlow"):
        if flow.get("sourceRef") in scope.nodes:
            condition = flow.first("conditionExpression")
            scope.flows.append(
                _Flow(
                    id=flow.id,
                    source=flow.get("sourceRef") or "",
                    target=flow.get("targetRef") or "",
                    condition=condition.text if condition is not None else None,
                    default=flow.id in defaults,
                )
            )
    return scope


# -- joins in cycles ----------------------------------------------------------------------------------------------


def _wrap_joins(scope: _Scope, process: str, wrapped: list[str]) -> _Scope:
    """Give a scope of its own to every block that SpiffWorkflow would not join rightly. Raises ``NotInReference``."""
    while joins := [join for join in _joins(scope) if join in _reachable(scope, list(scope.next(join)))]:
        blocks = [(join, _block_in_cycle(scope, join)) for join in joins]
        join, inside = max(blocks, key=lambda block: len(block[1]))
        wrapped.append(process + join)
        _wrap(scope, inside, f"{WRAPPED}{process}{join}")
    for join in _joins(scope):
        if join in scope.nodes and scope.nodes[join].tag == "inclusiveGateway":
            _wrap_branches(scope, join, process)
    _gate_after_boundaries(scope)
    for inner in scope.inner.values():
        _wrap_joins(inner, process, wrapped)
    return scope


def _joins(scope: _Scope) -> list[str]:
    return [
        node
        for node, element in scope.nodes.items()
        if element.tag in JOINS and sum(flow.target == node for flow in scope.flows) > 1
    ]


def _reachable(scope: _Scope, nodes: list[str], stop: str = "") -> set[str]:
    found: set[str] = set()
    while nodes:
        node = nodes.pop()
        if node not in found and node != stop:
            found.add(node)
            nodes.extend(scope.next(node))
    return found


def _block(scope: _Scope, join: str) -> tuple[str, set[str]] | None:
    """Find the smallest block that ``join`` closes: its split, and all its nodes."""
    blocks = []
    for split, element in scope.nodes.items():
        if element.tag in JOINS and split != join:
            inside = _reachable(scope, [split], stop=join) | {join}
            returns = any(f.target == split and f.source in inside - {join} for f in scope.flows)
            closed = all(f.source in inside for f in scope.flows if f.target == join)
            if closed and not returns and _wrappable(scope, inside):
                blocks.append((split, inside))
    return min(blocks, key=lambda block: len(block[1]), default=None)


def _block_in_cycle(scope: _Scope, join: str) -> set[str]:
    block = _block(scope, join)
    if block is None:
        raise NotInReference(element=join, reason="a join in a cycle that closes no block of its own")
    return block[1]


def _wrappable(scope: _Scope, inside: set[str]) -> bool:
    """Say whether nodes make one way in and one way out, and all else in them ends at once or throws an error."""
    entries = {f.target for f in scope.flows if f.target in inside and f.source not in inside}
    exits = {f.target for f in scope.flows if f.source in inside and f.target not in inside}
    inclusive = _inclusive_blocks(scope, inside)
    for node in inside:
        element = scope.nodes[node]
        if element.tag != "endEvent":
            continue
        # An error leaves the wrapping as it leaves the block; an inclusive join would not have waited for it.
        if element.first("errorEventDefinition") is not None and node not in inclusive:
            continue
        # A reminder that ends at once leaves nothing behind for the scope to wait for.
        before = [scope.nodes[f.source] for f in scope.flows if f.target == node]
        if _ends_all(element) or any(each.tag != "boundaryEvent" for each in before):
            return False
    return len(entries) == 1 and len(exits) == 1


def _inclusive_blocks(scope: _Scope, inside: set[str]) -> set[str]:
    """Give the nodes between inclusive splits and the next inclusive joins."""
    splits = {n for n in inside if scope.nodes[n].tag == "inclusiveGateway"} - set(_joins(scope))
    found = set[str]()
    for split in splits:
        stack = [split]
        while stack:
            node = stack.pop()
            joins = node != split and scope.nodes[node].tag == "inclusiveGateway"
            if node not in found and not joins:
                found.add(node)
                stack.extend(scope.next(node))
    return found


def _wrap_branches(scope: _Scope, join: str, process: str) -> None:
    """Make every branch of an inclusive block that is no plain chain into one node.

    SpiffWorkflow looks for tokens on their way to an inclusive join along one path back only.
    """
    block = _block(scope, join)
    if block is None:
        return
    for flow in [flow for flow in scope.flows if flow.source == block[0] and flow.target != join]:
        branch = _reachable(scope, [flow.target], stop=join)
        if any(scope.nodes[n].tag.endswith("Gateway") for n in branch) and _wrappable(scope, branch):
            _wrap(scope, branch, f"{WRAPPED}{process}{flow.id}")


def _wrap(scope: _Scope, inside: set[str], wrapper: str) -> None:
    """Move nodes with one way in and one way out into a subprocess."""
    start, end = f"{wrapper}:start", f"{wrapper}:end"
    inner = _Scope(
        nodes={start: _plain("startEvent", start), end: _plain("endEvent", end)}
        | {node: scope.nodes.pop(node) for node in list(scope.nodes) if node in inside},
        inner={node: scope.inner.pop(node) for node in list(scope.inner) if node in inside},
    )
    scope.nodes[wrapper] = _plain("subProcess", wrapper)
    scope.inner[wrapper] = inner
    outside = []
    for flow in scope.flows:
        if flow.source in inside:
            inner.flows.append(flow)
            if flow.target not in inside:
                after, flow.target = flow.target, end
        elif flow.target in inside:
            entry, flow.target = flow.target, wrapper
            outside.append(flow)
        else:
            outside.append(flow)
    inner.flows.append(_Flow(id=f"{start}:flow", source=start, target=entry))
    scope.flows[:] = [*outside, _Flow(id=f"{wrapper}:flow", source=wrapper, target=after)]


def _ends_all(element: Element) -> bool:
    return element.first("terminateEventDefinition") is not None


def _gate_after_boundaries(scope: _Scope) -> None:
    """Put a gateway after each boundary event: SpiffWorkflow starts no instances on a path it has not foreseen."""
    for flow in list(scope.flows):
        if scope.nodes[flow.source].tag == "boundaryEvent":
            gate = f"{WRAPPED}{flow.id}"
            scope.nodes[gate] = _plain("exclusiveGateway", gate)
            scope.flows.append(_Flow(id=f"{gate}:flow", source=gate, target=flow.target))
            flow.target = gate


def _plain(tag: str, identity: str) -> Element:
    return Element(namespace=BPMN, tag=tag, attributes={"id": identity}, text="", line=0, children=())
