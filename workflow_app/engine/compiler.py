"""Turn checked documents into a net: every process that is called is laid out inside its call activity.

The net is built from the document itself, not from SpiffWorkflow's specs, which keep neither the ids of flows nor our
extension elements; so the two readings are independent, and running them in lock-step compares something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from delegation import feel
from workflow_app.engine.document import BEREDD, FLOW_NODES, Document, Element
from workflow_app.engine.errors import ExpressionFailed
from workflow_app.engine.net import Net
from workflow_app.engine.nodes import (
    Condition,
    EventKind,
    Facts,
    Flow,
    Instances,
    Node,
    NodeKind,
    Operation,
    Step,
    Table,
    Timer,
    TimerKind,
)

#: The operation of a message throw event or message end event that names none.
SEND_MESSAGE: Final = "send_message"

#: How an expression of the model becomes a condition.
Compile = Callable[[str], Condition]

_EVENT_KINDS = {
    "messageEventDefinition": EventKind.MESSAGE,
    "timerEventDefinition": EventKind.TIMER,
    "signalEventDefinition": EventKind.SIGNAL,
    "escalationEventDefinition": EventKind.ESCALATION,
    "errorEventDefinition": EventKind.ERROR,
}
#: What tells one message, signal, escalation or error from another.
_NAMED_BY = {"message": "name", "signal": "name", "escalation": "escalationCode", "error": "errorCode"}
_TIMER_KINDS = {"timeDuration": TimerKind.DURATION, "timeDate": TimerKind.DATE, "timeCycle": TimerKind.CYCLE}
_KINDS = {
    "startEvent": NodeKind.START,
    "boundaryEvent": NodeKind.BOUNDARY,
    "userTask": NodeKind.USER,
    "serviceTask": NodeKind.OPERATION,
    "sendTask": NodeKind.OPERATION,
    "businessRuleTask": NodeKind.RULE,
    "receiveTask": NodeKind.MESSAGE,
    "exclusiveGateway": NodeKind.EXCLUSIVE,
    "parallelGateway": NodeKind.PARALLEL,
    "inclusiveGateway": NodeKind.INCLUSIVE,
    "eventBasedGateway": NodeKind.EVENT_BASED,
    "callActivity": NodeKind.CALL,
}


def compile_net(documents: Mapping[str, Document], process: str, *, compile_: Compile | None = None) -> Net:
    """Compile a process and everything it calls. ``documents`` is indexed by process id.

    The documents must have passed the profile.
    """
    layout = _Layout(documents, compile_ or feel_condition)
    layout.process(process, prefix="", parent=None)
    return Net(process, layout.nodes, layout.flows)


def feel_condition(text: str) -> Condition:
    """Compile a FEEL expression. Raises ``FeelSyntaxError``; evaluating it raises ``ExpressionFailed``."""
    evaluate = feel.parse_expression(text).evaluate

    def condition(facts: Facts) -> Any:
        try:
            return evaluate(facts)
        except feel.FeelError as error:
            raise ExpressionFailed(text=text, reason=str(error)) from error

    return condition


def event_definition(element: Element) -> Element | None:
    """Give the one event definition of an event."""
    return next((c for c in element.children if c.tag.endswith("EventDefinition")), None)


def event_kind(element: Element) -> EventKind:
    """Tell what an event throws, catches or waits for."""
    definition = event_definition(element)
    return EventKind.NONE if definition is None else _EVENT_KINDS.get(definition.tag, EventKind.NONE)


def event_name(element: Element, document: Document) -> str | None:
    """Give the message, signal, escalation code or error code that an event or message task refers to."""
    definition = event_definition(element) or element
    for tag, attribute in _NAMED_BY.items():
        reference = definition.get(f"{tag}Ref")
        if reference is not None:
            referred = document.named(tag).get(reference)
            if referred is not None:
                return referred.get(attribute) or referred.name or referred.id
    return None


def timer_of(element: Element, qualified: str) -> Timer | None:
    """Read the timer of a timer event."""
    definition = event_definition(element)
    if definition is None or definition.tag != "timerEventDefinition":
        return None
    for child in definition.all(*_TIMER_KINDS):
        return Timer(
            event=qualified,
            kind=_TIMER_KINDS[child.tag],
            text=child.text,
            working_days=definition.get(f"{{{BEREDD}}}calendar") == "working_days",
            boundary=element.tag in ("boundaryEvent", "startEvent"),
            interrupting=is_interrupting(element),
        )
    return None


def is_interrupting(element: Element) -> bool:
    """Tell whether a boundary event or event subprocess start ends what it interrupts."""
    attribute = "isInterrupting" if element.tag == "startEvent" else "cancelActivity"
    return element.get(attribute) not in ("false", "0")


def step_of(element: Element) -> Step | None:
    """Read what a user task (or a start event that a person registers) asks for."""
    step = element.extension("step")
    if step is None:
        return None
    return Step(
        act=step.get("act") or "",
        roles=tuple((step.get("role") or "").split()),
        form=step.get("form"),
        decision_type=step.get("decisionType"),
        due=step.get("due"),
        help=step.get("help"),
        legal_basis=step.get("legalBasis"),
        proposal=step.get("proposal") in ("true", "1"),
        forum=step.get("forum"),
    )


def collection_of(element: Element) -> tuple[str, bool] | None:
    """Give a multi-instance activity's collection expression and whether it runs in sequence."""
    loop = element.first("multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    instances = loop.extension("instances")
    return (instances.get("collection") or "") if instances is not None else "", loop.get("isSequential") in (
        "true",
        "1",
    )


def condition_text(flow: Element) -> str | None:
    """Give the condition of a sequence flow as written."""
    condition = flow.first("conditionExpression")
    return None if condition is None else condition.text


class _Layout:
    def __init__(self, documents: Mapping[str, Document], compile_: Compile) -> None:
        self.documents = documents
        self.compile = compile_
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []

    def process(self, process: str, *, prefix: str, parent: str | None) -> None:
        document = self.documents[process]
        element = next(p for p in document.processes if p.id == process)
        lanes = {
            ref.text: lane.name for lane in element.walk() if lane.tag == "lane" for ref in lane.all("flowNodeRef")
        }
        self.level(element, document, process, lanes, prefix=prefix, parent=parent)

    def level(
        self,
        level: Element,
        document: Document,
        process: str,
        lanes: Mapping[str, str],
        *,
        prefix: str,
        parent: str | None,
    ) -> None:
        inner = [child for child in level.children if child.tag in FLOW_NODES]
        boundary_timers: dict[str, list[Timer]] = {}
        for element in inner:
            timer = timer_of(element, prefix + element.id)
            if timer is not None and element.tag == "boundaryEvent":
                boundary_timers.setdefault(element.get("attachedToRef") or "", []).append(timer)
        for element in inner:
            qualified = prefix + element.id
            own = timer_of(element, qualified)
            host = element.get("attachedToRef")
            documentation = element.first("documentation")
            self.nodes.append(
                Node(
                    id=qualified,
                    kind=_kind(element),
                    element=element.id,
                    process=process,
                    tag=element.tag,
                    name=element.name or element.id,
                    documentation=documentation.text if documentation is not None else "",
                    lane=lanes.get(element.id),
                    parent=parent,
                    attached_to=None if host is None else prefix + host,
                    interrupting=is_interrupting(element),
                    event=event_kind(element),
                    event_name=event_name(element, document),
                    step=step_of(element),
                    operation=_operation(element),
                    table=table_of(element),
                    instances=self.instances(element),
                    timers=(own,) if own else tuple(boundary_timers.get(element.id, ())),
                )
            )
            if element.tag == "subProcess":
                self.level(element, document, process, lanes, prefix=f"{qualified}/", parent=qualified)
            elif element.tag == "callActivity":
                self.process(element.get("calledElement") or "", prefix=f"{qualified}/", parent=qualified)
        defaults = {element.get("default") for element in inner}
        for flow in level.all("sequenceFlow"):
            text = condition_text(flow)
            self.flows.append(
                Flow(
                    id=prefix + flow.id,
                    source=prefix + (flow.get("sourceRef") or ""),
                    target=prefix + (flow.get("targetRef") or ""),
                    condition=None if text is None else self.compile(text),
                    text=text,
                    default=flow.id in defaults,
                )
            )

    def instances(self, element: Element) -> Instances | None:
        found = collection_of(element)
        if found is None:
            return None
        text, sequential = found
        return Instances(collection=self.compile(text), text=text, sequential=sequential)


def _kind(element: Element) -> NodeKind:
    tag = element.tag
    if tag == "subProcess":
        by_event = element.get("triggeredByEvent") in ("true", "1")
        return NodeKind.EVENT_SUBPROCESS if by_event else NodeKind.SUBPROCESS
    if tag == "intermediateCatchEvent":
        return NodeKind.TIMER if event_kind(element) is EventKind.TIMER else NodeKind.MESSAGE
    if tag in ("intermediateThrowEvent", "endEvent"):
        definition = event_definition(element)
        if definition is None:
            return NodeKind.END if tag == "endEvent" else NodeKind.PASS
        if definition.tag == "terminateEventDefinition":
            return NodeKind.TERMINATE
        return _THROWN[_EVENT_KINDS[definition.tag]]
    return _KINDS[tag]


_THROWN = {
    EventKind.MESSAGE: NodeKind.OPERATION,
    EventKind.SIGNAL: NodeKind.SIGNAL,
    EventKind.ESCALATION: NodeKind.ESCALATION,
    EventKind.ERROR: NodeKind.ERROR,
}


def _operation(element: Element) -> Operation | None:
    found = element.extension("operation")
    if found is not None:
        return Operation(
            name=found.get("name") or "",
            process=found.get("process"),
            collection=found.get("collection"),
            letter=found.get("letter"),
            deadline=found.get("deadline"),
        )
    thrown = element.tag in ("intermediateThrowEvent", "endEvent") and event_kind(element) is EventKind.MESSAGE
    return Operation(name=SEND_MESSAGE) if thrown else None


def table_of(element: Element) -> Table | None:
    """Read which decision table a business rule task asks."""
    table = element.extension("table")
    return None if table is None else Table(ref=table.get("ref") or "", decision=table.get("decision"))
