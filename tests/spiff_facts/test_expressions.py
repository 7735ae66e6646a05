"""What SpiffWorkflow does with expressions: why none of a model's text reaches it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import SpiffWorkflow
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.script_engine import (
    BasePythonScriptEngineEnvironment,
    PythonScriptEngine,
    TaskDataEnvironment,
)
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from tests.spiff_facts.models import case, flows, node, ready_names

#: Where SpiffWorkflow hands text to Python, as (file, name of the function called). A change here means: read it again.
PLACES_THAT_RUN_TEXT = [
    ("bpmn/script_engine/python_environment.py", "eval"),
    ("bpmn/script_engine/python_environment.py", "exec"),
    ("bpmn/serializer/migration/version_1_2.py", "eval"),
    ("bpmn/serializer/migration/version_1_2.py", "eval"),
    ("serializer/dict.py", "__import__"),
    ("specs/Transform.py", "exec"),
]

#: Where SpiffWorkflow names pickle, by file: the serializer of its first years, which BPMN does not use.
PLACES_THAT_PICKLE = ["serializer/dict.py"]

CHOICE = (
    node("startEvent", "start"),
    node("exclusiveGateway", "gate", default="gate_no"),
    node("userTask", "yes"),
    node("userTask", "no"),
    node("endEvent", "end"),
)


def choice(condition: str, script_engine: PythonScriptEngine | None = None) -> BpmnWorkflow:
    return case(
        *CHOICE,
        flows(f"start > gate > no > end \n gate > yes if {condition} \n yes > end"),
        script_engine=script_engine,
    )


def scripted(script: str, script_engine: PythonScriptEngine | None = None) -> BpmnWorkflow:
    return case(
        node("startEvent", "start"),
        node("scriptTask", "script", f"<script>{script}</script>"),
        node("userTask", "after"),
        node("endEvent", "end"),
        flows("start > script > after > end"),
        script_engine=script_engine,
    )


def test_the_places_that_run_text_as_python_are_the_known_ones() -> None:
    root = Path(SpiffWorkflow.__file__).parent
    found = [
        (path.relative_to(root).as_posix(), call.func.id)
        for path in sorted(root.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"eval", "exec", "compile", "__import__"}
    ]

    assert sorted(found) == PLACES_THAT_RUN_TEXT


def test_pickle_is_used_only_by_the_first_serializer() -> None:
    root = Path(SpiffWorkflow.__file__).parent
    found = [
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("*.py"))
        if "pickle" in path.read_text(encoding="utf-8")
    ]

    assert found == PLACES_THAT_PICKLE


def test_a_gateway_condition_reaches_the_file_system(tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    choice(f"__import__('pathlib').Path('{canary}').write_text('x')")

    assert canary.exists()


def test_a_script_task_reaches_the_file_system(tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    scripted(f"import pathlib; pathlib.Path('{canary}').touch()")

    assert canary.exists()


def test_a_timer_expression_reaches_the_file_system(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    expression = f"str(__import__('pathlib').Path('{canary}').touch() or 'PT1H')"

    case(
        node("startEvent", "start"),
        node(
            "intermediateCatchEvent",
            "wait",
            f"<timerEventDefinition><timeDuration>{expression}</timeDuration></timerEventDefinition>",
        ),
        node("endEvent", "end"),
        flows("start > wait > end"),
    )

    assert canary.exists()


def test_taking_the_builtins_away_stops_an_import_but_not_a_walk_over_all_classes() -> None:
    bare = PythonScriptEngine(TaskDataEnvironment({"__builtins__": {}}))
    walk = (
        "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close']"
        "[0].__init__.__globals__['getpid']()"
    )

    with pytest.raises(WorkflowTaskException):
        choice("__import__('os')", bare)
    assert ready_names(choice(walk, bare)) == ["yes"]


def test_an_error_whose_first_argument_is_no_text_hides_itself() -> None:
    with pytest.raises(TypeError, match="can only concatenate str"):
        scripted("raise KeyError(5)")


def test_a_failing_service_call_hides_itself() -> None:
    class Refusing(TaskDataEnvironment):
        def call_service(self, context: object, **kwargs: object) -> object:
            raise ValueError

    engine = PythonScriptEngine(Refusing())

    with pytest.raises(NameError, match="script"):
        engine.call_service(scripted("pass").last_task)


def test_a_warning_leaves_dirt_in_the_data() -> None:
    with pytest.warns(UserWarning, match="old"):
        workflow = scripted("import warnings; warnings.warn('old')")

    (after,) = workflow.get_tasks(state=TaskState.READY, spec_name="after")
    assert sorted(after.data) == ["__warningregistry__", "warnings"]


class Ours(BasePythonScriptEngineEnvironment):
    """Answer every expression from a table and run nothing."""

    def evaluate(
        self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None
    ) -> object:
        return {"condition:one": True, "condition:two": False}[expression]

    def execute(
        self, script: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None
    ) -> object:
        raise PermissionError("scripts are refused")


def test_a_replaced_environment_answers_every_condition() -> None:
    engine = PythonScriptEngine(Ours())

    assert ready_names(choice("condition:one", engine)) == ["yes"]
    assert ready_names(choice("condition:two", engine)) == ["no"]


def test_a_replaced_environment_refuses_every_script(tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    with pytest.raises(WorkflowTaskException, match="scripts are refused"):
        scripted(f"import pathlib; pathlib.Path('{canary}').touch()", PythonScriptEngine(Ours()))
    assert not canary.exists()
