"""A BPMN document as plain immutable elements: what the profile reads and the compiler builds on.

Only ``parsing`` sees lxml; everything after it sees these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
BEREDD = "urn:beredd:bpmn:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

TASKS = frozenset({"userTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask"})
ACTIVITIES = TASKS | {"callActivity", "subProcess"}
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One XML element: namespace and local name apart, attributes by ``name`` or ``{namespace}name``."""

    namespace: str
    tag: str
    attributes: Mapping[str, str]
    text: str
    line: int
    children: tuple[Element, ...]

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def name(self) -> str:
        return " ".join(self.attributes.get("name", "").split())

    def get(self, name: str) -> str | None:
        """Give an attribute; ``None`` when it is absent."""
        return self.attributes.get(name)

    def all(self, *tags: str) -> Iterator[Element]:
        """Yield the BPMN children with one of the tags."""
        return (c for c in self.children if c.tag in tags and c.namespace == BPMN)

    def first(self, *tags: str) -> Element | None:
        """Give the first BPMN child with one of the tags."""
        return next(self.all(*tags), None)

    def extension(self, tag: str) -> Element | None:
        """Give our own extension element with a tag."""
        for holder in self.all("extensionElements"):
            for child in holder.children:
                if child.namespace == BEREDD and child.tag == tag:
                    return child
        return None

    def walk(self) -> Iterator[Element]:
        """Yield the element and everything in it, in document order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One BPMN file that is well-formed and valid against the schemas."""

    file: str
    root: Element

    @property
    def processes(self) -> tuple[Element, ...]:
        """The processes of the file, in order."""
        return tuple(self.root.all("process"))

    def process(self, identity: str) -> Element:
        """Give a process of the file by id."""
        return next(process for process in self.processes if process.id == identity)

    def named(self, tag: str) -> dict[str, Element]:
        """Index the document's messages, signals, errors or escalations by id."""
        return {element.id: element for element in self.root.all(tag)}
