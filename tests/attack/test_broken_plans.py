"""A plan of measures that was not kept is not closed by calling it kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.attack import mutants
from tests.bpmn.models import CASE_TYPES
from workflow_app.cases import plans
from workflow_app.cases.facts import CaseFacts

FOLLOWING_UP = [folder for folder in CASE_TYPES if "shared/uppfoljning.bpmn" in mutants.bundle(folder)]


@pytest.mark.parametrize(
    "known",
    [
        {"plan_results": [{"result": "KEPT"}, {"result": "NOT_KEPT"}]},
        {"unverified_items": 1},
        {"action_plan": [{"measure": "Rutin"}], "plan_verifications": [{"measure": "Annat", "verified_by": "VISIT"}]},
    ],
)
def test_r_43_a_plan_with_a_point_that_was_not_kept_or_verified_is_not_kept_whoever_says_so(
    known: dict[str, Any],
) -> None:
    turn: Any = SimpleNamespace(facts=CaseFacts(values={**known, "plan_kept": True}))

    plans.count(turn, {"plan_kept", "plan_verifications"})

    assert turn.facts.values["plan_kept"] is False


@pytest.mark.parametrize("folder", FOLLOWING_UP, ids=lambda folder: folder.name)
def test_r_43_what_is_not_said_to_be_kept_leads_to_the_next_step_within_five_working_days(folder: Any) -> None:
    net = mutants.net(mutants.bundle(folder))
    assert net is not None
    asked = [flow for flow in net.flows if flow.source.endswith("plan_checked")]

    assert asked
    # Silence is not success: the way on is the default, and only what is said to be kept leads past it.
    for flow in asked:
        assert flow.default == flow.target.endswith("propose_next_step")
        assert flow.default or flow.text == "plan_kept = true"
        assert not flow.default or net.node(flow.target).step.due == "5wd"  # type: ignore[union-attr]
