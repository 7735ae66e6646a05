"""Small decision models written for these tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from delegation.dmn import reader
from delegation.dmn.model import Model
from delegation.dmn.table import DecisionTable

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(body: str, *, namespace: str = NAMESPACE, target: str = "urn:test:model", name: str = "model") -> bytes:
    """Wrap declarations in a DMN file."""
    text = f'<definitions xmlns="{namespace}" namespace="{target}" name="{name}" id="d">{body}</definitions>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def model(body: str, **options: str) -> Model:
    """Read a model of some declarations."""
    return reader.read(definitions(body, **options))


def table_xml(
    inputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    outputs: Sequence[str] = ("answer",),
    policy: str = "UNIQUE",
    aggregation: str = "",
    input_values: Sequence[str | None] = (),
    output_values: Sequence[str | None] = (),
    defaults: Sequence[str | None] = (),
    types: Sequence[str] = (),
) -> str:
    """Write a decision table; each rule is its input cells followed by its output cells."""
    parts = [
        f'<decisionTable id="table" hitPolicy="{policy}"' + (f' aggregation="{aggregation}">' if aggregation else ">")
    ]
    for at, expression in enumerate(inputs):
        kind = f" typeRef={quoteattr(types[at])}" if types else ""
        parts.append(f"<input><inputExpression{kind}><text>{escape(expression)}</text></inputExpression>")
        if input_values and input_values[at]:
            parts.append(f"<inputValues><text>{escape(input_values[at] or '')}</text></inputValues>")
        parts.append("</input>")
    for at, output in enumerate(outputs):
        parts.append(f"<output name={quoteattr(output)}>")
        if output_values and output_values[at]:
            parts.append(f"<outputValues><text>{escape(output_values[at] or '')}</text></outputValues>")
        if defaults and defaults[at]:
            parts.append(f"<defaultOutputEntry><text>{escape(defaults[at] or '')}</text></defaultOutputEntry>")
        parts.append("</output>")
    for number, rule in enumerate(rules, 1):
        parts.append(f'<rule id="r{number}">')
        for at, cell in enumerate(rule):
            kind = "inputEntry" if at < len(inputs) else "outputEntry"
            parts.append(f"<{kind}><text>{escape(cell)}</text></{kind}>")
        parts.append("</rule>")
    parts.append("</decisionTable>")
    return "".join(parts)


def table(inputs: Sequence[str], rules: Sequence[Sequence[str]], **options: object) -> DecisionTable:
    """Compile a decision table that uses its input columns as variables."""
    xml = table_xml(inputs, rules, **options)  # type: ignore[arg-type]
    read = model(f'<decision id="d1" name="Decision">{xml}</decision>')
    return DecisionTable.compile(read.decision("Decision").table, name="Decision", names=tuple(inputs))
