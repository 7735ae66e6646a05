"""Run a checked model in SpiffWorkflow, one completed wait at a time, to hold the net against it in tests.

SpiffWorkflow is given the canonical copy that ``canonical`` writes: what the net waits at is a user task or a message
event, a condition is a name that our FEEL answers, and nothing is ever executed. Cases in production never pass here.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflow_app.engine.canonical import FIRE, WRAPPED, CanonicalWriter, NotInReference
from workflow_app.engine.compiler import feel_condition
from workflow_app.engine.document import Document
from workflow_app.engine.errors import EngineError, NotWaiting
from workflow_app.engine.nodes import Facts

__all__ = ["NotInReference", "Reference", "ReferenceFailed", "ReferenceWait"]


_SERIALIZER = BpmnWorkflowSerializer()


class ReferenceFailed(EngineError):
    """SpiffWorkflow could not run the model"""

    code = "REFERENCE_FAILED"


@dataclass(frozen=True, slots=True, order=True)
class ReferenceWait:
    """Something SpiffWorkflow waits for, named as the net names it."""

    #: Qualified element id.
    node: str
    #: Index of the innermost multi-instance instance.
    instance: int = -1


class Reference:
    """One case of a model, run by SpiffWorkflow."""

    def __init__(
        self,
        documents: Iterable[Document],
        process: str,
        *,
        start_event: str | None = None,
    ) -> None:
        """Read the model. Raises ``NotInReference`` and ``ReferenceFailed``."""
        starts = {} if start_event is None else {process: start_event}
        writer = CanonicalWriter(starts, feel_condition)
        for document in documents:
            writer.add(document)
        #: Ids of the joins that were wrapped.
        self.wrapped = tuple(writer.wrapped)
        self._environment = _Environment(writer.expressions)
        self._script_engine = PythonScriptEngine(self._environment)
        parser = BpmnParser()
        try:
            parser.add_bpmn_io(io.BytesIO(writer.text().encode()))
            self._workflow = BpmnWorkflow(
                parser.get_spec(process),
                parser.get_subprocess_specs(process),
                script_engine=self._script_engine,
            )
        except SpiffWorkflowException as error:
            raise ReferenceFailed(f"`{process}`: {error}") from error

    @property
    def ended(self) -> bool:
        """Say whether the case has ended."""
        return bool(self._workflow.completed)

    def start(self, facts: Facts) -> None:
        """Run the case to its first waits."""
        self._run(facts)

    def waits(self) -> tuple[ReferenceWait, ...]:
        """List what the case waits for, sorted. Equal waits appear once each."""
        return tuple(sorted(wait for wait, _, _ in self._open()))

    def boundaries(self) -> tuple[ReferenceWait, ...]:
        """List the boundary events that can fire, sorted."""
        return tuple(sorted(wait for wait, _ in self._armed()))

    def complete(self, wait: ReferenceWait, facts: Facts) -> None:
        """Complete a wait and go on until the case waits again. Raises ``NotWaiting``."""
        for found, task, event in self._open():
            if found == wait:
                if event is None:
                    self._run(facts, task.run)
                else:
                    self._run(facts, functools.partial(_catch, task, event))
                return
        raise NotWaiting(token=-1, node=wait.node)

    def interrupt(self, boundary: ReferenceWait, facts: Facts) -> None:
        """Fire a boundary event and go on until the case waits again. Raises ``NotWaiting``."""
        for found, task in self._armed():
            if found == boundary:
                self._run(facts, functools.partial(_catch, task, task.task_spec.event_definition))
                return
        raise NotWaiting(token=-1, node=boundary.node)

    def dumps(self) -> str:
        """Write the whole case, its specs and its history, with SpiffWorkflow's own serializer."""
        text: str = _SERIALIZER.serialize_json(self._workflow)
        return text

    def loads(self, text: str) -> None:
        """Go on from a case written by ``dumps``."""
        self._workflow = _SERIALIZER.deserialize_json(text)
        self._workflow.script_engine = self._script_engine

    def _run(self, facts: Facts, first: Callable[[], object] | None = None) -> None:
        self._environment.facts = facts
        try:
            if first is not None:
                first()
            self._workflow.do_engine_steps(did_complete_task=self._forget_cancelled)
        except SpiffWorkflowException as error:
            raise ReferenceFailed(f"{error}") from error

    def _forget_cancelled(self, task: Task) -> None:
        """Drop subprocesses whose task is gone: SpiffWorkflow keeps those of cancelled instances and then fails."""
        subprocesses = self._workflow.subprocesses
        while lost := [
            identity
            for identity in subprocesses
            if identity not in self._workflow.tasks
            and not any(identity in each.tasks for each in subprocesses.values())
        ]:
            for identity in lost:
                del subprocesses[identity]

    def _open(self) -> Iterator[tuple[ReferenceWait, Task, Any]]:
        """Yield open waits with their task and, for an event, its definition."""
        for task in self._workflow.get_tasks(state=TaskState.READY, manual=True):
            yield self._wait(task), task, None
        for task in self._workflow.get_tasks(state=TaskState.WAITING, spec_class=CatchingEvent):
            spec = task.task_spec
            if isinstance(spec, EventBasedGateway):
                for definition, child in zip(spec.event_definition.event_definitions, spec.outputs, strict=True):
                    yield self._wait(task, child.name), task, definition
            elif not isinstance(spec, BoundaryEvent):
                yield self._wait(task), task, spec.event_definition

    def _armed(self) -> Iterator[tuple[ReferenceWait, Task]]:
        for task in self._workflow.get_tasks(state=TaskState.WAITING, spec_class=BoundaryEvent):
            if task.task_spec.event_definition.name.startswith(FIRE):
                yield self._wait(task), task

    def _wait(self, task: Task, name: str | None = None) -> ReferenceWait:
        path = [name or task.task_spec.name]
        instance = -1
        at: Task | None = task
        while at is not None:
            if at.task_spec.name.endswith(" [child]") and instance < 0:
                instance = _instance(at)
            parent = at.workflow.parent_task_id
            at = None if parent is None else self._workflow.get_task_from_id(parent)
            if at is not None:
                path.append(at.task_spec.name)
        plain = (part.removesuffix(" [child]") for part in reversed(path))
        return ReferenceWait("/".join(p.partition("|")[2] for p in plain if not p.startswith(WRAPPED)), instance)


def _instance(task: Task) -> int:
    data = task.internal_data
    return int(data["key_or_index"] if "key_or_index" in data else data["item"])


def _catch(task: Task, definition: Any) -> None:
    task.task_spec.catch(task, BpmnEvent(definition))
    task.task_spec._update(task)


class _Environment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Answer the names of conditions from the facts; run nothing."""

    def __init__(self, expressions: Mapping[str, Callable[[Facts], Any]]) -> None:
        super().__init__()
        self.expressions = expressions
        self.facts: Facts = {}

    def evaluate(self, expression: str, context: object, external_context: object = None) -> Any:
        return self.expressions[expression](self.facts)

    def execute(self, script: str, context: object, external_context: object = None) -> Any:
        raise ReferenceFailed("a script reached the reference")

    def call_service(self, context: object, **kwargs: object) -> Any:
        raise ReferenceFailed("a service call reached the reference")
