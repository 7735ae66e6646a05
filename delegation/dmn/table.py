"""Decision tables: compiled once, asked many times, and able to say which cell decided what.

``evaluate`` looks the literal cells up in an index of bit masks and tests only the cells that are left, so that
a table of a hundred rows costs microseconds. ``explain`` tests every cell and is meant for people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from delegation.dmn import domains
from delegation.dmn.errors import ExpressionInvalid, InputNotAllowed, ModelInvalid, RulesConflict
from delegation.dmn.model import Aggregation, HitPolicy, RuleRow, TableLogic, Text
from delegation.feel import Budget, Expression, FeelError, Value, parse_expression, parse_unary_tests
from delegation.feel.values import Range, adopt

#: Types that the index may answer for; a value of any other type is tested cell by cell.
INDEXED: Final = frozenset({str, Decimal, bool, dt.date, type(None)})

SINGLE_HIT: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY})
RANKED: Final = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cell:
    """One input cell of a rule."""

    text: str
    #: ``None`` for a dash, which matches every value.
    tests: Expression | None
    #: The exact set of matching values, when the text is simple enough.
    domain: domains.Domain | None
    #: The matching values when the cell is a plain enumeration.
    literals: frozenset[Any] | None
    line: int | None = None

    @property
    def is_any(self) -> bool:
        """Tell whether the cell matches every value."""
        return self.tests is None

    def test(self, value: Value, scope: Mapping[str, Value], budget: Budget | None = None) -> bool | None:
        """Tell whether a value satisfies the cell; ``None`` when FEEL can't say."""
        if self.tests is None:
            return True
        if self.literals is not None and type(value) in INDEXED:
            # FEEL reads a lone ``true`` as a condition when the value is no boolean; in a column it is a value.
            return any(type(literal) is type(value) and literal == value for literal in self.literals)
        answer = self.tests.test(value, scope, budget=budget)
        return answer if isinstance(answer, bool) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One input column."""

    text: str
    label: str
    expression: Expression
    #: The variable's name when the expression is nothing more.
    variable: str | None
    values: Cell | None
    type_ref: str | None = None
    line: int | None = None

    def value(self, scope: Mapping[str, Value], budget: Budget | None = None) -> Value:
        """Return the column's value for a scope."""
        if self.variable is not None and self.variable in scope:
            return adopt(scope[self.variable])
        return self.expression.evaluate(scope, budget=budget)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Output:
    """One output column."""

    name: str
    type_ref: str | None
    #: Allowed values, best first; ``None`` when the table names none.
    order: tuple[Value, ...] | None
    default: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutputCell:
    """One output cell of a rule."""

    text: str
    expression: Expression
    #: The value in a tuple of one when it is a plain constant.
    constant: tuple[Value] | None
    line: int | None = None

    def value(self, scope: Mapping[str, Value], budget: Budget | None = None) -> Value:
        """Return the cell's value for a scope."""
        return self.constant[0] if self.constant is not None else self.expression.evaluate(scope, budget=budget)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One row of a table."""

    id: str
    #: Position in the table, from 0.
    position: int
    inputs: tuple[Cell, ...]
    outputs: tuple[OutputCell, ...]
    annotations: tuple[str, ...]
    description: str | None
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTrace:
    """What one cell answered."""

    column: str
    test: str
    value: Value
    answer: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrace:
    """What the cells of one rule answered."""

    rule: Rule
    cells: tuple[CellTrace, ...]

    @property
    def matched(self) -> bool:
        """Tell whether every cell said true."""
        return all(cell.answer is True for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableResult:
    """The answer of a table, and the rules that gave it."""

    value: Value
    #: Every rule whose cells are all true, in table order.
    matched: tuple[Rule, ...]
    #: The output of each matched rule, in the same order.
    outputs: tuple[Value, ...]
    #: Cell by cell, from ``explain`` only.
    trace: tuple[RuleTrace, ...] = ()


class DecisionTable:
    """A compiled decision table."""

    __slots__ = ("_index", "_tested", "aggregation", "columns", "hit_policy", "name", "outputs", "rules")

    def __init__(
        self,
        *,
        name: str,
        hit_policy: HitPolicy,
        aggregation: Aggregation | None,
        columns: tuple[Column, ...],
        outputs: tuple[Output, ...],
        rules: tuple[Rule, ...],
    ) -> None:
        self.name = name
        self.hit_policy = hit_policy
        self.aggregation = aggregation
        self.columns = columns
        self.outputs = outputs
        self.rules = rules
        self._index = tuple(_column_index(rules, position) for position in range(len(columns)))
        self._tested = tuple(_tested_cells(rule) for rule in rules)

    @classmethod
    def compile(
        cls,
        logic: TableLogic,
        *,
        name: str = "",
        names: Collection[str] = (),
        allowed: Callable[[str], Text | None] | None = None,
    ) -> DecisionTable:
        """Compile a table; raises ``ExpressionInvalid`` and ``ModelInvalid``.

        ``names`` are the variables in scope. ``allowed`` gives the allowed values of a declared type, which
        rank PRIORITY and OUTPUT ORDER where an output column names no values of its own.
        """
        name = name or logic.output_label or logic.id or "table"
        if logic.aggregation is not None and len(logic.outputs) != 1:
            raise ModelInvalid(f"table `{name}`: an aggregation needs exactly one output", line=logic.line)
        columns = []
        for clause in logic.inputs:
            text = clause.expression.text
            columns.append(
                Column(
                    text=text.strip(),
                    label=clause.label or " ".join(text.split()),
                    expression=_expression(clause.expression, names),
                    variable=" ".join(text.split()) if _is_name(text, names) else None,
                    values=_Cells(names).input(clause.values) if clause.values else None,
                    type_ref=clause.expression.type_ref,
                    line=clause.expression.line,
                )
            )
        outputs = []
        for position, output in enumerate(logic.outputs, 1):
            values = output.values
            if values is None and output.type_ref and allowed:
                values = allowed(output.type_ref)
            if values is None and logic.type_ref and len(logic.outputs) == 1 and allowed:
                values = allowed(logic.type_ref)
            outputs.append(
                Output(
                    name=output.name or output.label or (name if len(logic.outputs) == 1 else f"output {position}"),
                    type_ref=output.type_ref,
                    order=_order(values, names),
                    default=_expression(output.default, names) if output.default else None,
                )
            )
        cells = _Cells(names)
        rules = tuple(_rule(row, position, cells) for position, row in enumerate(logic.rules))
        return cls(
            name=name,
            hit_policy=logic.hit_policy,
            aggregation=logic.aggregation,
            columns=tuple(columns),
            outputs=tuple(outputs),
            rules=rules,
        )

    def evaluate(self, scope: Mapping[str, Value], budget: Budget | None = None) -> TableResult:
        """Return the table's answer.

        Raises ``RulesConflict`` when UNIQUE or ANY has several answers, and ``InputNotAllowed`` when a value
        is outside its column's input values.
        """
        return self._result(self.matches(scope, budget), scope, budget)

    def matches(self, scope: Mapping[str, Value], budget: Budget | None = None) -> tuple[Rule, ...]:
        """Return every rule whose cells are all true, in table order; raises ``InputNotAllowed``."""
        values = self._values(scope, budget)
        candidates = (1 << len(self.rules)) - 1
        untrusted = False
        for position, value in enumerate(values):
            by_literal, otherwise = self._index[position]
            if type(value) in INDEXED:
                candidates &= by_literal.get((type(value), value), 0) | otherwise
                if not candidates:
                    return ()
            else:
                untrusted = True
        found = []
        while candidates:
            lowest = candidates & -candidates
            candidates ^= lowest
            rule = self.rules[lowest.bit_length() - 1]
            cells = enumerate(rule.inputs) if untrusted else self._tested[rule.position]
            if all(cell.test(values[position], scope, budget) is True for position, cell in cells):
                found.append(rule)
        return tuple(found)

    def explain(self, scope: Mapping[str, Value], budget: Budget | None = None) -> TableResult:
        """Return the answer with what every single cell said; raises as ``evaluate``."""
        trace = self.trace(scope, budget)
        result = self._result(tuple(entry.rule for entry in trace if entry.matched), scope, budget)
        return TableResult(value=result.value, matched=result.matched, outputs=result.outputs, trace=trace)

    def trace(self, scope: Mapping[str, Value], budget: Budget | None = None) -> tuple[RuleTrace, ...]:
        """Return what every single cell says, without choosing between rules; raises ``InputNotAllowed``."""
        values = self._values(scope, budget)
        return tuple(
            RuleTrace(
                rule=rule,
                cells=tuple(
                    CellTrace(column=column.label, test=cell.text, value=value, answer=cell.test(value, scope, budget))
                    for column, cell, value in zip(self.columns, rule.inputs, values, strict=True)
                ),
            )
            for rule in self.rules
        )

    def _values(self, scope: Mapping[str, Value], budget: Budget | None) -> list[Value]:
        values = []
        for column in self.columns:
            value = column.value(scope, budget)
            # A missing value is not a wrong one: the cells decide what null means.
            if column.values is not None and value is not None and column.values.test(value, scope, budget) is not True:
                raise InputNotAllowed(table=self.name, column=column.label)
            values.append(value)
        return values

    def _result(self, matched: tuple[Rule, ...], scope: Mapping[str, Value], budget: Budget | None) -> TableResult:
        if not matched:
            return TableResult(value=self._default(scope, budget), matched=(), outputs=())
        if self.hit_policy is HitPolicy.UNIQUE and len(matched) > 1:
            raise RulesConflict(table=self.name, hit_policy="UNIQUE", rules=tuple(rule.id for rule in matched))
        if self.hit_policy is HitPolicy.FIRST:
            matched = matched[:1]
        outputs = tuple(self._output(rule, scope, budget) for rule in matched)
        if self.hit_policy is HitPolicy.ANY and any(not same(outputs[0], other) for other in outputs[1:]):
            raise RulesConflict(table=self.name, hit_policy="ANY", rules=tuple(rule.id for rule in matched))
        ordered = list(outputs)
        if self.hit_policy in RANKED:
            ordered.sort(key=self._rank)
        value: Value = ordered[0] if self.hit_policy in SINGLE_HIT else ordered
        if self.aggregation is not None and self.hit_policy is HitPolicy.COLLECT:
            value = _aggregate(self.aggregation, ordered)
        return TableResult(value=value, matched=matched, outputs=outputs)

    def _default(self, scope: Mapping[str, Value], budget: Budget | None) -> Value:
        if all(output.default is None for output in self.outputs):
            return None
        values = {
            output.name: None if output.default is None else output.default.evaluate(scope, budget=budget)
            for output in self.outputs
        }
        return values[self.outputs[0].name] if len(self.outputs) == 1 else values

    def _output(self, rule: Rule, scope: Mapping[str, Value], budget: Budget | None) -> Value:
        if len(rule.outputs) == 1:
            return rule.outputs[0].value(scope, budget)
        return {output.name: cell.value(scope, budget) for output, cell in zip(self.outputs, rule.outputs, strict=True)}

    def rank(self, rule: Rule) -> tuple[int, ...] | None:
        """Return a rule's place by its outputs, best first; ``None`` when an output is not a constant."""
        if any(cell.constant is None for cell in rule.outputs):
            return None
        return self._rank(self._output(rule, {}, None))

    def _rank(self, value: Value) -> tuple[int, ...]:
        """Return the places of the outputs in their lists of values, leftmost first; unlisted comes last."""
        parts = [value] if len(self.outputs) == 1 else [value[output.name] for output in self.outputs]
        return tuple(
            next((place for place, listed in enumerate(output.order) if same(listed, part)), len(output.order))
            for output, part in zip(self.outputs, parts, strict=True)
            if output.order is not None
        )


def same(one: Value, other: Value) -> bool:
    """Tell whether two values are the same value of the same type; unlike ``==``, true is not 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def _aggregate(aggregation: Aggregation, values: list[Value]) -> Value:
    if aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    function = {Aggregation.SUM: "sum", Aggregation.MIN: "min", Aggregation.MAX: "max"}[aggregation]
    return parse_expression(f"{function}(values)", names=("values",)).evaluate({"values": values})


def _rule(row: RuleRow, position: int, cells: _Cells) -> Rule:
    return Rule(
        id=row.id,
        position=position,
        inputs=tuple(map(cells.input, row.inputs)),
        outputs=tuple(map(cells.output, row.outputs)),
        annotations=row.annotations,
        description=row.description,
        line=row.line,
    )


class _Cells:
    """Compiles cells; the same text, which tables are full of, is read once."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._inputs: dict[str, tuple[Expression, domains.Domain | None]] = {}
        self._outputs: dict[str, Expression] = {}

    def input(self, text: Text) -> Cell:
        if text.language is not None:
            raise ExpressionInvalid(f"the expression language `{text.language}` is not FEEL", line=text.line)
        written = text.text.strip()
        if written not in self._inputs:
            try:
                tests = parse_unary_tests(written, names=self._names)
            except FeelError as error:
                raise ExpressionInvalid(f"`{written}`: {error}", line=text.line) from error
            self._inputs[written] = tests, domains.domain_of(tests)
        tests, domain = self._inputs[written]
        if domain is not None and domain.is_everything:
            return Cell(text="-", tests=None, domain=domain, literals=None, line=text.line)
        literals = None if domain is None else domain.literals()
        return Cell(text=written, tests=tests, domain=domain, literals=literals, line=text.line)

    def output(self, text: Text) -> OutputCell:
        written = text.text.strip()
        if text.language is not None or written not in self._outputs:
            self._outputs[written] = _expression(text, self._names)
        expression = self._outputs[written]
        return OutputCell(text=written, expression=expression, constant=domains.constant_of(expression), line=text.line)


def _expression(text: Text, names: Collection[str]) -> Expression:
    if text.language is not None:
        raise ExpressionInvalid(f"the expression language `{text.language}` is not FEEL", line=text.line)
    try:
        return parse_expression(text.text.strip() or "null", names=names)
    except FeelError as error:
        raise ExpressionInvalid(f"`{text.text.strip()}`: {error}", line=text.line) from error


def _order(values: Text | None, names: Collection[str]) -> tuple[Value, ...] | None:
    """Return the listed output values, best first; ``None`` when they are a condition and not a list."""
    if values is None:
        return None
    try:
        listed = parse_expression(f"[{values.text}]", names=names).evaluate({})
    except FeelError:
        return None
    if not isinstance(listed, list) or any(isinstance(value, Range) for value in listed):
        return None
    return tuple(listed)


def _is_name(text: str, names: Collection[str]) -> bool:
    plain = " ".join(text.split())
    return plain in names or (plain.isidentifier() and plain not in ("true", "false", "null"))


def _column_index(rules: Iterable[Rule], position: int) -> tuple[dict[tuple[type, Any], int], int]:
    """Return for each literal the rules that name it, and the rules that any value may still match."""
    by_literal: dict[tuple[type, Any], int] = {}
    otherwise = 0
    for rule in rules:
        cell = rule.inputs[position]
        bit = 1 << rule.position
        if cell.literals is None:
            otherwise |= bit
            continue
        for value in cell.literals:
            key = (type(value), value)
            by_literal[key] = by_literal.get(key, 0) | bit
    return by_literal, otherwise


def _tested_cells(rule: Rule) -> tuple[tuple[int, Cell], ...]:
    """Return the cells that the index has not already answered."""
    return tuple(
        (position, cell)
        for position, cell in enumerate(rule.inputs)
        if cell.tests is not None and cell.literals is None
    )
