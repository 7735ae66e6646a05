from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from delegation.dmn.errors import DmnError
from delegation.dmn.graph import DecisionGraph
from delegation.feel import FeelError
from tests.delegation.dmn.models import model, table_xml
from tests.delegation.dmn.test_graph import boxed, decision, given, literal

PAYLOADS = [
    '__import__("os").system("touch canary")',
    '().__class__.__base__.__subclasses__()',
    '[c for c in ().__class__.__base__.__subclasses__()][0].__init__.__globals__["system"]("id")',
    'open("/etc/hostname").read()',
    'eval("1+1")',
    'exec("import os")',
    '"".__class__.__mro__',
    '{x: "a".format}.x.__globals__',
    'lambda: 1',
    'f"{1}"',
    'getattr("", "__class__")',
    '${T(java.lang.Runtime).getRuntime().exec("id")}',
    'function(c) external {java: {class: "java.lang.Runtime", method signature: "exec(java.lang.String)"}}("id")',
    '"a" * 10 ** 9',
    '9 ** 9 ** 9',
    'for x in 1..1000000000 return x',
    'string join(for x in 1..100000 return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
]  # fmt: skip
FORBIDDEN = {
    "exec",
    "compile",
    "import",
    "open",
    "os.system",
    "subprocess.Popen",
    "socket.connect",
    "pickle.find_class",
}
_watching: list[set[str]] = []


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in FORBIDDEN:
        _watching[-1].add(event)


sys.addaudithook(_audit)


@contextlib.contextmanager
def watched() -> Iterator[set[str]]:
    """Collect what the interpreter is asked to do outside its own work."""
    _watching.append(set())
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


def evaluate(body: str) -> Any:
    return DecisionGraph(model(body)).evaluate("Answer", {"a": 1})


def places(payload: str) -> dict[str, str]:
    """Write a payload at every place of a model that holds an expression."""
    needs = ("input:a",)
    start = given("a")

    def table(inputs: list[str], rules: list[list[str]], **options: Any) -> str:
        return start + decision("Answer", table_xml(inputs, rules, **options), needs=needs)

    return {
        "literal": start + decision("Answer", literal(payload), needs=needs),
        "input expression": table([payload], [["-", "1"]]),
        "input cell": table(["a"], [[payload, "1"]]),
        "output cell": table(["a"], [["-", payload]]),
        "input values": table(["a"], [["-", "1"]], input_values=[payload]),
        "output values": table(["a"], [["-", "1"]], output_values=[payload], policy="PRIORITY"),
        "default output": table(["a"], [["0", "1"]], defaults=[payload]),
        "condition": start + decision(
            "Answer",
            f"<conditional><if>{literal(payload)}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
            needs=needs,
        ),
    }  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_outside_feel_is_ever_run(payload: str) -> None:
    evaluate(decision("Answer", literal("1")))

    for body in places(payload).values():
        with watched() as events, contextlib.suppress(DmnError, FeelError):
            evaluate(body)
        assert events == set()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_as_a_value_stays_a_value(payload: str) -> None:
    with watched() as events:
        assert boxed(literal("a"), a=payload) == payload
        assert boxed(literal('a = "x"'), a=payload) is False
    assert events == set()
