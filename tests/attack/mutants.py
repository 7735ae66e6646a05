"""Spoil a shipped model so that it asks for less control, or another: what a careless or dishonest author might deploy.

A mutant is made from a seed alone. It need not be sound, and mostly would not be accepted for deployment: what holds
must hold whatever a diagram says.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from workflow_app.engine import bundles, compiler, cycles, parsing
from workflow_app.engine.checking import MAIN
from workflow_app.engine.document import BEREDD, BPMN, Document
from workflow_app.engine.net import Net

_B, _OWN = f"{{{BPMN}}}", f"{{{BEREDD}}}"
#: Steps by which somebody else than the writer looks at a proposal, and the page that holds them all.
_CONTROLS = frozenset({"review", "consult", "answer", "present"})
_PAGES = frozenset({"kontroll", "eskalering", "jav_check"})
_NEVER = ("1 = 2", "amount > 1000000000", "principle = true", "null")
#: Roles that any diagram might hand a step to.
_ANYBODY = ("INSP", "HL", "REG", "INSP HL REG", "AC_N", "ORDER")

Files = Mapping[str, bytes]


@cache
def bundle(folder: Path) -> Files:
    """Return the files of a shipped model."""
    return bundles.read_bundle(folder)


@cache
def _document(data: bytes, name: str) -> Document | None:
    return parsing.parse(data, file=name).document


def net(files: Files) -> Net | None:
    """Compile a model, sound or not; ``None`` for one that is no BPMN."""
    documents: dict[str, Document] = {}
    for name in sorted(name for name in files if name.endswith(".bpmn")):
        document = _document(files[name], name)
        if document is None:
            return None
        documents |= {process.id: document for process in document.processes}
    main = next(process for process, document in documents.items() if document.file == MAIN)
    return compiler.compile_net(documents, main)


def mutant(folder: Path, rng: random.Random) -> tuple[Net, tuple[str, ...]]:
    """Return a shipped model spoiled in one to three places, and what was done to it."""
    while True:
        files, done = spoiled(folder, rng)
        made = net(files)
        # One that can't be read at all, or runs in a circle without waiting for anybody, drives no case.
        if made is not None and not cycles.find(made):
            return made, done


def spoiled(folder: Path, rng: random.Random) -> tuple[Files, tuple[str, ...]]:
    """Return the files of a shipped model with one to three spoiled places, and what was done to each."""
    files = dict(bundle(folder))
    done = []
    for _ in range(rng.randint(1, 3)):
        name = rng.choice(sorted(name for name in files if name.endswith(".bpmn") and _targets(files[name])))
        root = etree.fromstring(files[name])
        step = rng.choice(_controls(root) or _steps(root))
        way = rng.choice(_WAYS)
        way(step, rng)
        done.append(f"{way.__name__.strip('_')} {name}#{step.get('id')}")
        files[name] = etree.tostring(root)
    return files, tuple(done)


@cache
def _targets(data: bytes) -> bool:
    root = etree.fromstring(data)
    return bool(_controls(root) or _steps(root))


def _steps(root: Any) -> list[Any]:
    return [task for task in root.iter(f"{_B}userTask") if task.find(f".//{_OWN}step") is not None]


def _controls(root: Any) -> list[Any]:
    looked_up = [task for task in root.iter(f"{_B}businessRuleTask") if task.find(f".//{_OWN}table") is not None]
    called = [page for page in root.iter(f"{_B}callActivity") if page.get("calledElement") in _PAGES]
    steps = [task for task in _steps(root) if task.find(f".//{_OWN}step").get("act") in _CONTROLS]
    return [*steps, *looked_up, *called]


def _flows(step: Any, end: str) -> list[Any]:
    """Return the flows that begin (``sourceRef``) or end (``targetRef``) at a step."""
    return [flow for flow in step.getparent().iter(f"{_B}sequenceFlow") if flow.get(end) == step.get("id")]


def _removed(step: Any, rng: random.Random) -> None:
    """Lead every way to the step past it."""
    onward = _flows(step, "sourceRef")
    for flow in _flows(step, "targetRef") if onward else ():
        flow.set("targetRef", onward[0].get("targetRef"))


def _duplicated(step: Any, rng: random.Random) -> None:
    """Put a twin of the step after it, as if doing it twice were two persons doing it."""
    twin = copy.deepcopy(step)
    twin.set("id", f"{step.get('id')}_twin_{rng.randrange(10**6)}")
    for flow in _flows(step, "sourceRef"):
        flow.set("sourceRef", twin.get("id"))
    step.addnext(twin)
    _flow(step, twin)


def _rerouted(step: Any, rng: random.Random) -> None:
    """Lead one way to the step somewhere else on the same page."""
    places = [
        node.get("id")
        for node in step.getparent()
        if node.tag.endswith(("Task", "Gateway", "callActivity", "endEvent", "subProcess")) and node is not step
    ]
    arriving = _flows(step, "targetRef")
    if arriving and places:
        rng.choice(arriving).set("targetRef", rng.choice(places))


def _conditional(step: Any, rng: random.Random) -> None:
    """Ask for the step only where something holds that seldom does."""
    onward = _flows(step, "sourceRef")
    if not onward:
        return
    gateway = etree.Element(f"{_B}exclusiveGateway", id=f"{step.get('id')}_asked_{rng.randrange(10**6)}")
    for flow in _flows(step, "targetRef"):
        flow.set("targetRef", gateway.get("id"))
    step.addprevious(gateway)
    asked = _flow(gateway, step)
    condition = etree.SubElement(asked, f"{_B}conditionExpression")
    condition.set("{http://www.w3.org/2001/XMLSchema-instance}type", f"{step.prefix}:tFormalExpression")
    condition.text = rng.choice(_NEVER)
    passed = _flow(gateway, step)
    passed.set("targetRef", onward[0].get("targetRef"))
    gateway.set("default", passed.get("id"))


def _disguised(step: Any, rng: random.Random) -> None:
    """Let the step be any handling, under the same name."""
    for told in step.iter(f"{_OWN}step"):
        told.set("act", "handle")
        told.set("role", rng.choice(_ANYBODY))


def _handed_to_others(step: Any, rng: random.Random) -> None:
    """Let other roles do the step, and other roles decide on the same page."""
    for told in step.getparent().iter(f"{_OWN}step"):
        if told.get("act") == "decide" or told in step.iter():
            told.set("role", rng.choice(_ANYBODY))


_WAYS: tuple[Callable[[Any, random.Random], None], ...] = (
    _removed,
    _duplicated,
    _rerouted,
    _conditional,
    _disguised,
    _handed_to_others,
)


def _flow(source: Any, target: Any) -> Any:
    """Put a flow between two nodes of a page."""
    page = target.getparent()
    flow = etree.Element(
        f"{_B}sequenceFlow",
        id=f"{source.get('id')}_to_{target.get('id')}_{len(page)}",
        sourceRef=source.get("id"),
        targetRef=target.get("id"),
    )
    last = [child for child in page if child.tag == f"{_B}sequenceFlow"][-1]
    last.addnext(flow)
    return flow
