"""What can be said about a decision table without running it: overlaps, gaps, dead rules, wrong words.

Every finding carries an input as an example. What can't be calculated is reported as such: a cell as
``NOT_ANALYSABLE``, a search that ran out of steps as ``UNDECIDED``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from delegation.dmn.boxes import Boxes, Uncovered, bits
from delegation.dmn.model import HitPolicy
from delegation.dmn.table import RANKED, Cell, DecisionTable, OutputCell, Rule, same
from delegation.feel import Value

_WORD: Final = re.compile(r"[^\W\d]\w*")
#: Policies whose table is meant to have an answer for every input.
_COMPLETE: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY})


class Code(StrEnum):
    """What a finding is about."""

    OVERLAP = "OVERLAP"
    #: The rules overlap if a cell that can't be analysed lets them.
    POSSIBLE_OVERLAP = "POSSIBLE_OVERLAP"
    GAP = "GAP"
    #: Only rules with a cell that can't be analysed might match.
    POSSIBLE_GAP = "POSSIBLE_GAP"
    UNREACHABLE = "UNREACHABLE"
    UNKNOWN_WORD = "UNKNOWN_WORD"
    FORBIDDEN_WORD = "FORBIDDEN_WORD"
    #: A cell names a value that its column does not allow.
    VALUE_NOT_ALLOWED = "VALUE_NOT_ALLOWED"
    NOT_ANALYSABLE = "NOT_ANALYSABLE"
    #: The search ended before it could answer; more may be wrong than is reported.
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to know about a table."""

    code: Code
    #: Ids of the rules concerned.
    rules: tuple[str, ...] = ()
    #: What a sentence about the finding needs: column, word, text, search.
    params: Mapping[str, str] = field(default_factory=dict)
    #: An input, by column expression, that shows it.
    example: Mapping[str, Value] | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLimits:
    """How much a check may cost and report."""

    #: Steps of one search for gaps, about a microsecond each.
    steps: int = 1_000_000
    #: Findings of one kind; the rest is summed up as UNDECIDED.
    findings: int = 100


DEFAULT_LIMITS: Final = CheckLimits()


def check(
    table: DecisionTable,
    *,
    declared: Collection[str] | None = None,
    forbidden: Collection[str] = (),
    values: Mapping[str, Collection[Value]] | None = None,
    nullable: Collection[str] = (),
    complete: bool | None = None,
    limits: CheckLimits = DEFAULT_LIMITS,
) -> tuple[Finding, ...]:
    """Return everything the checks find in a table.

    ``declared`` are the names that expressions may use (``None``: any), ``forbidden`` words that may stand
    nowhere, ``values`` what a column can hold, ``nullable`` the columns that may be null. ``complete`` asks
    for gaps; by default it is so for single-hit tables without a default output.
    """
    boxes = Boxes(table, values=values, nullable=nullable)
    findings = [*not_analysable(table, boxes), *overlaps(table, boxes, limits=limits)]
    if complete is None:
        complete = table.hit_policy in _COMPLETE and all(output.default is None for output in table.outputs)
    if complete:
        findings += gaps(table, boxes, limits=limits)
    findings += unreachable(table, boxes, limits=limits)
    findings += words(table, declared=declared, forbidden=forbidden)
    findings += values_not_allowed(table)
    return tuple(findings)


def not_analysable(table: DecisionTable, boxes: Boxes) -> Iterator[Finding]:
    """Go through the cells that the other checks can only guess about."""
    for cell in boxes.opaque:
        rule, column = table.rules[cell.rule], table.columns[cell.column]
        yield Finding(
            code=Code.NOT_ANALYSABLE,
            rules=(rule.id,),
            params={"column": column.label, "text": rule.inputs[cell.column].text},
            line=rule.inputs[cell.column].line,
        )


def overlaps(table: DecisionTable, boxes: Boxes, *, limits: CheckLimits = DEFAULT_LIMITS) -> list[Finding]:
    """Return the pairs of rules that match a common input where the hit policy wants one answer."""
    if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY):
        return []
    opaque = {cell.rule for cell in boxes.opaque}
    findings: list[Finding] = []
    for first, later in boxes.overlapping():
        for second in bits(later):
            one, other = table.rules[first], table.rules[second]
            if not _conflict(table, one, other):
                continue
            if len(findings) >= limits.findings:
                return [*findings, _undecided("overlaps")]
            possible = first in opaque or second in opaque
            findings.append(
                Finding(
                    code=Code.POSSIBLE_OVERLAP if possible else Code.OVERLAP,
                    rules=(one.id, other.id),
                    params={"policy": table.hit_policy.value},
                    example=boxes.common(1 << first | 1 << second),
                    line=other.line,
                )
            )
    return findings


def _conflict(table: DecisionTable, one: Rule, other: Rule) -> bool:
    """Tell whether two overlapping rules may give an answer that is not decided."""
    if table.hit_policy is HitPolicy.UNIQUE:
        return True
    if _same_outputs(one.outputs, other.outputs):
        return False
    return table.hit_policy is HitPolicy.ANY or table.rank(one) == table.rank(other)


def _same_outputs(ones: tuple[OutputCell, ...], others: tuple[OutputCell, ...]) -> bool:
    for one, other in zip(ones, others, strict=True):
        if one.constant is not None and other.constant is not None:
            if not same(one.constant[0], other.constant[0]):
                return False
        elif one.text != other.text:
            return False
    return True


def gaps(
    table: DecisionTable,
    boxes: Boxes,
    *,
    within: Mapping[str, Collection[Value]] | None = None,
    limits: CheckLimits = DEFAULT_LIMITS,
) -> list[Finding]:
    """Return inputs that no rule matches; ``within`` narrows columns to the values that go together."""
    axes = boxes.within(within or {})
    if any(not axis.pieces for axis in axes):
        empty = next(axis.name for axis in axes if not axis.pieces)
        return [Finding(code=Code.GAP, params={"column": empty}, example=None)]
    # A cell that can't be analysed covers nothing for certain: its rule's bit is missing from ``sure``.
    search = Uncovered(axes, boxes.everyone, steps=limits.steps, most=limits.findings)
    findings = []
    for example in search.examples:
        possible = boxes.everyone
        for axis in axes:
            value = example[axis.name]
            piece = next(piece for piece in axis.pieces if same(piece.example, value))
            possible &= piece.possible
        findings.append(
            Finding(
                code=Code.POSSIBLE_GAP if possible else Code.GAP,
                rules=tuple(table.rules[rule].id for rule in bits(possible)),
                example=example,
            )
        )
    return [*findings, _undecided("gaps")] if search.exhausted else findings


def unreachable(table: DecisionTable, boxes: Boxes, *, limits: CheckLimits = DEFAULT_LIMITS) -> list[Finding]:
    """Return the rules that never decide: no input matches them, or better rules always match too."""
    findings = []
    never = set(boxes.never())
    for position in sorted(never):
        rule = table.rules[position]
        findings.append(Finding(code=Code.UNREACHABLE, rules=(rule.id,), line=rule.line))
    if table.hit_policy not in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        return findings
    opaque = 0
    for cell in boxes.opaque:
        opaque |= 1 << cell.rule
    better = [0] * len(table.rules)
    for first, later in boxes.overlapping():
        for second in bits(later):
            wins = _first_wins(table, table.rules[first], table.rules[second])
            if wins is True:
                better[second] |= 1 << first
            elif wins is False:
                better[first] |= 1 << second
    undecided = False
    for rule in table.rules:
        covering = better[rule.position] & ~opaque
        if not covering or rule.position in never:
            continue
        search = Uncovered(boxes.inside(rule.position), covering, steps=limits.steps // 20, most=1)
        if search.examples:
            continue
        if search.exhausted:
            undecided = True
            continue
        by = tuple(table.rules[other].id for other in bits(covering))
        findings.append(
            Finding(
                code=Code.UNREACHABLE,
                rules=(rule.id, *by),
                example=boxes.common(1 << rule.position),
                line=rule.line,
            )
        )
    return [*findings, _undecided("unreachable rules")] if undecided else findings


def _first_wins(table: DecisionTable, one: Rule, other: Rule) -> bool | None:
    """Tell which of two rules, in table order, decides where both match; ``None`` when that depends."""
    if table.hit_policy not in RANKED:
        return True
    rank, other_rank = table.rank(one), table.rank(other)
    if rank is None or other_rank is None:
        return None
    return rank <= other_rank


def words(
    table: DecisionTable, *, declared: Collection[str] | None, forbidden: Collection[str] = ()
) -> Iterator[Finding]:
    """Go through the words that nobody declares and the words that may not be used."""
    banned = {word.casefold() for word in forbidden}
    for column in table.columns:
        yield from _undeclared(column.expression.names, declared, (), column.label, column.line)
        yield from _banned(f"{column.text} {column.label}", banned, (), column.label, column.line)
    for output in table.outputs:
        yield from _banned(output.name, banned, (), output.name, None)
    for rule in table.rules:
        for column, cell in zip(table.columns, rule.inputs, strict=True):
            if cell.tests is not None:
                yield from _undeclared(cell.tests.names, declared, (rule.id,), column.label, cell.line)
            yield from _banned(cell.text, banned, (rule.id,), column.label, cell.line)
        for output, written in zip(table.outputs, rule.outputs, strict=True):
            yield from _undeclared(written.expression.names, declared, (rule.id,), output.name, written.line)
            yield from _banned(written.text, banned, (rule.id,), output.name, written.line)


def _undeclared(
    names: Collection[str],
    declared: Collection[str] | None,
    rules: tuple[str, ...],
    column: str,
    line: int | None,
) -> Iterator[Finding]:
    if declared is None:
        return
    for name in sorted(names):
        if name not in declared and name != "?":
            yield Finding(code=Code.UNKNOWN_WORD, rules=rules, params={"column": column, "word": name}, line=line)


def _banned(
    text: str, banned: Collection[str], rules: tuple[str, ...], column: str, line: int | None
) -> Iterator[Finding]:
    if not banned:
        return
    for word in dict.fromkeys(_WORD.findall(text)):
        if word.casefold() in banned:
            yield Finding(code=Code.FORBIDDEN_WORD, rules=rules, params={"column": column, "word": word}, line=line)


def values_not_allowed(table: DecisionTable) -> Iterator[Finding]:
    """Go through the cells that name a value outside their column's own list."""
    for rule in table.rules:
        for column, cell in zip(table.columns, rule.inputs, strict=True):
            for value in _outside(column.values, cell):
                yield Finding(
                    code=Code.VALUE_NOT_ALLOWED,
                    rules=(rule.id,),
                    params={"column": column.label, "text": str(value)},
                    line=cell.line,
                )
        for output, written in zip(table.outputs, rule.outputs, strict=True):
            if output.order is None or written.constant is None:
                continue
            if not any(same(written.constant[0], listed) for listed in output.order):
                yield Finding(
                    code=Code.VALUE_NOT_ALLOWED,
                    rules=(rule.id,),
                    params={"column": output.name, "text": written.text},
                    line=written.line,
                )


def _outside(allowed: Cell | None, cell: Cell) -> Iterator[Value]:
    if allowed is None or allowed.domain is None or cell.domain is None:
        return
    for kind, value in sorted(cell.domain.points, key=repr):
        if kind is not type(None) and not allowed.domain.holds(value):
            yield value


def _undecided(search: str) -> Finding:
    return Finding(code=Code.UNDECIDED, params={"search": search})
