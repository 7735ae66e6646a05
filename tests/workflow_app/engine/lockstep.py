"""Walk a model in the net and in the reference at once, and say where they part."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow_app.engine import compiler, net, parsing
from workflow_app.engine.document import Document
from workflow_app.engine.errors import NoFlowTaken
from workflow_app.engine.reference import Reference, ReferenceFailed, ReferenceWait

Draw = Callable[[random.Random], dict[str, Any]]


@dataclass(slots=True)
class Walk:
    """What a walk did, and the difference it found, if any."""

    steps: list[str] = field(default_factory=list)
    wrapped: int = 0
    ended: bool = False
    difference: str = ""

    def differ(self, what: str, ours: object, theirs: object) -> Walk:
        self.difference = f"{what}: the net says {ours}, SpiffWorkflow says {theirs}"
        return self


def read(files: Mapping[str, bytes]) -> dict[str, Document]:
    """Read files into documents by process id, all of which must be accepted by the reader."""
    documents = {}
    for name, data in files.items():
        parsed = parsing.parse(data, file=name)
        assert parsed.document is not None, parsed.findings
        documents |= {process.id: parsed.document for process in parsed.document.processes}
    return documents


def walk(
    documents: Mapping[str, Document],
    process: str,
    *,
    seed: int,
    draw: Draw,
    start_event: str | None = None,
    most: int = 40,
) -> Walk:
    """Run one case in both, with random facts and order; the marking is saved and loaded before each step."""
    rng = random.Random(seed)
    done = Walk()
    compiled = compiler.compile_net(documents, process)
    reference = Reference(documents.values(), process, start_event=start_event)
    done.wrapped = len(reference.wrapped)
    facts = draw(rng)
    done.steps.append(f"start with {facts}")

    def both(ours: Callable[[], net.Move], theirs: Callable[[], None]) -> net.Move | None:
        """Step both; ``None`` when both refuse because no flow can be taken."""
        try:
            moved = ours()
        except NoFlowTaken as refusal:
            try:
                theirs()
            except ReferenceFailed:
                done.ended = True
                return None
            done.differ("no flow to take", refusal, reference.waits())
            return None
        theirs()
        return moved

    moved = both(lambda: net.start(compiled, facts, start_event=start_event), lambda: reference.start(facts))
    while moved is not None:
        marking = net.Marking.loads(moved.marking.dumps())
        if marking != moved.marking:
            return done.differ("saved and loaded", marking, moved.marking)
        waits = {_named(wait): wait for wait in net.waits(compiled, marking) if wait.kind != "SCOPE"}
        open_here, open_there = _open(compiled, marking), list(reference.waits())
        if open_here != open_there:
            return done.differ("waits", open_here, open_there)
        armed_here, armed_there = _armed(compiled, marking), list(reference.boundaries())
        if not _same_events(compiled, armed_here, armed_there):
            return done.differ("boundary events", armed_here, armed_there)
        if marking.ended != reference.ended:
            return done.differ("ended", marking.ended, reference.ended)
        if marking.ended or len(done.steps) > most:
            done.ended = marking.ended
            return done
        if not open_here:
            return done.differ("stuck", marking, "the same")

        facts = draw(rng)
        if armed_there and rng.random() < 0.2:
            event = rng.choice(armed_there)
            done.steps.append(f"{event.node} fires (instance {event.instance}) with {facts}")
            host = next(w for w in net.waits(compiled, marking) if event.node in w.boundaries and _same(w, event))
            moved = both(
                lambda: net.interrupt(compiled, marking, host.token, event.node, facts),  # noqa: B023
                lambda: reference.interrupt(event, facts),  # noqa: B023
            )
        else:
            chosen = rng.choice(open_here)
            done.steps.append(f"{chosen.node} done (instance {chosen.instance}) with {facts}")
            moved = both(
                lambda: net.complete(compiled, marking, waits[chosen].token, facts),  # noqa: B023
                lambda: reference.complete(chosen, facts),  # noqa: B023
            )
    return done


def _named(wait: net.Wait) -> ReferenceWait:
    return ReferenceWait(wait.node, -1 if wait.instance is None else wait.instance)


def _same(wait: net.Wait, event: ReferenceWait) -> bool:
    return event.instance == (-1 if wait.instance is None else wait.instance)


def _open(compiled: net.Net, marking: net.Marking) -> list[ReferenceWait]:
    return sorted(_named(wait) for wait in net.waits(compiled, marking) if wait.kind != "SCOPE")


def _armed(compiled: net.Net, marking: net.Marking) -> list[ReferenceWait]:
    return sorted(
        ReferenceWait(event, _named(wait).instance)
        for wait in net.waits(compiled, marking)
        for event in wait.boundaries
    )


def _same_events(compiled: net.Net, ours: list[ReferenceWait], theirs: list[ReferenceWait]) -> bool:
    """Compare armed boundary events.

    One that does not interrupt stays armed in the net, where the timer table and the message decide how often it
    fires; in SpiffWorkflow it fires once. So theirs may be fewer there, and nowhere else.
    """
    strict = [event for event in ours if compiled.node(event.node).interrupting]
    return strict == [e for e in theirs if compiled.node(e.node).interrupting] and set(theirs) <= set(ours)
