"""Write small BPMN and DMN documents and run them in SpiffWorkflow as it comes, with nothing of ours around it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.dmn.parser import BpmnDmnParser
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def node(tag: str, identity: str, inner: str = "", **attributes: str) -> str:
    """Write one flow node."""
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<{tag} id="{identity}"{written}>{inner}</{tag}>'


def flows(text: str) -> str:
    """Write sequence flows: one chain `a > b > c` a line, ` if CONDITION` on its last flow."""
    return "".join(_flows(text))


def _flows(text: str) -> Iterator[str]:
    for line in filter(None, map(str.strip, text.splitlines())):
        chain, _, condition = line.partition(" if ")
        stops = [stop.strip() for stop in chain.split(">")]
        for source, target in pairwise(stops):
            inner = ""
            if condition and target == stops[-1]:
                inner = f"<conditionExpression>{escape(condition)}</conditionExpression>"
            yield (
                f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
            )


def document(*elements: str, process: str = "case", before: str = "") -> bytes:
    """Write a definitions document with one process."""
    body = "".join(elements)
    text = f'<definitions xmlns="{BPMN}">{before}<process id="{process}">{body}</process></definitions>'
    return text.encode()


def case(*elements: str, script_engine: PythonScriptEngine | None = None) -> BpmnWorkflow:
    """Start one case of the process made of these elements and run it to its first wait."""
    return start(document(*elements), script_engine=script_engine)


def start(*documents: bytes, script_engine: PythonScriptEngine | None = None) -> BpmnWorkflow:
    """Start one case of the process `case` and run it to its first wait."""
    workflow = unstarted(*documents, script_engine=script_engine)
    workflow.do_engine_steps()
    return workflow


def unstarted(*documents: bytes, script_engine: PythonScriptEngine | None = None) -> BpmnWorkflow:
    """Make one case of the process `case` without running anything."""
    parser = BpmnParser()
    for each in documents:
        parser.add_bpmn_io(io.BytesIO(each))
    return BpmnWorkflow(parser.get_spec("case"), parser.get_subprocess_specs("case"), script_engine=script_engine)


def ready(workflow: BpmnWorkflow, name: str) -> Task:
    """Find the one ready task of this name."""
    (task,) = workflow.get_tasks(state=TaskState.READY, spec_name=name)
    return task


def ready_names(workflow: BpmnWorkflow) -> list[str]:
    """List the names of what waits for a person, sorted."""
    return sorted(task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY, manual=True))


def finish(workflow: BpmnWorkflow, name: str, **data: object) -> None:
    """Complete the one ready task of this name."""
    task = ready(workflow, name)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()


def timer(duration: timedelta, *, name: str = "timeDuration") -> str:
    """Write a timer definition as SpiffWorkflow wants it: a Python expression giving an ISO 8601 text."""
    return f"<timerEventDefinition><{name}>&quot;PT{duration.total_seconds():g}S&quot;</{name}></timerEventDefinition>"


def make_due(workflow: BpmnWorkflow) -> None:
    """Move the due time of every waiting timer into the past, as if time had gone by."""
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    for task in workflow.get_tasks(state=TaskState.WAITING):
        if "event_value" in task.internal_data:
            task.internal_data["event_value"] = past


def elapse(workflow: BpmnWorkflow) -> None:
    """Let every waiting timer fall due and the case notice it."""
    make_due(workflow)
    workflow.refresh_timers()
    workflow.do_engine_steps()


def decide(inputs: dict[str, object], rules: list[tuple[list[str], str]], *, hit_policy: str = "UNIQUE") -> object:
    """Let SpiffWorkflow's decision tables answer: the columns are the inputs, one output called `role`."""
    columns = "".join(
        f'<input id="in_{name}" label="{name}"><inputExpression id="e_{name}"><text>{name}</text>'
        "</inputExpression></input>"
        for name in inputs
    )
    rows = "".join(
        f'<rule id="r{number}">'
        + "".join(
            f'<inputEntry id="c{number}_{column}"><text>{escape(cell)}</text></inputEntry>'
            for column, cell in enumerate(cells)
        )
        + f'<outputEntry id="o{number}"><text>{escape(output)}</text></outputEntry></rule>'
        for number, (cells, output) in enumerate(rules)
    )
    table = (
        f'<definitions xmlns="{DMN}" id="order"><decision id="order" name="order">'
        f'<decisionTable id="table" hitPolicy="{hit_policy}">{columns}'
        f'<output id="out" label="role" name="role"/>{rows}</decisionTable></decision></definitions>'
    )
    rule_task = (
        "<extensionElements><spiff:calledDecisionId"
        ' xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core">order</spiff:calledDecisionId>'
        "</extensionElements>"
    )
    parser: BpmnDmnParser = SpiffBpmnParser()
    parser.add_dmn_io(io.BytesIO(table.encode()))
    parser.add_bpmn_io(
        io.BytesIO(
            document(
                node("startEvent", "start"),
                node("userTask", "ask"),
                node("businessRuleTask", "rule", rule_task),
                node("endEvent", "end"),
                flows("start > ask > rule > end"),
            )
        )
    )
    workflow = BpmnWorkflow(parser.get_spec("case"), parser.get_subprocess_specs("case"))
    workflow.do_engine_steps()
    finish(workflow, "ask", **inputs)
    return workflow.last_task.data.get("role")
