"""The reference runs a checked model in SpiffWorkflow without giving it anything to execute."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.workflow_app.engine.lockstep import read
from tests.workflow_app.engine.random_models import (
    Block,
    Boundary,
    Choice,
    Inner,
    Leaf,
    Loop,
    Parallel,
    Race,
    Sequence,
    Stop,
    write,
)
from workflow_app.engine.errors import NotWaiting
from workflow_app.engine.reference import NotInReference, Reference, ReferenceFailed, ReferenceWait

TASK = Leaf("userTask")
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def started(block: Block, **facts: Any) -> Reference:
    reference = Reference(read(write(block)).values(), "case")
    reference.start(facts)
    return reference


def names(reference: Reference) -> list[str]:
    return [wait.node.rpartition("/")[2].rpartition("_")[0] for wait in reference.waits()]


def complete(reference: Reference, position: int = 0, **facts: Any) -> None:
    reference.complete(reference.waits()[position], facts)


def test_waits_are_named_by_qualified_element_ids() -> None:
    reference = started(Inner(called=True, body=Inner(called=False, body=TASK)))

    (wait,) = reference.waits()
    call, sub, task = wait.node.split("/")
    assert (call.partition("_")[0], sub.partition("_")[0], task.partition("_")[0]) == ("call", "sub", "userTask")


def test_instances_are_told_apart_by_their_index() -> None:
    reference = started(Inner(called=False, body=TASK, instances="parallel"), joint_participants=[{}, {}, {}])

    assert [wait.instance for wait in reference.waits()] == [0, 1, 2]


def test_instances_in_sequence_come_one_by_one() -> None:
    reference = started(Leaf("userTask", instances="sequential"), joint_participants=[{}, {}])

    assert [wait.instance for wait in reference.waits()] == [0]
    complete(reference)
    assert [wait.instance for wait in reference.waits()] == [1]
    complete(reference)
    assert reference.ended


def test_a_condition_that_is_null_is_not_true() -> None:
    choice = Choice(inclusive=False, conditions=("amount > 50000",), branches=(TASK, Leaf("timer")))

    assert names(started(choice)) == ["timer"]
    assert names(started(choice, amount=50_001)) == ["userTask"]


def test_the_first_event_of_a_race_decides() -> None:
    reference = started(Race(events=("timer", "message"), branches=(TASK, Sequence())))

    assert names(reference) == ["message", "timer"]
    complete(reference, 1)
    assert names(reference) == ["userTask"]


def test_an_interrupting_event_ends_its_activity() -> None:
    reference = started(Leaf("userTask", boundaries=(Boundary("timer", True, Leaf("message")),)))

    (event,) = reference.boundaries()
    reference.interrupt(event, {})

    assert names(reference) == ["message"]
    assert reference.boundaries() == ()


def test_an_event_that_does_not_interrupt_runs_beside_its_activity() -> None:
    reference = started(Leaf("userTask", boundaries=(Boundary("message", False, Leaf("timer")),)))

    reference.interrupt(reference.boundaries()[0], {})

    assert names(reference) == ["timer", "userTask"]


def test_interrupting_instances_of_a_subprocess_ends_them_all() -> None:
    reference = started(
        Inner(
            called=False,
            body=Sequence((TASK, TASK)),
            instances="parallel",
            boundaries=(Boundary("timer", True, Leaf("message")),),
        ),
        joint_participants=[{}, {}],
    )

    reference.interrupt(reference.boundaries()[0], {})

    assert names(reference) == ["message"]


def test_terminating_ends_what_runs_in_parallel() -> None:
    stopping = Choice(inclusive=False, conditions=("returned",), branches=(Stop("terminate"), Sequence()))
    reference = started(Parallel((TASK, Sequence((TASK, stopping)))), returned=True)

    complete(reference, 1, returned=True)

    assert reference.ended
    assert reference.waits() == ()


@pytest.mark.parametrize("order", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_join_in_a_loop_waits_for_every_answer_in_every_turn(order: tuple[int, int]) -> None:
    reference = started(Loop(Sequence((TASK, Parallel((Leaf("message"), Leaf("timer"))), TASK)), "returned"))

    for first in order:
        complete(reference)
        assert names(reference) == ["message", "timer"]
        complete(reference, first)
        assert len(reference.waits()) == 1
        complete(reference)
        assert names(reference) == ["userTask"]
        complete(reference, returned=True)
    assert len(reference.wrapped) == 1


def test_a_wait_that_is_not_open_cannot_be_completed() -> None:
    with pytest.raises(NotWaiting):
        started(TASK).complete(ReferenceWait("elsewhere"), {})


def test_a_boundary_event_that_is_not_armed_cannot_fire() -> None:
    with pytest.raises(NotWaiting):
        started(TASK).interrupt(ReferenceWait("elsewhere"), {})


def test_a_gateway_without_a_true_condition_and_default_is_a_failure() -> None:
    (data,) = write(Choice(inclusive=False, conditions=("returned",), branches=(TASK, Leaf("timer")))).values()
    condition = b"<bpmn:conditionExpression>principle</bpmn:conditionExpression>"
    (default,) = re.findall(rb' default="([^"]*)"', data)
    data = re.sub(rb' default="[^"]*"', b"", data)
    data = re.sub(rb'(<bpmn:sequenceFlow id="%b"[^>]*>)' % default, rb"\1" + condition, data)
    reference = Reference(read({"case": data}).values(), "case")

    with pytest.raises(ReferenceFailed):
        reference.start({"returned": False})


def test_a_join_in_a_cycle_that_closes_no_block_is_said_to_be_out_of_reach() -> None:
    text = f"""<definitions xmlns="{BPMN}" targetNamespace="urn:x"><process id="case" isExecutable="true">
      <startEvent id="start"/><exclusiveGateway id="again"/><parallelGateway id="split"/>
      <userTask id="one"/><userTask id="two"/><parallelGateway id="join"/>
      <exclusiveGateway id="gate" default="f9"/><endEvent id="end"/>
      <sequenceFlow id="f1" sourceRef="start" targetRef="again"/>
      <sequenceFlow id="f2" sourceRef="again" targetRef="split"/>
      <sequenceFlow id="f3" sourceRef="split" targetRef="one"/>
      <sequenceFlow id="f4" sourceRef="split" targetRef="two"/>
      <sequenceFlow id="f5" sourceRef="one" targetRef="join"/>
      <sequenceFlow id="f6" sourceRef="two" targetRef="gate"/>
      <sequenceFlow id="f7" sourceRef="gate" targetRef="join">
        <conditionExpression>returned</conditionExpression></sequenceFlow>
      <sequenceFlow id="f8" sourceRef="join" targetRef="again"/>
      <sequenceFlow id="f9" sourceRef="gate" targetRef="end"/>
    </process></definitions>"""

    with pytest.raises(NotInReference, match="closes no block"):
        Reference(read({"case": text.encode()}).values(), "case")


def test_names_of_python_in_a_condition_are_only_unknown_words() -> None:
    (data,) = write(Choice(inclusive=False, conditions=("returned",), branches=(TASK, Leaf("timer")))).values()
    hostile = data.replace(b">returned<", b">exit<")
    reference = Reference(read({"case": hostile}).values(), "case")

    reference.start({})

    assert names(reference) == ["timer"]


def test_a_flow_without_condition_out_of_an_inclusive_gateway_is_always_taken() -> None:
    (data,) = write(Choice(inclusive=True, conditions=("returned",), branches=(TASK, Leaf("timer")))).values()
    always = re.sub(rb"<bpmn:conditionExpression>[^<]*</bpmn:conditionExpression>", b"", data)
    reference = Reference(read({"case": always}).values(), "case")

    reference.start({})

    assert names(reference) == ["userTask"]


def test_a_case_goes_on_from_where_it_was_saved() -> None:
    reference = started(Sequence((TASK, Inner(called=True, body=Leaf("timer")))))
    saved = reference.dumps()

    complete(reference)
    assert names(reference) == ["timer"]
    reference.loads(saved)
    assert names(reference) == ["userTask"]
    complete(reference)
    assert names(reference) == ["timer"]
