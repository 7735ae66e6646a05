"""Random process models that are sound by construction, as valid BPMN 2.0, and a way to make a failing one small.

A model is a tree of blocks. Each block has one way in and one way out, so that whatever is put together from them is
sound: what a split opens its own join closes, a loop holds a wait, an end in the middle stands in a choice and never
inside a parallel branch of its scope, and a handler that runs beside its activity ends by itself and never stands in
a loop, where each turn would leave another one behind.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

CONDITIONS = (
    "returned",
    "returned = true",
    "not(principle)",
    "amount > 50000",
    "amount >= 10000 and amount < 100000",
    'decision_outcome = "RETURN"',
    'decision_outcome in ("RETURN", "HAND_UP")',
    "repeat_number >= 2 or with_fine",
    "medical and not(medical_disputed)",
)


def random_facts(rng: random.Random) -> dict[str, Any]:
    """Draw facts for the conditions above. About one in eight is missing, except the list of participants."""
    drawn: dict[str, Any] = {
        "returned": rng.random() < 0.5,
        "principle": rng.random() < 0.5,
        "amount": rng.choice((0, 9_999, 10_000, 50_001, 250_000)),
        "decision_outcome": rng.choice(("AS_PROPOSED", "RETURN", "HAND_UP")),
        "repeat_number": rng.randrange(4),
        "with_fine": rng.random() < 0.3,
        "medical": rng.random() < 0.5,
        "medical_disputed": rng.random() < 0.5,
    }
    facts = {name: value for name, value in drawn.items() if rng.random() > 0.12}
    facts["joint_participants"] = [{"code": f"JB-{n}", "role": "AJ"} for n in range(rng.randrange(4))]
    return facts


@dataclass(frozen=True, slots=True)
class Boundary:
    #: "timer" and "message" come from outside; "error" and "escalation" from inside the activity.
    event: str
    interrupting: bool
    handler: Block


@dataclass(frozen=True, slots=True)
class Leaf:
    """One node that waits: a task or an intermediate event."""

    tag: str
    boundaries: tuple[Boundary, ...] = ()
    #: "", "parallel" or "sequential": one instance per participant.
    instances: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Parallel:
    branches: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Exclusive or inclusive; the last branch is the default."""

    inclusive: bool
    conditions: tuple[str, ...]
    branches: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """Repeat the body while the condition holds: asked after each turn, or before each."""

    body: Block
    condition: str
    asked_before: bool = False


@dataclass(frozen=True, slots=True)
class Race:
    """An event-based gateway: the first event decides."""

    events: tuple[str, ...]
    branches: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Inner:
    """An embedded subprocess, or a call activity with its own file."""

    called: bool
    body: Block
    boundaries: tuple[Boundary, ...] = ()
    instances: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """End here: this path only, or with `terminate` everything in the scope; `error` leads to who catches it."""

    #: "", "terminate", "message", "error" or "escalation".
    event: str = ""


Block = Leaf | Sequence | Parallel | Choice | Loop | Race | Inner | Stop

LEAVES = (
    "userTask",
    "userTask",
    "userTask",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
    "timer",
    "message",
    "pass",
    "announce",
)

#: Where a case waits for somebody or something outside: every cycle needs one.
RESTS = ("userTask", "userTask", "receiveTask", "timer", "message")


# -- drawing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree a block is drawn, and what may therefore not stand there."""

    depth: int = 0
    in_parallel: bool = False
    in_loop: bool = False
    in_instances: bool = False
    #: What somebody around catches: "error" and "escalation" end what they leave; "call" lets it go on.
    throws: frozenset[str] = frozenset()


class _Draw:
    def __init__(self, seed: int, size: int) -> None:
        self.rng = random.Random(seed)
        self.left = size
        #: How many ways there are through the present scope: SpiffWorkflow foresees all of them, so keep them few.
        self.ways = 1

    def sequence(self, place: _Place, at_most: int = 3, at_least: int = 1) -> Sequence:
        return Sequence(tuple(self.block(place) for _ in range(self.rng.randint(at_least, at_most))))

    def block(self, place: _Place) -> Block:
        deeper = replace(place, depth=place.depth + 1)
        if self.left <= 0 or place.depth > 4:
            return self.leaf(deeper, plain=True)
        kinds: list[tuple[int, Callable[[_Place], Block]]] = [(6, self.leaf), (2, self.inner)]
        if self.ways <= 24:
            kinds += [(4, self.parallel), (4, self.choice), (3, self.loop), (1, self.race)]
        weights, makers = zip(*kinds, strict=True)
        (maker,) = self.rng.choices(makers, weights)
        return maker(deeper)

    def leaf(self, place: _Place, *, plain: bool = False) -> Leaf:
        self.left -= 1
        tag = self.rng.choice(LEAVES)
        if plain or tag not in ("userTask", "receiveTask"):
            return Leaf(tag)
        instances = ""
        if tag == "userTask" and not place.in_instances and self.rng.random() < 0.15:
            instances = self.rng.choice(("parallel", "sequential"))
        return Leaf(tag, self.boundaries(place, 0.25), instances)

    def boundaries(self, place: _Place, chance: float) -> tuple[Boundary, ...]:
        found = []
        for _ in range(2):
            if self.ways > 24 or self.rng.random() > chance:
                continue
            self.ways *= 2
            interrupting = place.in_loop or self.rng.random() < 0.6
            handler: Block = self.sequence(place, 2, at_least=0) if interrupting else self.beside(place)
            found.append(Boundary(self.rng.choice(("timer", "message")), interrupting, handler))
        return tuple(found)

    def beside(self, place: _Place) -> Block:
        """Draw what runs beside an activity, perhaps several times at once: one step, or a scope for what is more."""
        if self.rng.random() < 0.5:
            return self.leaf(place, plain=True)
        inside = _Place(depth=place.depth, in_instances=place.in_instances)
        outside, self.ways = self.ways, 1
        body = self.sequence(inside, 2)
        self.ways = outside
        return Inner(called=False, body=body)

    def branches(self, place: _Place, count: int) -> tuple[Block, ...]:
        """Draw branches of which at most one is empty: a second flow between the same gateways says nothing new."""
        empty = self.rng.randrange(count) if self.rng.random() < 0.3 else -1
        return tuple(Sequence() if n == empty else self.sequence(place, 2) for n in range(count))

    def parallel(self, place: _Place) -> Block:
        count = self.rng.choice((2, 2, 2, 3))
        self.ways *= count
        return Parallel(self.branches(replace(place, in_parallel=True), count))

    def choice(self, place: _Place) -> Block:
        count = self.rng.choice((2, 2, 3))
        self.ways *= count
        inclusive = self.rng.random() < 0.4
        conditions = tuple(self.rng.choice(CONDITIONS) for _ in range(count - 1))
        # What ends by itself in a branch of an inclusive block would have to be told from what the join waits for.
        inside = replace(place, in_parallel=place.in_parallel or inclusive, in_loop=place.in_loop or inclusive)
        if inclusive:
            inside = replace(inside, throws=frozenset())
        branches = list(self.branches(inside, count))
        ways = sorted(place.throws & {"error"})
        if not place.in_parallel:
            ways += ["", "message"]
        if not place.in_loop:
            ways += ["terminate", *sorted(place.throws & {"escalation"})]
        if ways and not inclusive and self.rng.random() < 0.25:
            branches[0] = Sequence((*self.sequence(inside, 1).parts, Stop(self.rng.choice(ways))))
        return Choice(inclusive, conditions, tuple(branches))

    def loop(self, place: _Place) -> Block:
        self.ways *= 2
        inside = replace(place, in_loop=True)
        self.left -= 1
        body = Sequence((Leaf(self.rng.choice(RESTS)), *self.sequence(inside, 2).parts))
        return Loop(body, self.rng.choice(CONDITIONS), self.rng.random() < 0.3)

    def race(self, place: _Place) -> Block:
        count = self.rng.choice((2, 2, 3))
        self.ways *= count
        events = tuple(self.rng.choice(("timer", "message")) for _ in range(count))
        return Race(events, self.branches(place, count))

    def inner(self, place: _Place) -> Block:
        instances, throws, thrown = "", place.throws, ""
        boundaries = list(self.boundaries(place, 0.3))
        if not place.in_instances and self.rng.random() < 0.35:
            instances, throws = self.rng.choice(("parallel", "sequential")), frozenset()
        if self.rng.random() < 0.4:
            beside = ["call"] if not (place.in_loop or instances) else []
            thrown = self.rng.choice(["error", "escalation", *beside])
            throws = (throws - {"escalation", "call"} if thrown != "error" else throws) | {thrown}
            handler: Block = self.sequence(place, 2, at_least=0) if thrown != "call" else self.beside(place)
            boundaries.append(Boundary("error" if thrown == "error" else "escalation", thrown != "call", handler))
        inside = _Place(depth=place.depth, in_instances=place.in_instances or bool(instances), throws=throws)
        outside, self.ways = self.ways, 1
        body = self.sequence(inside, 3)
        if thrown:
            body = self.surely(body, thrown)
        self.ways = outside
        return Inner(self.rng.random() < 0.35, body, tuple(boundaries), instances)

    def surely(self, body: Sequence, thrown: str) -> Sequence:
        """Make sure that what is caught around a body is thrown in it; an event that cannot happen leads nowhere."""
        if thrown == "call":
            # Once only: to SpiffWorkflow an event that does not interrupt can happen no more than once.
            at = self.rng.randint(0, len(body.parts))
            return Sequence((*body.parts[:at], Leaf("call"), *body.parts[at:]))
        throwing = Choice(False, (self.rng.choice(CONDITIONS),), (Stop(thrown), Leaf("userTask")))
        return Sequence((*body.parts, throwing))


def draw(seed: int, size: int = 10) -> Block:
    """Draw a random model of about this many waiting nodes. The same seed gives the same model."""
    drawing = _Draw(seed, size)
    parts: list[Block] = []
    while drawing.left > 0:
        parts.append(drawing.block(_Place()))
        drawing.ways = max(drawing.ways, 1)
    return Sequence(tuple(parts))


# -- writing ------------------------------------------------------------------------------------------------------

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:beredd="urn:beredd:bpmn:1" id="definitions_{name}" targetNamespace="urn:beredd:model">'
)
TAGS = {
    "timer": "intermediateCatchEvent",
    "message": "intermediateCatchEvent",
    "pass": "intermediateThrowEvent",
    "announce": "intermediateThrowEvent",
    "call": "intermediateThrowEvent",
}
#: What such an event throws.
THROWN = {"pass": "", "announce": "message", "call": "escalation"}
EXTENSIONS = {
    "userTask": '<beredd:step act="handle" role="INSP"/>',
    "serviceTask": '<beredd:operation name="record_decision"/>',
    "sendTask": '<beredd:operation name="send_message"/>',
    "businessRuleTask": '<beredd:table ref="ORDER"/>',
}


class _Scope:
    """The process or subprocess being written."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.flows: list[str] = []
        self.defaults: dict[str, str] = {}


class _Writer:
    def __init__(self) -> None:
        self.count = 0
        self.documents: dict[str, bytes] = {}
        self.messages: list[str] = []
        #: Error and escalation codes, each caught in one place: SpiffWorkflow gives one to whoever waits for it.
        self.declared: list[tuple[str, str]] = []
        #: The codes that are caught around what is being written.
        self.caught: dict[str, str] = {}

    def process(self, name: str, body: Block, extension: str) -> None:
        outer, self.messages = self.messages, []
        content = self.scope(body)
        messages = "".join(f'<bpmn:message id="{m}" name="{m}"/>' for m in self.messages)
        codes = "".join(f'<bpmn:{kind} id="{c}" name="{c}" {kind}Code="{c}"/>' for kind, c in self.declared)
        self.messages = outer
        self.documents[name] = (
            f'{HEAD.format(name=name)}{messages}{codes}<bpmn:process id="{name}" isExecutable="true">{extension}'
            f"{content}</bpmn:process></bpmn:definitions>"
        ).encode()

    def scope(self, body: Block) -> str:
        scope = _Scope()
        start = self.node(scope, "startEvent", "start")
        first, last = self.block(scope, body)
        if first is None:
            self.flow(scope, start, self.node(scope, "endEvent", "end"))
        else:
            self.flow(scope, start, first)
            if last is not None:
                self.flow(scope, last, self.node(scope, "endEvent", "end"))
        return "".join(
            text.replace(" default=?", f" default={quoteattr(scope.defaults[key])}" if key in scope.defaults else "")
            for key, text in scope.nodes
        ) + "".join(scope.flows)

    def identity(self, stem: str) -> str:
        self.count += 1
        return f"{stem}_{self.count}"

    def node(self, scope: _Scope, tag: str, stem: str, inner: str = "", attributes: str = "") -> str:
        identity = self.identity(stem)
        scope.nodes.append(
            (identity, f'<bpmn:{tag} id="{identity}" name="{identity}"{attributes} default=?>{inner}</bpmn:{tag}>')
        )
        return identity

    def flow(
        self, scope: _Scope, source: str, target: str, condition: str | None = None, *, default: bool = False
    ) -> None:
        identity = self.identity("flow")
        inner = ""
        if condition is not None:
            inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
        if default:
            scope.defaults[source] = identity
        scope.flows.append(
            f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )

    def declare(self, kind: str) -> str:
        self.declared.append((kind, self.identity(kind)))
        return self.declared[-1][1]

    def event(self, kind: str, caught: Mapping[str, str] | None = None) -> str:
        caught = self.caught if caught is None else caught
        if kind == "":
            return ""
        if kind == "terminate":
            return f'<bpmn:terminateEventDefinition id="{self.identity("event")}"/>'
        if kind in ("error", "escalation"):
            code = caught.get(kind) or self.declare(kind)
            return f'<bpmn:{kind}EventDefinition id="{self.identity("event")}" {kind}Ref="{code}"/>'
        if kind == "timer":
            return (
                f'<bpmn:timerEventDefinition id="{self.identity("timer")}">'
                "<bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>"
            )
        self.messages.append(self.identity("message"))
        return f'<bpmn:messageEventDefinition id="{self.identity("event")}" messageRef="{self.messages[-1]}"/>'

    def block(self, scope: _Scope, block: Block) -> tuple[str | None, str | None]:
        """Write a block; give its first and last node: no first for an empty one, no last for one that stops."""
        match block:
            case Leaf():
                return self.leaf(scope, block)
            case Sequence(parts):
                first = last = None
                for part in parts:
                    part_first, part_last = self.block(scope, part)
                    if part_first is None:
                        continue
                    if first is None:
                        first = part_first
                    else:
                        assert last is not None
                        self.flow(scope, last, part_first)
                    last = part_last
                    if last is None:
                        break
                return first, last
            case Stop(event):
                return self.node(scope, "endEvent", "stop", self.event(event)), None
            case Parallel(branches):
                return self.split(scope, "parallelGateway", [None] * len(branches), branches)
            case Choice(inclusive, conditions, branches):
                tag = "inclusiveGateway" if inclusive else "exclusiveGateway"
                return self.split(scope, tag, [*conditions, None], branches, default=True)
            case Race():
                return self.race(scope, block)
            case Loop():
                return self.loop(scope, block)
            case Inner():
                return self.inner(scope, block)

    def instances(self, kind: str) -> str:
        if not kind:
            return ""
        sequential = ' isSequential="true"' if kind == "sequential" else ""
        return (
            f"<bpmn:multiInstanceLoopCharacteristics{sequential}><bpmn:extensionElements>"
            '<beredd:instances collection="joint_participants"/></bpmn:extensionElements>'
            "</bpmn:multiInstanceLoopCharacteristics>"
        )

    def leaf(self, scope: _Scope, leaf: Leaf) -> tuple[str, str]:
        inner, attributes = "", ""
        if leaf.tag in TAGS:
            inner = self.event(THROWN.get(leaf.tag, leaf.tag))
        elif leaf.tag == "receiveTask":
            self.messages.append(self.identity("message"))
            attributes = f' messageRef="{self.messages[-1]}"'
        else:
            inner = f"<bpmn:extensionElements>{EXTENSIONS[leaf.tag]}</bpmn:extensionElements>"
        inner += self.instances(leaf.instances)
        activity = self.node(scope, TAGS.get(leaf.tag, leaf.tag), leaf.tag, inner, attributes)
        return activity, self.attach(scope, activity, leaf.boundaries)

    def attach(
        self,
        scope: _Scope,
        activity: str,
        boundaries: tuple[Boundary, ...],
        caught: Mapping[str, str] | None = None,
    ) -> str:
        """Write the boundary events of an activity; give the node where all ways out of it meet."""
        merge = None
        for boundary in boundaries:
            attributes = f' attachedToRef="{activity}"'
            if not boundary.interrupting:
                attributes += ' cancelActivity="false"'
            event = self.node(scope, "boundaryEvent", "boundary", self.event(boundary.event, caught), attributes)
            first, last = self.block(scope, boundary.handler)
            if first is not None:
                self.flow(scope, event, first)
            if not boundary.interrupting:
                if first is None or last is not None:
                    self.flow(scope, last or event, self.node(scope, "endEvent", "end"))
                continue
            if first is not None and last is None:
                continue
            if merge is None:
                merge = self.node(scope, "exclusiveGateway", "merge")
                self.flow(scope, activity, merge)
            self.flow(scope, last or event, merge)
        return merge or activity

    def split(
        self,
        scope: _Scope,
        tag: str,
        conditions: list[str | None],
        branches: tuple[Block, ...],
        *,
        default: bool = False,
    ) -> tuple[str, str]:
        opening, closing = self.node(scope, tag, "split"), self.node(scope, tag, "join")
        for number, (condition, branch) in enumerate(zip(conditions, branches, strict=True)):
            is_default = default and number == len(branches) - 1
            first, last = self.block(scope, branch)
            self.flow(scope, opening, first or closing, condition, default=is_default)
            if first is not None and last is not None:
                self.flow(scope, last, closing)
        return opening, closing

    def race(self, scope: _Scope, race: Race) -> tuple[str, str]:
        gateway = self.node(scope, "eventBasedGateway", "race")
        merge = self.node(scope, "exclusiveGateway", "merge")
        for kind, branch in zip(race.events, race.branches, strict=True):
            event = self.node(scope, "intermediateCatchEvent", kind, self.event(kind))
            self.flow(scope, gateway, event)
            first, last = self.block(scope, branch)
            if first is not None:
                self.flow(scope, event, first)
            if first is None or last is not None:
                self.flow(scope, last or event, merge)
        return gateway, merge

    def loop(self, scope: _Scope, loop: Loop) -> tuple[str, str]:
        again, gate = self.node(scope, "exclusiveGateway", "again"), self.node(scope, "exclusiveGateway", "gate")
        leave = self.node(scope, "exclusiveGateway", "leave")
        first, last = self.block(scope, loop.body)
        assert first is not None
        if loop.asked_before:
            self.flow(scope, again, gate)
            self.flow(scope, gate, first, loop.condition)
            if last is not None:
                self.flow(scope, last, again)
        else:
            self.flow(scope, again, first)
            if last is not None:
                self.flow(scope, last, gate)
            self.flow(scope, gate, again, loop.condition)
        self.flow(scope, gate, leave, default=True)
        return again, leave

    def inner(self, scope: _Scope, inner: Inner) -> tuple[str, str]:
        around = self.caught
        here = {b.event: self.declare(b.event) for b in inner.boundaries if b.event in ("error", "escalation")}
        self.caught = around | here
        if inner.called:
            name = self.identity("called")
            self.process(name, inner.body, "")
            activity = self.node(
                scope, "callActivity", "call", self.instances(inner.instances), f' calledElement="{name}"'
            )
        else:
            content = self.scope(inner.body)
            activity = self.node(scope, "subProcess", "sub", self.instances(inner.instances) + content)
        self.caught = around
        return activity, self.attach(scope, activity, inner.boundaries, here)


def write(block: Block) -> dict[str, bytes]:
    """Write a model as BPMN documents by process id: `case`, and one for each process it calls."""
    writer = _Writer()
    extension = (
        '<bpmn:extensionElements><beredd:process caseType="ETV" title="Slumpad modell" reviewDate="2030-01-01"/>'
        "</bpmn:extensionElements>"
    )
    writer.process("case", block, extension)
    return writer.documents


# -- making small -------------------------------------------------------------------------------------------------


def simpler(block: Any) -> Iterator[Any]:
    """Give every model that is one step simpler: a part left out, a block replaced by one of its parts."""
    if isinstance(block, Sequence) and len(block.parts) == 1:
        yield block.parts[0]
    if isinstance(block, Loop | Inner):
        yield block.body
    if isinstance(block, Parallel | Choice | Race):
        yield from block.branches
    if isinstance(block, Parallel | Race | Choice) and len(block.branches) > 2:
        for n in range(len(block.branches) - isinstance(block, Choice)):
            shorter: dict[str, Any] = {"branches": block.branches[:n] + block.branches[n + 1 :]}
            for name in ("conditions", "events"):
                if hasattr(block, name):
                    shorter[name] = getattr(block, name)[:n] + getattr(block, name)[n + 1 :]
            yield replace(block, **shorter)
    if isinstance(block, Leaf | Inner) and block.instances:
        yield replace(block, instances="")
    if isinstance(block, Leaf) and block.tag != "userTask" and not block.boundaries:
        yield Leaf("userTask")
    if not is_dataclass(block):
        return
    for field in fields(block):
        value = getattr(block, field.name)
        if isinstance(value, tuple):
            for n, part in enumerate(value):
                if field.name in ("parts", "boundaries"):
                    yield replace(block, **{field.name: value[:n] + value[n + 1 :]})
                for other in simpler(part):
                    yield replace(block, **{field.name: (*value[:n], other, *value[n + 1 :])})
        else:
            for other in simpler(value):
                yield replace(block, **{field.name: other})


def well_formed(block: Any) -> bool:
    """Say whether a simplified model still keeps the rules of drawing: loops wait, splits have no two empty ways."""
    match block:
        case Loop(body, _, _):
            if not (isinstance(body, Sequence) and body.parts and isinstance(body.parts[0], Leaf)):
                return False
            if body.parts[0].instances or body.parts[0].tag not in RESTS:
                return False
        case Parallel(branches) | Choice(_, _, branches) | Race(_, branches):
            if sum(branch == Sequence() for branch in branches) > 1:
                return False
        case Sequence(parts):
            if any(isinstance(part, Stop) for part in parts[:-1]):
                return False
    if not is_dataclass(block):
        return True
    values = (getattr(block, field.name) for field in fields(block))
    return all(well_formed(part) for value in values for part in (value if isinstance(value, tuple) else (value,)))


def minimise(block: Block, fails: Callable[[Block], bool], at_most: int = 2_000) -> Block:
    """Make a failing model smaller as long as it fails."""
    tries = 0
    shrinking = True
    while shrinking:
        shrinking = False
        for candidate in simpler(block):
            tries += 1
            if tries > at_most:
                return block
            if well_formed(candidate) and fails(candidate):
                block, shrinking = candidate, True
                break
    return block


def features(block: Any) -> Mapping[str, int]:
    """Count what a model contains, to report what a run covered."""
    found: dict[str, int] = {}

    def look(part: Any, *, looping: bool) -> None:
        if not is_dataclass(part):
            return
        names = [type(part).__name__]
        if isinstance(part, Choice) and part.inclusive:
            names = ["Inclusive"]
        if isinstance(part, Inner):
            names = ["Call" if part.called else "Subprocess"]
        if isinstance(part, Boundary) and not part.interrupting:
            names = ["BoundaryBeside"]
        if isinstance(part, Boundary) and part.event in ("error", "escalation"):
            names.append(f"{part.event.title()}Caught")
        if isinstance(part, Leaf | Inner) and part.instances:
            names.append(f"{part.instances.title()}Instances")
        if looping and (isinstance(part, Parallel) or (isinstance(part, Choice) and part.inclusive)):
            names.append("JoinInLoop")
        for name in names:
            found[name] = found.get(name, 0) + 1
        for field in fields(part):
            value = getattr(part, field.name)
            own_scope = isinstance(part, Inner) and field.name == "body"
            for each in value if isinstance(value, tuple) else (value,):
                look(each, looping=(looping or isinstance(part, Loop)) and not own_scope)

    look(block, looping=False)
    return found
