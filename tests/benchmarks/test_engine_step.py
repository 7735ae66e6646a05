"""The timed case is the same in the net and in SpiffWorkflow."""

from __future__ import annotations

from benchmarks import engine_step
from workflow_app.engine import net


def test_the_timed_case_has_forty_nodes_and_waits_alike_in_both_at_every_step() -> None:
    document = engine_step.read()
    ours, theirs = engine_step.NetCase(document), engine_step.SpiffWorkflowCase(document)
    state, other = ours.start(), theirs.start()

    for step, facts in [*engine_step.script(2), (engine_step.MEASURED, engine_step.FACTS)]:
        state, other = ours.complete(state, step, facts), theirs.complete(other, step, facts)
        waiting = sorted(wait.node for wait in net.waits(ours.net, net.Marking.loads(state)))
        assert waiting == [wait.node for wait in theirs.reference.waits()]

    assert waiting == ["decide"]
    assert len(ours.net.nodes) == engine_step.NODES


def test_the_state_of_the_net_does_not_grow_with_returns() -> None:
    ours = engine_step.NetCase(engine_step.read())

    assert len(engine_step.after(ours, 50)) <= len(engine_step.after(ours, 0)) + 4
