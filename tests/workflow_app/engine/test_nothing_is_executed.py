"""Code in a model is text: wherever it is written, it is refused or shown, and never run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path

import pytest

from tests.workflow_app.engine.documents import END, START, boundary, chain, document, flow, gateway, timer, user
from workflow_app.engine import checking, net
from workflow_app.engine.errors import ExpressionFailed

PAYLOADS = [
    "__import__('os').system('touch {canary}')",
    "open('{canary}', 'w')",
    "exec(\"open('{canary}','w')\")",
    "eval(\"open('{canary}','w')\")",
    "().__class__.__base__.__subclasses__()",
    "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__",
    "(lambda: open('{canary}', 'w'))()",
    "f\"{{open('{canary}', 'w')}}\"",
    "subprocess.Popen(['touch', '{canary}'])",
    "import os\nos.system('touch {canary}')",
    "${{T(java.lang.Runtime).getRuntime().exec('touch {canary}')}}",
    "#{{7*7}}",
    "{{{{7*7}}}}",
    "{{% import os %}}",
    "$(touch {canary})",
    "`touch {canary}`",
    "; touch {canary} #",
    "returned); import os; (1",
    "getattr(returned, '__class__')",
    "'a' * 10**9",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "../../../../etc/passwd",
    "http://localhost:1/x",
]

#: FEEL, so it is evaluated, with a budget: nothing in it reaches outside the expression.
HARMLESS = [
    "returned.__class__",
    "9**9**9",
    "for i in 1..1000000000 return i",
    'function() external {{ java: {{ class: "java.lang.Runtime", method signature: "exec(java.lang.String)" }} }}',
]


def multi(collection: str) -> str:
    return (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        f'<beredd:instances collection="{escape(collection)}"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def automatic(tag: str, extension: str) -> str:
    return f'<bpmn:{tag} id="t"><bpmn:extensionElements>{extension}</bpmn:extensionElements></bpmn:{tag}>'


def models(payload: str) -> Iterator[bytes]:
    """Write the payload in every place where a model may hold text."""
    text = escape(payload)
    flows = chain("start", "t", "end")
    choice = [gateway("x", default="x_m"), gateway("m"), chain("start", "x"), flow("x", "t", payload)]
    yield document(START, *choice, user("t"), flow("x", "m"), chain("t", "m", "end"), END)
    yield document(START, user("t", multi(payload)), END, flows)
    for kind in ("timeDuration", "timeDate", "timeCycle"):
        event = boundary("b", "t", timer(text, kind), interrupting=False)
        yield document(START, user("t"), event, END, '<bpmn:endEvent id="e2"/>', flows, chain("b", "e2"))
    yield document(START, automatic("serviceTask", f'<beredd:operation name="{text}"/>'), END, flows)
    yield document(START, automatic("businessRuleTask", f'<beredd:table ref="{text}"/>'), END, flows)
    yield document(START, f'<bpmn:scriptTask id="t"><bpmn:script>{text}</bpmn:script></bpmn:scriptTask>', END, flows)
    yield document(START, f'<bpmn:callActivity id="t" calledElement="{text}"/>', END, flows)
    for attribute in ("role", "form", "decisionType", "due", "forum", "act", "help", "legalBasis"):
        yield document(START, user("t", **{attribute: payload}), END, flows)
    named = user("t").replace('name="t"', f'name="{text}"')
    yield document(
        START, named, f'<bpmn:textAnnotation id="n"><bpmn:text>{text}</bpmn:text></bpmn:textAnnotation>', END, flows
    )
    yield document(START, user("t"), END, flows, before=f'<bpmn:message id="m" name="{text}"/>')
    yield document(START, user("t", f"<bpmn:documentation>{text}</bpmn:documentation>"), END, flows)


class Watch:
    """Notes what no check of a model may do. An audit hook cannot be removed, so it is switched."""

    def __init__(self) -> None:
        self.on = False
        self.events: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.on and event in (
            "exec",
            "compile",
            "os.system",
            "subprocess.Popen",
            "os.exec",
            "socket.connect",
            "open",
        ):
            self.events.append(f"{event}: {arguments[:1]!r}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        self.on = True
        try:
            yield
        finally:
            self.on = False


@pytest.fixture(scope="module")
def watch() -> Watch:
    # The schema is read and modules are imported once, before anything is watched.
    checking.check({"process.bpmn": next(models("returned"))})
    return Watch()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_never_executed_opened_or_fetched(payload: str, watch: Watch, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    written = payload.format(canary=canary)

    with watch.watching():
        results = [checking.check({"process.bpmn": data}) for data in models(written)]

    assert watch.events == []
    assert not canary.exists()
    assert all(each.findings or each.sound for each in results)
    assert not any(each.sound for each in results[:9])


@pytest.mark.parametrize("payload", HARMLESS)
def test_what_is_feel_is_evaluated_within_its_budget(payload: str, watch: Watch, tmp_path: Path) -> None:
    checked = checking.check({"process.bpmn": next(models(payload.format(canary=tmp_path / "canary")))})
    assert checked.net is not None

    with watch.watching(), suppress(ExpressionFailed):
        assert net.start(checked.net, {"returned": True}).ended

    assert watch.events == []
