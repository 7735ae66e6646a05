"""Time one step of a case with 40 nodes: load its state, complete one user task, save its state.

The same model runs in Beredd's net and in SpiffWorkflow with its own JSON serializer, fresh and after a number of
returns for more preparation.

    python -m benchmarks.engine_step [--quick] [--format json]
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from workflow_app.engine import compiler, net, parsing
from workflow_app.engine.document import Document
from workflow_app.engine.reference import Reference, ReferenceWait

RETURNS = (0, 10, 50)
NODES = 40
FACTS: Mapping[str, Any] = {"returned": False, "amount": 60_000}
STEPS_BEFORE = ("register", "assess", "plan", "announce", "inspect", "hear", "describe", "communicate", "summarise")
ANSWERS = ("review", "legal_opinion", "medical_opinion", "ethics", "statistics")
STEPS_AFTER = (
    "sign",
    "dissent",
    "dispatch",
    "inform",
    "follow_up",
    "verify",
    "correct",
    "close",
    "conclude",
    "archive",
)
#: The step that is timed.
MEASURED = "present"


def model() -> bytes:
    """Write a case that is prepared, answered in parallel, presented and decided, or returned for more preparation."""
    nodes = [
        *_tags("startEvent", "start"),
        *_tags("userTask", *STEPS_BEFORE, "prepare", "present", "decide", *STEPS_AFTER),
        *_tags("exclusiveGateway", "again"),
        '<exclusiveGateway id="returned" default="f_on"/>',
        '<exclusiveGateway id="large" default="f_small"/>',
        *_tags("userTask", "extra_check", "note"),
        *_tags("exclusiveGateway", "checked"),
        *_tags("endEvent", "end"),
    ]
    inner = "".join(
        [
            *_tags("startEvent", "asked"),
            *_tags("parallelGateway", "split", "join"),
            *_tags("userTask", *ANSWERS),
            *_tags("endEvent", "answered"),
            *_chain("asked", "split"),
            *(flow for answer in ANSWERS for flow in _chain("split", answer, "join")),
            *_chain("join", "answered"),
        ]
    )
    flows = [
        *_chain("start", *STEPS_BEFORE, "again", "prepare", "control", "present", "decide", "returned"),
        _flow("f_again", "returned", "again", "returned = true"),
        _flow("f_on", "returned", "large"),
        _flow("f_large", "large", "extra_check", "amount > 50000"),
        _flow("f_small", "large", "note"),
        *_chain("extra_check", "checked"),
        *_chain("note", "checked"),
        *_chain("checked", *STEPS_AFTER, "end"),
    ]
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:beredd:benchmark">'
        f'<process id="case" isExecutable="true">{"".join(nodes)}<subProcess id="control">{inner}</subProcess>'
        f"{''.join(flows)}</process></definitions>"
    ).encode()


def _tags(tag: str, *names: str) -> Iterator[str]:
    return (f'<{tag} id="{name}"/>' for name in names)


def _flow(identity: str, source: str, target: str, condition: str | None = None) -> str:
    inner = (
        f"<conditionExpression>{condition.replace('>', '&gt;')}</conditionExpression>" if condition is not None else ""
    )
    return f'<sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def _chain(*names: str) -> Iterator[str]:
    return (_flow(f"{a}_to_{b}", a, b) for a, b in pairwise(names))


def read() -> Document:
    """Read the model as deployment does."""
    parsed = parsing.parse(model(), file="case.bpmn")
    assert parsed.document is not None, parsed.findings
    return parsed.document


def turn(*, returned: bool) -> list[tuple[str, Mapping[str, Any]]]:
    """List the steps of one turn of preparation and their facts."""
    steps = ["prepare", *(f"control/{answer}" for answer in ANSWERS), "present", "decide"]
    return [(step, {**FACTS, "returned": returned}) for step in steps]


def script(returns: int) -> list[tuple[str, Mapping[str, Any]]]:
    """List the steps of a case up to the one that is timed, after a number of returns."""
    steps: list[tuple[str, Mapping[str, Any]]] = [(step, FACTS) for step in STEPS_BEFORE]
    for _ in range(returns):
        steps += turn(returned=True)
    return steps + turn(returned=False)[:-2]


class NetCase:
    """The case in the net."""

    def __init__(self, document: Document) -> None:
        self.net = compiler.compile_net({"case": document}, "case")
        assert len(self.net.nodes) == NODES, len(self.net.nodes)

    def start(self) -> str:
        return net.start(self.net, FACTS).marking.dumps()

    def complete(self, state: str, step: str, facts: Mapping[str, Any]) -> str:
        marking = net.Marking.loads(state)
        token = next(wait.token for wait in net.waits(self.net, marking) if wait.node == step)
        return net.complete(self.net, marking, token, facts).marking.dumps()


class SpiffWorkflowCase:
    """The same case in SpiffWorkflow, its whole state as one JSON text, as it would lie in one row of a table."""

    def __init__(self, document: Document) -> None:
        self.reference = Reference([document], "case")

    def start(self) -> str:
        self.reference.start(FACTS)
        return self.reference.dumps()

    def complete(self, state: str, step: str, facts: Mapping[str, Any]) -> str:
        self.reference.loads(state)
        self.reference.complete(ReferenceWait(step), facts)
        return self.reference.dumps()


def after(case: NetCase | SpiffWorkflowCase, returns: int) -> str:
    """Run a case to the step that is timed."""
    state = case.start()
    for step, facts in script(returns):
        state = case.complete(state, step, facts)
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Medians after a number of returns."""

    returns: int
    net_us: float
    net_bytes: int
    spiffworkflow_us: float
    spiffworkflow_bytes: int
    times_faster: float


def run(*, quick: bool) -> list[Result]:
    """Time both, the states in turns so that a busy machine disturbs all alike."""
    document = read()
    ours, theirs = NetCase(document), SpiffWorkflowCase(document)
    net_states = {returns: after(ours, returns) for returns in RETURNS}
    # Driven without a save at each step, which would take minutes here.
    spiff_states = {returns: _driven(document, returns) for returns in RETURNS}
    net_times = _timed(ours.complete, net_states, rounds=300 if quick else 3_000)
    spiff_times = _timed(theirs.complete, spiff_states, rounds=3 if quick else 15)
    return [
        Result(
            returns=returns,
            net_us=round(net_times[returns] * 1e6, 1),
            net_bytes=len(net_states[returns]),
            spiffworkflow_us=round(spiff_times[returns] * 1e6, 1),
            spiffworkflow_bytes=len(spiff_states[returns]),
            times_faster=round(spiff_times[returns] / net_times[returns], 1),
        )
        for returns in RETURNS
    ]


def _driven(document: Document, returns: int) -> str:
    reference = Reference([document], "case")
    reference.start(FACTS)
    for step, facts in script(returns):
        reference.complete(ReferenceWait(step), facts)
    return reference.dumps()


def _timed(
    complete: Callable[[str, str, Mapping[str, Any]], str], states: Mapping[int, str], *, rounds: int
) -> dict[int, float]:
    times: dict[int, list[float]] = {returns: [] for returns in states}
    for _ in range(rounds):
        for returns, state in states.items():
            begun = time.perf_counter()
            complete(state, MEASURED, FACTS)
            times[returns].append(time.perf_counter() - begun)
    return {returns: statistics.median(each) for returns, each in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    arguments = parser.parse_args()
    results = run(quick=arguments.quick)
    drift = results[-1].net_us / results[0].net_us
    if arguments.format == "json":
        report = {
            "benchmark": "engine_step",
            "nodes": NODES,
            "python": platform.python_version(),
            "net_drift": round(drift, 3),
            "results": [asdict(result) for result in results],
        }
        print(json.dumps(report, indent=2))
        return
    print(f"One step (load, complete, save) of a case with {NODES} nodes; medians")
    print(f"{'returns':>8} {'net':>10} {'bytes':>7} {'SpiffWorkflow':>15} {'bytes':>10} {'times':>8}")
    for r in results:
        print(
            f"{r.returns:>8} {r.net_us:>7.1f} µs {r.net_bytes:>7} {r.spiffworkflow_us / 1000:>12.1f} ms"
            f" {r.spiffworkflow_bytes:>10} {r.times_faster:>8.0f}"
        )
    print(f"the net after {results[-1].returns} returns against fresh: {drift:.2f}")


if __name__ == "__main__":
    main()
