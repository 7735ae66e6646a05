"""Run the cases of the DMN Technology Compatibility Kit: ``python -m delegation.dmn.tck DIR``.

Every case under DIR is run. A failure must be listed with its reason in ``tck_known_failures.toml``; the run
fails when one is not, and when a listed case passes. This module is a command and therefore reads files and
the clock, unlike the rest of the package.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from delegation.dmn import reader
from delegation.dmn.errors import DmnError, ModelInvalid, UnknownElement
from delegation.dmn.graph import DecisionGraph
from delegation.dmn.model import Model, Text
from delegation.feel import Budget, FeelError, Value, parse_expression
from delegation.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from delegation.feel.values import Function, Range

KNOWN_FAILURES: Final = Path(__file__).with_name("tck_known_failures.toml")
#: Expected numbers are often written as binary floats.
TOLERANCE: Final = Decimal("1e-8")
_MAX_TEST_BYTES: Final = 20 * 1024 * 1024
_EQUAL: Final = parse_expression("one = other", names=("one", "other"))
#: What a mistake of ours raises: it is a failed case and must not hide the cases that follow.
_DEFECTS: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_NUMBERS: Final = frozenset({"decimal", "double", "float", "integer", "int", "long", "short", "byte"})
_TEMPORAL: Final[Mapping[str, Callable[[str], Value]]] = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "yearMonthDuration": parse_duration,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How one test case went."""

    #: Name of the test file without its ending.
    file: str
    case: str
    #: The case asks only for literal FEEL expressions that require no other decision or function.
    literal: bool
    #: Why it failed; empty when it passed.
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Tell whether every result was as expected."""
        return not self.failures


def main(arguments: Sequence[str] | None = None, write: Callable[[str], Any] = sys.stdout.write) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m delegation.dmn.tck", description=__doc__)
    parser.add_argument("directory", type=Path, metavar="DIR", help="where to look for test cases")
    parser.add_argument("--known", type=Path, default=KNOWN_FAILURES, help="the list of known failures (TOML)")
    options = parser.parse_args(arguments)
    known = tomllib.loads(options.known.read_text(encoding="utf-8"))

    results = list(run(options.directory))
    if not results:
        write(f"no test cases under {options.directory}\n")
    unlisted, outdated = [], []
    for result in results:
        reason = known.get(result.file, {}).get(result.case)
        if result.failures:
            listed = "not listed" if reason is None else f"known: {reason}"
            write(f"FAILED {result.file}/{result.case} ({listed})\n")
            for failure in result.failures:
                write(f"    {failure}\n")
            if reason is None:
                unlisted.append(result)
        elif reason is not None:
            write(f"PASSED {result.file}/{result.case}, although it is listed as a known failure\n")
            outdated.append(result)

    literal = [result for result in results if result.literal]
    passed = sum(result.passed for result in results)
    passed_literal = sum(result.passed for result in literal)
    write(f"FEEL literals: {_share(passed_literal, len(literal))}\n")
    write(f"All cases: {_share(passed, len(results))}\n")
    write(f"Failures not listed: {len(unlisted)}. Listed but passing: {len(outdated)}.\n")
    write(f"{passed} passed, {len(results) - passed} failed\n")
    return 1 if unlisted or outdated or not results else 0


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.2f} %)" if whole else "")


def run(directory: Path) -> Iterator[CaseResult]:
    """Run every test case under a directory, file by file in order of name."""
    for path in sorted(directory.rglob("*.xml")):
        data = path.read_bytes()
        if b"testCases" not in data:
            continue
        try:
            tests = reader.read_tree(data, max_bytes=_MAX_TEST_BYTES)
        except DmnError as error:
            yield CaseResult(file=path.stem, case="(file)", literal=False, failures=(str(error),))
            continue
        if tests.name == "testCases":
            yield from _run_file(path, tests)


def _run_file(path: Path, tests: reader.Node) -> Iterator[CaseResult]:
    cases = list(tests.all("testCase"))
    try:
        graph: DecisionGraph | None = _load(path, tests)
        trouble = ""
    except DmnError as error:
        graph, trouble = None, str(error)
    seen: dict[str, int] = {}
    for position, case in enumerate(cases, 1):
        name = case.attributes.get("id") or str(position)
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name = f"{name} ({seen[name]})"
        if graph is None:
            yield CaseResult(file=path.stem, case=name, literal=False, failures=(trouble,))
        else:
            yield _run_case(path.stem, name, case, graph)


def _load(path: Path, tests: reader.Node) -> DecisionGraph:
    """Read the model that a test file names, with the models beside it as candidates for its imports."""
    named = tests.first("modelName")
    wanted = named.text.strip() if named is not None else ""
    main_path = path.with_name(Path(wanted).name) if wanted else path.with_suffix(".dmn")
    if not main_path.exists():
        raise UnknownElement(f"the model file `{main_path.name}` is missing")
    model = reader.read(main_path.read_bytes())
    beside = sorted(path.parent.glob("*.dmn")) if model.imports else []
    return DecisionGraph(model, [reader.read(other.read_bytes()) for other in beside if other != main_path])


def _run_case(file: str, name: str, case: reader.Node, graph: DecisionGraph) -> CaseResult:
    try:
        inputs = _inputs(case, graph)
    except DmnError as error:
        return CaseResult(file=file, case=name, literal=False, failures=(str(error),))
    invocable = case.attributes.get("invocableName", "")
    kind = case.attributes.get("type", "decision")
    failures = []
    literal = kind == "decision"
    for result in case.all("resultNode"):
        target = result.attributes.get("name", "")
        literal = literal and _is_literal(graph.model, target)
        expected_node = result.first("expected")
        budget = Budget(at=datetime.now(tz=UTC))
        try:
            actual = _evaluate(graph, kind, invocable, target, result.attributes.get("type"), inputs, budget)
        except DmnError as error:
            actual = None
            budget.note(str(error))
        except FeelError as error:
            failures.append(f"{target}: {error}")
            continue
        except _DEFECTS as error:
            failures.append(f"{target}: a defect: {type(error).__name__}: {error}")
            continue
        try:
            expected = None if expected_node is None else read_value(expected_node)
        except DmnError as error:
            failures.append(f"{target}: {error}")
            continue
        if not matches(expected, actual):
            reasons = "; ".join(note.reason for note in budget.notes[:3])
            failures.append(
                f"{target}: expected {show(expected)} but got {show(actual)}" + (f" ({reasons})" if reasons else "")
            )
    return CaseResult(file=file, case=name, literal=literal, failures=tuple(failures))


def _inputs(case: reader.Node, graph: DecisionGraph) -> dict[str, Value]:
    """Return the inputs of a case; one that names the namespace of an imported model is put under its import."""
    inputs: dict[str, Value] = {}
    for node in case.all("inputNode"):
        name, value = node.attributes.get("name", ""), read_value(node)
        for path in graph.paths(node.attributes.get("namespace", "")) or [()]:
            place = inputs
            for step in filter(None, path):
                place = place.setdefault(step, {})
            place[name] = value
    return inputs


def _evaluate(
    graph: DecisionGraph,
    kind: str,
    invocable: str,
    target: str,
    target_kind: str | None,
    inputs: Mapping[str, Value],
    budget: Budget,
) -> Value:
    if kind == "bkm":
        return graph.invoke(invocable or target, inputs, budget=budget)
    if kind == "decisionService":
        value, outputs = graph.evaluate_service_outputs(invocable or target, inputs, budget=budget)
        return outputs.get(target, value)
    if target_kind == "decisionService":
        return graph.evaluate_service(target, inputs, budget=budget)
    return graph.evaluate(target, inputs, budget=budget)


def _is_literal(model: Model, target: str) -> bool:
    for decision in model.decisions:
        if target in (decision.name, decision.id):
            required = decision.required_decisions or decision.required_knowledge
            return isinstance(decision.logic, Text) and not required
    return False


def read_value(node: reader.Node) -> Value:
    """Return the FEEL value that a test case writes in XML."""
    components = list(node.all("component"))
    if components:
        return {component.attributes.get("name", ""): read_value(component) for component in components}
    listed = node.first("list")
    if listed is not None:
        return None if _is_nil(listed) else [read_value(item) for item in listed.all("item")]
    value = node.first("value")
    if value is None or _is_nil(value):
        return None
    kind = value.attributes.get("type", "string").rpartition(":")[2]
    if kind in _NUMBERS:
        try:
            return Decimal(value.text.strip())
        except InvalidOperation:
            raise ModelInvalid(f"`{value.text}` is not a number") from None
    if kind == "boolean":
        return value.text.strip() in ("true", "1")
    if kind in _TEMPORAL:
        return _TEMPORAL[kind](value.text.strip())
    return value.text


def _is_nil(node: reader.Node) -> bool:
    return node.attributes.get("nil", "").strip() in ("true", "1")


def matches(expected: Value, actual: Value) -> bool:
    """Tell whether a value is the expected one; numbers may differ by the tolerance."""
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        if not (expected.is_finite() and actual.is_finite()):
            return expected == actual
        return abs(expected - actual) <= TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(matches, expected, actual))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(matches(expected[key], actual[key]) for key in expected)
    if type(expected) is not type(actual):
        return False
    return bool(expected == actual) or _EQUAL.evaluate({"one": expected, "other": actual}) is True


def show(value: Value) -> str:
    """Write a value for a person."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(show, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {show(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, Function):
        return "a function"
    if isinstance(value, Range):
        return f"a range from {show(value.start)} to {show(value.end)}"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
