"""What SpiffWorkflow does with the data of a case: why facts are rows of ours and never task data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import SimpleTaskConverter
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge

from tests.spiff_facts.models import case, document, finish, flows, node, ready, ready_names, start

TWO_REVIEWS = (
    node("startEvent", "start"),
    node("userTask", "prepare"),
    node("parallelGateway", "split"),
    node("userTask", "first"),
    node("userTask", "second"),
    node("parallelGateway", "join"),
    node("userTask", "decide"),
    node("endEvent", "end"),
    flows("start > prepare > split > first > join > decide > end \n split > second > join"),
)

THREE_STEPS = (
    node("startEvent", "start"),
    node("userTask", "prepare"),
    node("userTask", "review"),
    node("userTask", "decide"),
    node("endEvent", "end"),
    flows("start > prepare > review > decide > end"),
)


def reversed_tasks(text: str) -> str:
    saved = json.loads(text)
    saved["tasks"] = dict(reversed(saved["tasks"].items()))
    return json.dumps(saved)


def reloaded(
    workflow: BpmnWorkflow,
    serializer: BpmnWorkflowSerializer | None = None,
    change: Callable[[str], str] = lambda text: text,
) -> BpmnWorkflow:
    serializer = serializer or BpmnWorkflowSerializer()
    return serializer.deserialize_json(change(serializer.serialize_json(workflow)))


def saved_data(value: object) -> object:
    workflow = case(*THREE_STEPS)
    finish(workflow, "prepare", value=value)
    return ready(reloaded(workflow), "review").data["value"]


def test_a_saved_case_comes_back_without_data_when_json_keys_change_order() -> None:
    workflow = case(*THREE_STEPS)
    finish(workflow, "prepare", amount=50_000)

    assert ready(reloaded(workflow), "review").data == {"amount": 50_000}
    assert ready(reloaded(workflow, change=reversed_tasks), "review").data == {}


def test_the_simple_task_converter_survives_a_change_of_key_order() -> None:
    simple = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG | {Task: SimpleTaskConverter}))
    workflow = case(*THREE_STEPS)
    finish(workflow, "prepare", amount=50_000)

    assert ready(reloaded(workflow, simple, reversed_tasks), "review").data == {"amount": 50_000}


def test_a_parallel_join_keeps_only_the_last_branch_of_a_list_both_wrote() -> None:
    workflow = case(*TWO_REVIEWS)
    finish(workflow, "prepare", approvals=[])
    finish(workflow, "first", approvals=["preparer", "first"])
    finish(workflow, "second", approvals=["preparer", "second"])

    assert ready(workflow, "decide").data["approvals"] == ["preparer", "second"]


def test_merging_two_lists_cuts_the_first_to_the_length_of_the_second() -> None:
    assert DeepMerge.merge({"marks": [1, 2, 3]}, {"marks": [3, 2]}) == {"marks": [1, 2]}


def test_parallel_branches_and_finished_steps_share_nested_data() -> None:
    workflow = case(*TWO_REVIEWS)
    finish(workflow, "prepare", proposal={"operative": {"amount": 1}})

    ready(workflow, "first").data["proposal"]["operative"]["amount"] = 2

    assert ready(workflow, "second").data["proposal"]["operative"]["amount"] == 2
    (prepared,) = workflow.get_tasks(spec_name="prepare")
    assert prepared.data["proposal"]["operative"]["amount"] == 2


def test_a_change_from_one_to_true_is_not_saved() -> None:
    workflow = case(*THREE_STEPS)
    finish(workflow, "prepare", approved=1)
    finish(workflow, "review", approved=True)

    assert ready(workflow, "decide").data["approved"] is True
    assert ready(reloaded(workflow), "decide").data["approved"] == 1
    assert ready(reloaded(workflow), "decide").data["approved"] is not True


@pytest.mark.parametrize("value", [Decimal("1.5"), b"bytes", 1j])
def test_values_json_does_not_know_stop_the_save(value: object) -> None:
    with pytest.raises(TypeError):
        saved_data(value)


@pytest.mark.parametrize(
    ("value", "came_back"),
    [
        ({"inner": len}, {"inner": None}),
        ([len], [None]),
        ({7: "seven"}, {"7": "seven"}),
        ((1, 2), [1, 2]),
        ({1}, [1]),
        (timedelta(seconds=1, microseconds=5), timedelta(seconds=1)),
    ],
    ids=["function-in-dict", "function-in-list", "number-key", "tuple", "set", "microseconds"],
)
def test_some_values_come_back_as_something_else(value: object, came_back: object) -> None:
    assert saved_data(value) == came_back


def test_a_form_value_with_an_unknown_typename_makes_the_case_impossible_to_load() -> None:
    with pytest.raises(TypeError, match="'NoneType' object is not callable"):
        saved_data({"typename": "anything"})


def test_a_form_value_with_a_known_typename_becomes_an_object_of_that_type() -> None:
    assert saved_data({"typename": "timedelta", "days": 3}) == timedelta(days=3)


def test_an_unknown_serializer_version_is_accepted() -> None:
    def aged(text: str) -> str:
        return json.dumps(json.loads(text) | {"serializer_version": "99.0"})

    assert ready_names(reloaded(case(*THREE_STEPS), change=aged)) == ["prepare"]


def test_a_case_of_the_previous_version_inside_a_subprocess_cannot_be_upgraded() -> None:
    inside = document(
        node("startEvent", "start"),
        node(
            "subProcess",
            "inner",
            node("startEvent", "in_start")
            + node("userTask", "in_task")
            + node("endEvent", "in_end")
            + flows("in_start > in_task > in_end"),
        ),
        node("endEvent", "end"),
        flows("start > inner > end"),
    )

    def previous(text: str) -> str:
        return json.dumps(json.loads(text) | {"serializer_version": "1.4"})

    assert ready_names(reloaded(start(inside))) == ["in_task"]
    with pytest.raises(NameError, match="'sp' is not defined"):
        reloaded(start(inside), change=previous)


def test_every_save_holds_the_whole_history() -> None:
    workflow = case(
        node("startEvent", "start"),
        node("exclusiveGateway", "again"),
        node("userTask", "prepare"),
        node("exclusiveGateway", "gate", default="gate_end"),
        node("endEvent", "end"),
        flows("start > again > prepare > gate > end \n gate > again if not done"),
    )

    def size() -> int:
        return len(BpmnWorkflowSerializer().serialize_json(workflow))

    finish(workflow, "prepare", done=False)
    once = size()
    for _ in range(40):
        finish(workflow, "prepare")

    assert size() > once * 4
