"""How SpiffWorkflow moves a case: why our net is the authority and SpiffWorkflow its reference in tests only."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import TaskNotFoundException, WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tests.spiff_facts.models import (
    case,
    document,
    elapse,
    finish,
    flows,
    node,
    ready,
    ready_names,
    start,
    timer,
    unstarted,
)

REWORK = (
    node("startEvent", "start"),
    node("exclusiveGateway", "again"),
    node("parallelGateway", "split"),
    node("userTask", "officer"),
    node("userTask", "jurist"),
    node("parallelGateway", "join"),
    node("userTask", "decide"),
    node("exclusiveGateway", "gate", default="gate_end"),
    node("endEvent", "end"),
    flows(
        """start > again > split > officer > join > decide > gate > end
        split > jurist > join
        gate > again if returned"""
    ),
)


def turn(workflow: BpmnWorkflow, *answers: str) -> None:
    for answer in answers:
        task = workflow.get_tasks(state=TaskState.READY, spec_name=answer)[-1]
        task.run()
        workflow.do_engine_steps()


def test_a_step_whose_turn_has_not_come_can_be_run() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("userTask", "review"),
        node("userTask", "decide"),
        node("endEvent", "end"),
        flows("start > review > decide > end"),
    )
    (decide,) = workflow.get_tasks(spec_name="decide")
    assert decide.state == TaskState.FUTURE

    decide.run()

    assert decide.state == TaskState.COMPLETED
    assert ready(workflow, "review").state == TaskState.READY


def test_a_cancelled_step_can_be_completed() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("userTask", "decide"),
        node("boundaryEvent", "late", timer(timedelta(hours=1)), attachedToRef="decide"),
        node("userTask", "escalated"),
        node("endEvent", "end"),
        flows("start > decide > end \n late > escalated > end"),
    )
    decide = ready(workflow, "decide")
    elapse(workflow)
    assert decide.state == TaskState.CANCELLED

    decide.run()

    assert decide.state == TaskState.COMPLETED


def test_a_completed_step_run_again_changes_what_the_next_step_sees() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("userTask", "decide"),
        node("userTask", "dispatch"),
        node("endEvent", "end"),
        flows("start > decide > dispatch > end"),
    )
    decide = ready(workflow, "decide")
    finish(workflow, "decide", outcome="REJECTED")
    assert ready(workflow, "dispatch").data == {"outcome": "REJECTED"}

    decide.data["outcome"] = "GRANTED"
    decide.run()

    assert ready(workflow, "dispatch").data == {"outcome": "GRANTED"}


def test_a_parallel_join_in_a_loop_lets_one_answer_do_when_the_order_of_the_answers_changes() -> None:
    workflow = case(*REWORK)
    turn(workflow, "officer", "jurist")
    finish(workflow, "decide", returned=True)

    turn(workflow, "jurist")

    assert ready_names(workflow) == ["decide", "officer"]


def test_a_parallel_join_in_a_loop_can_stop_the_case_for_good() -> None:
    workflow = case(*REWORK)
    turn(workflow, "jurist", "officer")
    finish(workflow, "decide", returned=True)
    turn(workflow, "officer")
    finish(workflow, "decide", returned=True)

    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'data'"):
        turn(workflow, "officer", "jurist")


def test_a_parallel_join_in_a_loop_holds_when_the_order_of_the_answers_stays() -> None:
    workflow = case(*REWORK)
    for _ in range(4):
        turn(workflow, "officer", "jurist")
        finish(workflow, "decide", returned=True)

    assert ready_names(workflow) == ["jurist", "officer"]


def test_a_parallel_join_in_a_subprocess_in_a_loop_holds_in_any_order() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("exclusiveGateway", "again"),
        node(
            "subProcess",
            "turn",
            node("startEvent", "turn_start")
            + node("parallelGateway", "split")
            + node("userTask", "officer")
            + node("userTask", "jurist")
            + node("parallelGateway", "join")
            + node("endEvent", "turn_end")
            + flows("turn_start > split > officer > join > turn_end \n split > jurist > join"),
        ),
        node("userTask", "decide"),
        node("exclusiveGateway", "gate", default="gate_end"),
        node("endEvent", "end"),
        flows("start > again > turn > decide > gate > end \n gate > again if returned"),
    )
    for answers in (("officer", "jurist"), ("jurist", "officer"), ("officer", "jurist"), ("jurist", "officer")):
        turn(workflow, *answers)
        finish(workflow, "decide", returned=True)

    assert ready_names(workflow) == ["jurist", "officer"]


def test_a_token_too_many_is_swallowed() -> None:
    """After two such blocks BPMN has four tokens at the last step."""
    workflow = case(
        node("startEvent", "start"),
        node("parallelGateway", "split"),
        node("task", "a"),
        node("task", "b"),
        node("parallelGateway", "split_2"),
        node("task", "c"),
        node("task", "d"),
        node("parallelGateway", "join"),
        node("userTask", "decide"),
        node("endEvent", "end"),
        flows(
            """start > split > a > split_2 > c > join > decide > end
            split > b > split_2 > d > join"""
        ),
    )
    while "decide" not in ready_names(workflow) and workflow.get_tasks(state=TaskState.READY):
        workflow.get_tasks(state=TaskState.READY)[0].run()
        workflow.do_engine_steps()

    assert ready_names(workflow) == ["decide"]


def test_a_case_is_no_longer_found_when_its_tree_is_a_thousand_tasks_deep() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("exclusiveGateway", "again"),
        node("userTask", "prepare"),
        node("exclusiveGateway", "gate", default="gate_end"),
        node("endEvent", "end"),
        flows("start > again > prepare > gate > end \n gate > again if True"),
    )
    turns = 0
    while waiting := workflow.get_tasks(state=TaskState.READY, manual=True):
        waiting[0].run()
        workflow.do_engine_steps()
        turns += 1

    assert turns == 333
    assert [task.task_spec.name for task in workflow.tasks.values() if task.state == TaskState.READY] == ["again"]
    assert not workflow.completed
    assert workflow.is_completed(), "asking marks the case as completed"
    assert workflow.completed


def blocks(count: int) -> bytes:
    elements, chain = [node("startEvent", "start"), node("userTask", "first"), node("endEvent", "end")], "start > first"
    side = []
    for block in range(count):
        elements += [
            node("parallelGateway", f"split{block}"),
            node("userTask", f"a{block}"),
            node("userTask", f"b{block}"),
            node("parallelGateway", f"join{block}"),
        ]
        chain += f" > split{block} > a{block} > join{block}"
        side.append(f"split{block} > b{block} > join{block}")
    return document(*elements, flows("\n".join([f"{chain} > end", *side])))


def test_the_tasks_foreseen_double_with_every_parallel_block() -> None:
    sizes = [len(start(blocks(count)).get_tasks()) for count in (3, 4, 5, 6, 7)]

    assert all(1.9 < later / earlier < 2.2 for earlier, later in pairwise(sizes))


def test_a_sequence_of_a_thousand_steps_cannot_be_parsed() -> None:
    names = [f"t{number}" for number in range(1000)]
    model = document(
        node("startEvent", "start"),
        *(node("userTask", name) for name in names),
        node("endEvent", "end"),
        flows(" > ".join(["start", *names, "end"])),
    )

    with pytest.raises(ValidationException, match="RecursionError"):
        start(model)


def test_a_process_that_calls_itself_never_ends() -> None:
    class EnoughError(Exception):
        pass

    workflow = unstarted(
        document(
            node("startEvent", "start"),
            node("callActivity", "itself", calledElement="case"),
            node("endEvent", "end"),
            flows("start > itself > end"),
        )
    )

    def stop_after_thirty(task: Task) -> None:
        if len(workflow.subprocesses) > 30:
            raise EnoughError

    with pytest.raises(EnoughError):
        workflow.do_engine_steps(did_complete_task=stop_after_thirty)


def test_the_number_of_instances_has_no_limit() -> None:
    workflow = case(
        node("startEvent", "start"),
        node(
            "userTask",
            "answer",
            "<multiInstanceLoopCharacteristics><loopCardinality>3000</loopCardinality>"
            "</multiInstanceLoopCharacteristics>",
        ),
        node("endEvent", "end"),
        flows("start > answer > end"),
    )

    assert len(workflow.get_tasks(state=TaskState.READY)) == 3000


def test_a_task_without_a_type_waits_for_a_person() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("task", "untyped"),
        node("endEvent", "end"),
        flows("start > untyped > end"),
    )

    assert ready_names(workflow) == ["untyped"]


def test_an_element_nobody_knows_is_no_error_when_nothing_leads_to_it() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("userTask", "decide"),
        node("endEvent", "end"),
        node("secondApproval", "unheard_of"),
        flows("start > decide > end"),
    )

    assert ready_names(workflow) == ["decide"]


def test_an_inclusive_join_overlooks_a_token_behind_a_merge() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("inclusiveGateway", "split", default="split_other"),
        node("exclusiveGateway", "again"),
        node("userTask", "work"),
        node("exclusiveGateway", "gate", default="gate_join"),
        node("userTask", "other"),
        node("inclusiveGateway", "join"),
        node("userTask", "decide"),
        node("endEvent", "end"),
        flows(
            """start > split > join if True
            split > again if True
            again > work > gate > join
            gate > again if returned
            split > other > join > decide > end"""
        ),
    )

    assert ready_names(workflow) == ["decide", "work"], "BPMN lets the join wait for `work`"


INSTANCES = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


def test_interrupting_instances_of_a_subprocess_stops_the_case_for_good() -> None:
    inside = (
        node("startEvent", "in_start")
        + node("userTask", "in_task")
        + node("endEvent", "in_end")
        + flows("in_start > in_task > in_end")
    )
    workflow = case(
        node("startEvent", "start"),
        node("subProcess", "inner", INSTANCES + inside),
        node("boundaryEvent", "late", timer(timedelta(hours=1)), attachedToRef="inner"),
        node("userTask", "escalated"),
        node("endEvent", "end"),
        flows("start > inner > end \n late > escalated > end"),
    )

    with pytest.raises(TaskNotFoundException):
        elapse(workflow)


def test_instances_on_the_way_of_a_boundary_event_cannot_start() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("userTask", "decide"),
        node("boundaryEvent", "late", timer(timedelta(hours=1)), attachedToRef="decide"),
        node("userTask", "answer", INSTANCES),
        node("endEvent", "end"),
        flows("start > decide > end \n late > answer > end"),
    )

    with pytest.raises(WorkflowException, match="non-predicted child"):
        elapse(workflow)


def test_instances_behind_a_gateway_after_a_boundary_event_start() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("userTask", "decide"),
        node("boundaryEvent", "late", timer(timedelta(hours=1)), attachedToRef="decide"),
        node("exclusiveGateway", "gate"),
        node("userTask", "answer", INSTANCES),
        node("endEvent", "end"),
        flows("start > decide > end \n late > gate > answer > end"),
    )

    elapse(workflow)

    assert len(workflow.get_tasks(state=TaskState.READY, manual=True)) == 2


def test_an_interrupting_event_subprocess_does_not_interrupt() -> None:
    aside = (
        node(
            "startEvent",
            "in_start",
            '<messageEventDefinition messageRef="withdrawn"/>',
            isInterrupting="true",
        )
        + node("userTask", "close")
        + node("endEvent", "in_end")
        + flows("in_start > close > in_end")
    )
    workflow = start(
        document(
            node("startEvent", "start"),
            node("userTask", "decide"),
            node("endEvent", "end"),
            flows("start > decide > end"),
            node("subProcess", "aside", aside, triggeredByEvent="true"),
            before='<message id="withdrawn" name="withdrawn"/>',
        )
    )

    workflow.catch(BpmnEvent(MessageEventDefinition("withdrawn")))
    workflow.do_engine_steps()

    assert ready_names(workflow) == ["close", "decide"]


def test_an_event_that_does_not_interrupt_happens_once_only() -> None:
    workflow = start(
        document(
            node("startEvent", "start"),
            node("userTask", "decide"),
            node(
                "boundaryEvent",
                "written",
                '<messageEventDefinition messageRef="letter"/>',
                attachedToRef="decide",
                cancelActivity="false",
            ),
            node("userTask", "register"),
            node("endEvent", "end"),
            flows("start > decide > end \n written > register > end"),
            before='<message id="letter" name="letter"/>',
        )
    )

    for _ in range(2):
        workflow.catch(BpmnEvent(MessageEventDefinition("letter")))
        workflow.do_engine_steps()

    assert ready_names(workflow) == ["decide", "register"]


def test_an_escalation_is_caught_around_an_activity_it_was_not_thrown_in() -> None:
    def step(name: str, inner: str = "") -> str:
        return (
            node("startEvent", f"{name}_start")
            + node("userTask", name)
            + node("intermediateThrowEvent", f"{name}_thrown", inner)
            + node("endEvent", f"{name}_end")
            + flows(f"{name}_start > {name} > {name}_thrown > {name}_end")
        )

    raised = '<escalationEventDefinition escalationRef="raised"/>'
    workflow = start(
        document(
            node("startEvent", "start"),
            node("parallelGateway", "split"),
            node("subProcess", "one", step("throwing", raised)),
            node("subProcess", "other", step("waiting")),
            node("boundaryEvent", "caught", raised, attachedToRef="other"),
            node("userTask", "escalated"),
            node("endEvent", "end"),
            flows("start > split > one > end \n split > other > end \n caught > escalated > end"),
            before='<escalation id="raised" name="raised" escalationCode="raised"/>',
        )
    )

    finish(workflow, "throwing")

    assert ready_names(workflow) == ["escalated"], "BPMN leaves `waiting` alone"
