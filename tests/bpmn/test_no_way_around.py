"""No way through a shipped model leads past a rule: whatever the diagram leaves out, the order asks at the decision.

The models are walked as graphs, every choice open, so that what is found impossible is so for every case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from delegation.authorizer import is_authorized
from delegation.types import Act, Verdict
from tests.bpmn.models import CASE_TYPES
from tests.delegation.authority import NEUTRAL, grant, request, shipped
from workflow_app.engine import bundles, checking
from workflow_app.engine.net import Net
from workflow_app.engine.nodes import CONTAINERS, Node, NodeKind

each_process = pytest.mark.parametrize("folder", CASE_TYPES, ids=lambda path: path.name)

DEMANDS = ("DEMAND_REPORT_1", "DEMAND_REPORT_2", "DEMAND_REPORT_3")
DEFICIENCIES = (*DEMANDS, "DEFICIENCY_NO_DEMAND")
INTERVENTIONS = ("BAN_AFTER", "REVOKE_AFTER", "BAN_DIRECT", "REVOKE_DIRECT", "INTERIM_BAN", "INTERIM_EXTEND")
#: Rule, the bar that says so, the decisions it governs, the case types (``None``: any), and what the file then holds.
RULES: tuple[tuple[str, str, tuple[str, ...], frozenset[str] | None, Mapping[str, Any]], ...] = (
    ("R-35", "FINE_CONSIDERED", DEFICIENCIES, None, {"vite_considered": None}),
    ("R-35", "FINE_CONSIDERED", DEFICIENCIES, None, {"vite_reason": None}),
    ("R-36", "NEXT_LEVEL_REASON", ("DEMAND_REPORT_2", "DEMAND_REPORT_3"), None, {"next_level_reason": None}),
    ("R-36", "DEMAND_IN_ORDER", ("DEMAND_REPORT_2", "DEMAND_REPORT_3"), None, {"stage_number": None}),
    ("R-38", "CHILD_RECORD", (*DEFICIENCIES, "NO_DEFICIENCY"), frozenset({"FTB"}), {}),
    ("R-39", "USERS_HEARD", (*DEFICIENCIES, "NO_DEFICIENCY"), frozenset({"ETV", "NTS"}), {"user_heard": None}),
    ("R-39", "USERS_HEARD", ("CRITICISM", "NO_CRITICISM"), frozenset({"EKP"}), {"user_heard": None}),
    ("R-40", "STATEMENTS_WEIGHED", (*DEFICIENCIES, "NO_DEFICIENCY"), None, {"statements": "Dörren är låst."}),
    ("R-41", "PLAN_VERIFIED", ("FINAL_ACCEPTED", "NO_DEFICIENCY"), None, {"stage_number": 1}),
    (
        "R-42",
        "VERIFIED_AS_REQUIRED",
        ("FINAL_ACCEPTED",),
        None,
        {"deficiencies": [{"area": "ABUSE"}], "plan_verifications": [{"measure": "Rutin", "verified_by": "WRITTEN"}]},
    ),
    ("R-44", "PLAN_COMMUNICATED", ("HSAN_PROBATION",), None, {"plan_communicated": None}),
    ("R-46", "DRAFT_ANSWERED", ("CRITICISM", "NO_CRITICISM"), frozenset({"EKP"}), {"draft_answered": None}),
    ("R-47", "COMMUNICATED", (*DEFICIENCIES, "INJUNCTION", "INJUNCTION_FINE"), None, {"communicated": None}),
    ("R-47", "COMMUNICATED", ("PERMIT_REFUSE_CONTENT", "PERMIT_REFUSE_SUITABILITY"), None, {"communicated": None}),
    ("R-48", "MEASURES_AND_DATE", ("INJUNCTION", "INJUNCTION_FINE"), None, {"measures": None}),
    ("R-48", "MEASURES_AND_DATE", ("INJUNCTION", "INJUNCTION_FINE"), None, {"latest_date": None}),
    ("R-49", "EARLIER_FINE_FINAL", ("INJUNCTION_FINE",), None, {"earlier_fine_final": None}),
    ("R-50", "FEE_WITHIN_LAW", ("FEE_APPLICATION",), None, {"amount": 9_999}),
    ("R-50", "SERVICE_LIMIT", ("FEE_APPLICATION",), None, {"service_limit_passed": None}),
    ("R-88", "INJUNCTION_WHERE_NEEDED", DEFICIENCIES, None, {"provider_fails_duties": True, "danger": True}),
    ("R-89", "HSAN_REPORT_WHERE_GROUNDS", ("NO_CRITICISM",), frozenset({"TLP"}), {"hsan_grounds_found": True}),
    ("R-89", "OFFENCE_REPORTED", ("NO_CRITICISM",), frozenset({"TLP"}), {"offence_suspected": True}),
    ("R-90", "CLOSING_CODED", ("CLOSE_WITHOUT_APPLICATION",), None, {"closing_code": None}),
    ("R-91", "INJUNCTION_NOT_FOLLOWED", ("BAN_AFTER", "REVOKE_AFTER"), None, {"injunction_not_followed": None}),
    ("R-91", "DANGER_SHOWN", ("BAN_DIRECT", "REVOKE_DIRECT"), None, {"danger": None}),
)
#: What the order's neutral file says already, and what no step has recorded where a diagram leaves the step out.
UNRECORDED = {"no_child_conversation_accepted": None}

#: Processes in which nothing is decided, and where it is decided instead.
DECIDE_NOTHING: Mapping[str, str] = {
    "evb_quarter": "the calendar's list of boards that have reported; each report is decided in its own case",
    "uppl_triage": "the week's order of work; class, supervision and forwarding are decided information by information",
}


@cache
def net_of(folder: Path) -> tuple[Net, str]:
    """Return the net of a case type's process, with everything it calls, and the case type."""
    checked = checking.check(bundles.read_bundle(folder))
    assert checked.net is not None, checked.findings
    return checked.net, checked.case_type


def reached(net: Net, *, without: Act) -> set[str]:
    """Return what can be reached from the starts by any way that passes no step of one act."""
    nodes: dict[str, Node] = {node.id: node for node in net.nodes}
    onward: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for flow in net.flows:
        # A page or subprocess goes on when something in it has come to an end, not when it is entered.
        (after if nodes[flow.source].kind in CONTAINERS else onward)[flow.source].add(flow.target)
    for node in net.nodes:
        if node.attached_to:
            onward[node.attached_to].add(node.id)
        if node.parent and node.kind in {NodeKind.START, NodeKind.EVENT_SUBPROCESS}:
            onward[node.parent].add(node.id)
    for node in net.nodes:
        if node.parent and node.kind in {NodeKind.END, NodeKind.TERMINATE}:
            onward[node.id] |= after[node.parent]
    seen = {node.id for node in net.nodes if node.step and node.step.act == without.value.lower()}
    closed = frozenset(seen)
    waiting = [node.id for node in net.nodes if node.kind is NodeKind.START and not node.parent]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += onward[here]
    return seen - closed


@each_process
def test_nothing_is_dispatched_on_a_way_without_a_decision(folder: Path) -> None:
    """R-65: invariant 4 of domain 5.12."""
    net, _ = net_of(folder)
    dispatches = {node.id for node in net.nodes if node.step and node.step.act == Act.DISPATCH.value.lower()}

    assert dispatches <= reached(net, without=Act.ANSWER)
    assert not dispatches & reached(net, without=Act.DECIDE)


def answer(case_type: str, decision_type: str, **told: Any) -> Verdict:
    """Return the order's answer to the director-general, whom no level keeps from anything."""
    return is_authorized(request(decision_type, grant("GD", None), case_type=case_type, **told), shipped())


def governed() -> list[Any]:
    cases = []
    for rule, code, decision_types, case_types, file in RULES:
        for case_type, decision_type in sorted(shipped().index):
            if decision_type in decision_types and (case_types is None or case_type in case_types):
                name = f"{rule}-{case_type}-{decision_type}-{'+'.join(file) or 'nothing'}"
                cases.append(pytest.param(rule, code, case_type, decision_type, file, id=name))
    return cases


@pytest.mark.parametrize(("rule", "code", "case_type", "decision_type", "file"), governed())
def test_the_gate_refuses_what_a_way_around_a_rule_would_bring_to_it(
    rule: str, code: str, case_type: str, decision_type: str, file: Mapping[str, Any]
) -> None:
    """R-35, R-36, R-38, R-39, R-40, R-41, R-42, R-44, R-46, R-47, R-48, R-49, R-50, R-88, R-89, R-90, R-91"""
    verdict = answer(case_type, decision_type, facts={**UNRECORDED, **file})

    assert (code, rule) in {(bar.code, bar.rule_id) for bar in verdict.bars}


@pytest.mark.parametrize("decision_type", INTERVENTIONS)
def test_no_ban_is_decided_on_a_way_without_the_chief_jurist(decision_type: str) -> None:
    """R-37"""
    prepared = request(decision_type, grant("GD", None)).prior_acts
    unheard = tuple(act for act in prepared if act.act is not Act.CONSULT)

    assert "JURIST_HEARD" in {bar.code for bar in answer("ETV", decision_type, prior_acts=unheard).bars}


@each_process
def test_every_decision_of_a_model_is_asked_of_the_order(folder: Path) -> None:
    """A decision is a step of a person; no automatic step, timer or message takes one."""
    net, _ = net_of(folder)
    assert not DECIDE_NOTHING.keys() - {known.name for known in CASE_TYPES}
    deciding = [node for node in net.nodes if node.step and node.step.act == Act.DECIDE.value.lower()]

    assert bool(deciding) == (folder.name not in DECIDE_NOTHING)
    assert {node.kind for node in deciding} <= {NodeKind.USER}


def test_the_neutral_file_holds_what_the_rules_ask_for() -> None:
    """Otherwise a refusal above could have another cause than the one it names."""
    assert {name for *_, file in RULES for name in file if file[name] is None} <= {*NEUTRAL, "stage_number"}
