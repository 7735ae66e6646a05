"""The net, the soundness search and the verdict: what needs no database.

``python -m benchmarks.rules [--quick] [--format json]``
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import measuring
from delegation import Act, Actor, DecisionRequest, DelegationOrder, Grant, is_authorized, load_order
from delegation.types import Answer, PriorAct
from workflow_app.engine import compiler, net, parsing, soundness
from workflow_app.engine.document import Document
from workflow_app.engine.net import Marking, Net, WaitKind

BPMN = Path(__file__).resolve().parents[1] / "bpmn"
#: Facts of a proposal that needs four eyes, a jurist and a joint preparation with three roles, and is sent back.
RETURNED = {
    "four_eyes_required": True,
    "jurist_required": True,
    "joint_preparation_required": True,
    "joint_participants": [{"code": "JB-6", "role": role} for role in ("AJ", "EC_N:FTB", "INSP:FTB")],
    "outcome": "RETURN",
    "returned": True,
}
#: The same proposal, accepted: the case goes on to the decision.
ACCEPTED = RETURNED | {"outcome": "AGREE", "returned": False, "rapporteur_required": True}


def documents() -> dict[str, Document]:
    """Return every shipped model by process id."""
    found = {}
    for path in sorted(BPMN.glob("*/*.bpmn")):
        document = parsing.parse(path.read_bytes(), file=path.name).document
        assert document is not None, path
        found |= {process.id: document for process in document.processes}
    return found


def shipped() -> dict[str, Net]:
    known = documents()
    return {process: compiler.compile_net(known, process) for process in known}


def _step(model: Net, marking: Marking, facts: dict[str, Any]) -> Marking:
    """Complete the oldest wait that somebody or something completes."""
    wait = next(
        each for each in net.waits(model, marking) if each.kind in {WaitKind.USER, WaitKind.RULE, WaitKind.OPERATION}
    )
    return net.complete(model, marking, wait.token, facts).marking


def _until(model: Net, marking: Marking, node: str, facts: dict[str, Any]) -> Marking:
    """Go on until the node is waited for, one step at least."""
    marking = _step(model, marking, facts)
    while not any(wait.node.endswith(node) for wait in net.waits(model, marking)):
        marking = _step(model, marking, facts)
    return marking


def net_step(*, runs: int) -> dict[str, Any]:
    """One step of an ETV case, state read and written, before and after fifty returns."""
    model = shipped()["etv"]
    marking = _until(
        model, net.start(model, ACCEPTED, start_event="signal_received").marking, "write_proposal", ACCEPTED
    )
    figures: dict[str, Any] = {"nodes": len(model.nodes)}
    for returns in (0, 50):
        for _ in range(returns):
            marking = _until(model, marking, "write_proposal", RETURNED)
        before = marking.dumps()
        token = next(wait.token for wait in net.waits(model, marking) if wait.node.endswith("write_proposal"))

        def step(before: str = before, token: int = token) -> None:
            net.complete(model, Marking.loads(before), token, ACCEPTED).marking.dumps()

        timed = measuring.repeated(step, runs=runs, inner=20)
        figures[f"after_{returns}_returns"] = {**measuring.plain(timed), "bytes": len(before)}
    return figures


def soundness_search(*, runs: int) -> dict[str, Any]:
    """The search of every shipped model; the slowest is the figure that must hold."""
    figures = {}
    for process, model in shipped().items():
        result = soundness.check(model)
        timed = measuring.repeated(lambda model=model: soundness.check(model), runs=runs)  # type: ignore[misc]
        figures[process] = {"nodes": len(model.nodes), "states": result.states, **measuring.plain(timed)}
    return figures


#: What the file of an injunction with fine holds.
FILE: dict[str, Any] = {
    "user_heard": True,
    "communicated": True,
    "measures": "Bemanna natten.",
    "latest_date": date(2026, 6, 1),
    "earlier_fine_final": True,
}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def order() -> DelegationOrder:
    files = {path.name: path.read_bytes() for path in (BPMN / "delegation_order").iterdir() if path.is_file()}
    return load_order(files, number="benchmark", valid_from=NOON - timedelta(days=30))


def _grant(person: str, role: str) -> Grant:
    return Grant(
        id=f"grant of {person}",
        person=person,
        role=role,
        case_types=frozenset({"ETV"}),
        valid_from=NOON - timedelta(days=10),
        granted_by="gd",
    )


def _acted(act: Act, person: str, role: str, answer: Answer | None = None) -> PriorAct:
    return PriorAct(act=act, person=person, role=role, at=NOON - timedelta(hours=2), proposal="hash", answer=answer)


def injunction_with_fine() -> DecisionRequest:
    """May the head of department decide an injunction with fine, everything prepared as the row asks?"""
    return DecisionRequest(
        case="case",
        case_type="ETV",
        act=Act.DECIDE,
        actor=Actor(person="acn_etv", grants=(_grant("acn_etv", "AC_N"),)),
        at=NOON,
        decision_type="INJUNCTION_FINE",
        facts=FILE | {"amount": 50_000},
        prior_acts=(
            _acted(Act.REVIEW, "insp_018", "INSP", Answer.AGREE),
            _acted(Act.CONSULT, "bcj_02", "BCJ", Answer.AGREE),
            _acted(Act.PRESENT, "insp_017", "INSP"),
        ),
        proposal="hash",
        prepared_by=frozenset({"insp_017"}),
        rapporteur="insp_017",
        cleared=frozenset({"acn_etv", "insp_017", "insp_018"}),
    )


def verdicts(*, runs: int) -> dict[str, Any]:
    """One answer with its full explanation, over the full order."""
    adopted = order()
    allowed = injunction_with_fine()
    too_low = replace(allowed, actor=Actor(person="insp_019", grants=(_grant("insp_019", "INSP"),)))
    unprepared = replace(allowed, prior_acts=())
    assert is_authorized(allowed, adopted).allowed
    figures: dict[str, Any] = {}
    for name, request in {"allowed": allowed, "too_low": too_low, "unprepared": unprepared}.items():
        timed = measuring.repeated(lambda request=request: is_authorized(request, adopted), runs=runs, inner=20)  # type: ignore[misc]
        figures[name] = {"bars": len(is_authorized(request, adopted).bars), **measuring.plain(timed)}
    return figures


def compile_all() -> float:
    begun = time.perf_counter()
    shipped()
    return round((time.perf_counter() - begun) * 1000, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    figures = {
        "net_step": net_step(runs=50 if options.quick else 500),
        "verdict": verdicts(runs=50 if options.quick else 500),
        "soundness": soundness_search(runs=3 if options.quick else 15),
        "read_and_compile_all_models_ms": compile_all(),
    }
    if options.format == "json":
        print(json.dumps(figures, indent=2))
        return
    for name, figure in figures.items():
        print(f"\n{name}")
        for key, value in figure.items() if isinstance(figure, dict) else [("", figure)]:
            print(f"    {key:20} {value}")


if __name__ == "__main__":
    main()
