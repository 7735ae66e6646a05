"""How SpiffWorkflow tells time: why due times are rows of ours and the engine never reads a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions import timer as timers
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from tests.spiff_facts.models import case, finish, flows, make_due, node, ready_names, timer

DEADLINE = (
    node("startEvent", "start"),
    node("userTask", "decide"),
    node("boundaryEvent", "late", timer(timedelta(hours=1)), attachedToRef="decide"),
    node("userTask", "escalated"),
    node("userTask", "dispatch"),
    node("endEvent", "end"),
    flows("start > decide > dispatch > end \n late > escalated > end"),
)


def test_a_local_time_is_read_with_the_offset_the_process_started_with() -> None:
    fixed = timers.LOCALTZ.utcoffset(None)
    winter = TimerEventDefinition.get_datetime("2026-01-15T12:00:00")
    summer = TimerEventDefinition.get_datetime("2026-07-15T12:00:00")

    assert winter == datetime(2026, 1, 15, 12, tzinfo=UTC) - fixed
    assert summer == datetime(2026, 7, 15, 12, tzinfo=UTC) - fixed


def test_a_month_from_the_last_of_january_ends_in_march() -> None:
    january = datetime(2026, 1, 31, tzinfo=UTC)
    month = TimerEventDefinition.get_timedelta_from_start(TimerEventDefinition.parse_iso_duration("P1M"), january)

    assert january + month == datetime(2026, 3, 3, tzinfo=UTC)


def test_whoever_completes_after_the_deadline_but_before_the_poll_wins() -> None:
    workflow = case(*DEADLINE)
    make_due(workflow)

    finish(workflow, "decide")

    assert ready_names(workflow) == ["dispatch"]


def test_two_loads_of_one_saved_case_both_fire_its_timer() -> None:
    serializer = BpmnWorkflowSerializer()
    workflow = case(*DEADLINE)
    make_due(workflow)
    saved = serializer.serialize_json(workflow)

    for _ in range(2):
        loaded = serializer.deserialize_json(saved)
        loaded.refresh_timers()
        loaded.do_engine_steps()
        assert ready_names(loaded) == ["escalated"]


def test_engine_steps_notice_a_due_timer_last_so_that_its_path_waits_for_the_next_call() -> None:
    workflow = case(*DEADLINE)
    make_due(workflow)

    workflow.do_engine_steps()
    assert ready_names(workflow) == ["decide"]
    workflow.do_engine_steps()
    assert ready_names(workflow) == ["escalated"]


def test_a_cycle_timer_that_missed_three_turns_catches_up_one_a_poll() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("userTask", "decide"),
        node(
            "boundaryEvent",
            "remind",
            "<timerEventDefinition><timeCycle>&quot;R3/PT1H&quot;</timeCycle></timerEventDefinition>",
            attachedToRef="decide",
            cancelActivity="false",
        ),
        node("userTask", "reminded"),
        node("endEvent", "end"),
        flows("start > decide > end \n remind > reminded > end"),
    )
    (cycle,) = workflow.get_tasks(spec_name="remind")
    cycle.internal_data["event_value"]["next"] = (datetime.now(UTC) - timedelta(hours=9)).isoformat()

    polls = []
    for _ in range(4):
        workflow.refresh_timers()
        polls.append(ready_names(workflow).count("reminded"))

    assert polls == [1, 2, 3, 3]
