"""Which processes call which: everything called exists, nothing calls itself, and it all fits in one net."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflow_app.engine import compiler
from workflow_app.engine.document import BPMN, FLOW_NODES, Document, Element
from workflow_app.engine.findings import Finding

#: Nodes of the whole net, every called process laid out at each of its calls.
MAX_NET_NODES = 2_000


def reachable(documents: Mapping[str, Document], process: str) -> frozenset[str]:
    """Find the processes that a process calls, directly or not, itself among them."""
    found: set[str] = set()
    stack = [process]
    while stack:
        current = stack.pop()
        if current not in found and current in documents:
            found.add(current)
            stack += [_target(call) for call in _calls(documents[current], current)]
    return frozenset(found)


def check(documents: Mapping[str, Document], process: str) -> tuple[Finding, ...]:
    """Check the calls of a process and of everything it calls."""
    findings: list[Finding] = []
    sizes: dict[str, int] = {}
    path: list[str] = []

    def visit(current: str) -> int:
        if current in sizes:
            return sizes[current]
        path.append(current)
        document = documents[current]
        size = sum(1 for element in document.process(current).walk() if element.tag in FLOW_NODES)
        for call in _calls(document, current):
            target = _target(call)
            complaint = _complaint(documents, target, path)
            if complaint is None:
                size += visit(target)
            else:
                findings.append(_finding(complaint, call, document))
        path.pop()
        sizes[current] = size
        return size

    total = visit(process)
    if total > MAX_NET_NODES:
        text = f"Processen och det den anropar har {total} noder; högst {MAX_NET_NODES} är tillåtna."
        findings.append(_finding(("TOO_MANY_NODES", text), documents[process].process(process), documents[process]))
    return tuple(findings)


def _complaint(documents: Mapping[str, Document], target: str, path: list[str]) -> tuple[str, str] | None:
    """Say why a process cannot be called, as code and Swedish sentence."""
    if target not in documents:
        return "UNKNOWN_PROCESS", f"Processen {target or '(ej angiven)'} som anropas finns inte."
    if target in path:
        loop = " → ".join([*path[path.index(target) :], target])
        return "CALLS_ITSELF", f"Processen anropar sig själv: {loop}."
    process = documents[target].process(target)
    about = process.extension("process")
    if about is not None and about.get("caseType"):
        return "CALLS_CASE_TYPE", f"Processen {target} är ett ärendeslag och kan inte anropas."
    starts = list(process.all("startEvent"))
    if len(starts) != 1 or compiler.event_definition(starts[0]) is not None:
        return "ONE_START", f"Processen {target} som anropas ska ha en enda starthändelse, utan händelsetyp."
    return None


def _calls(document: Document, process: str) -> Iterator[Element]:
    everything = document.process(process).walk()
    return (element for element in everything if element.namespace == BPMN and element.tag == "callActivity")


def _target(call: Element) -> str:
    return call.get("calledElement") or ""


def _finding(complaint: tuple[str, str], element: Element, document: Document) -> Finding:
    code, text = complaint
    return Finding(code=code, text=text, element=element.id, line=element.line, file=document.file)
