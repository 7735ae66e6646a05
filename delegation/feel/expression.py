"""The door of the interpreter: text becomes an `Expression`, which is evaluated any number of times."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from delegation.feel import syntax
from delegation.feel.budget import DEFAULT_LIMITS, Budget, Limits
from delegation.feel.compiler import compile_expression, compile_tests
from delegation.feel.errors import BudgetExceeded, FeelSyntaxError
from delegation.feel.frames import Code, Frame
from delegation.feel.free_names import free_names
from delegation.feel.parser import Parser
from delegation.feel.types import FeelType
from delegation.feel.values import INPUT_VALUE_NAME, Value, adopt

_NO_TYPES: Mapping[str, FeelType] = MappingProxyType({})


class Expression:
    """A FEEL expression, or the unary tests of a decision table's cell, ready to evaluate."""

    __slots__ = ("_code", "_limits", "_tests", "item_names", "names", "text", "tree")

    def __init__(self, text: str, tree: syntax.Node, code: Code, declared: frozenset[str], limits: Limits) -> None:
        self.text = text
        #: The syntax tree, for checks of decision tables.
        self.tree = tree
        free = free_names(tree)
        #: Names that must come from the scope; built-ins and bound names are not among them.
        self.names = frozenset(free.outside_filters | (free.inside_filters & declared))
        #: Undeclared names in filters, taken for entries of the filtered items (``persons[role = "AJ"]``).
        self.item_names = frozenset(free.inside_filters - declared)
        self._code = code
        self._limits = limits
        self._tests = isinstance(tree, syntax.UnaryTests)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(
        self, scope: Mapping[str, Value], *, budget: Budget | None = None, at: datetime | None = None
    ) -> Value:
        """Evaluate with the names of `scope`; `at` is what ``now()`` answers, in its own time zone.

        Lists and contexts in `scope` hold FEEL values (`values.adopt` makes them). What goes wrong is null, and
        ``budget.notes`` says why. Raises BudgetExceeded, and MomentMissing when ``at`` is needed and absent.
        """
        budget = self._budget(budget, at)
        values = {INPUT_VALUE_NAME: adopt(scope.get(INPUT_VALUE_NAME))} if self._tests else {}
        return self._run(Frame(budget, scope, values))

    def test(
        self, value: Value, scope: Mapping[str, Value], *, budget: Budget | None = None, at: datetime | None = None
    ) -> bool | None:
        """Evaluate unary tests against `value`: True, False, or None when they cannot tell."""
        frame = Frame(self._budget(budget, at), scope, {INPUT_VALUE_NAME: adopt(value)})
        verdict = self._run(frame)
        return verdict if isinstance(verdict, bool) else None

    def _budget(self, budget: Budget | None, at: datetime | None) -> Budget:
        if budget is None:
            return Budget(self._limits, at=at)
        if at is not None:
            budget.at = at
        return budget

    def _run(self, frame: Frame) -> Value:
        try:
            value = self._code(frame)
        except RecursionError:
            raise BudgetExceeded("levels of nested calls", frame.budget.limits.depth) from None
        if type(value) is list or type(value) is dict:
            _measure(value, frame.budget)
        return value


def _measure(value: Value, budget: Budget) -> None:
    """Refuse a result that is nested too deeply, or is small here but, its parts being shared, huge when written."""
    level = [value]
    for _ in range(budget.limits.nesting):
        inner: list[Value] = []
        for part in level:
            budget.spend(1 + (len(part) >> 2))
            items = part.values() if isinstance(part, dict) else part
            inner.extend(item for item in items if isinstance(item, list | dict))
        if not inner:
            return
        level = inner
    raise BudgetExceeded("levels of nested lists", budget.limits.nesting)


def parse_expression(
    text: str,
    *,
    names: Collection[str] = (),
    types: Mapping[str, FeelType] = _NO_TYPES,
    limits: Limits = DEFAULT_LIMITS,
) -> Expression:
    """Read a FEEL expression; `names` are those in scope (they may hold spaces and operators).

    `types` are the item definitions that ``instance of`` and function parameters may name.
    Raises FeelSyntaxError.
    """
    return _read(text, names, types, limits, Parser.expression, compile_expression)


def parse_unary_tests(
    text: str,
    *,
    names: Collection[str] = (),
    types: Mapping[str, FeelType] = _NO_TYPES,
    limits: Limits = DEFAULT_LIMITS,
) -> Expression:
    """Read a decision table's input cell (``> 5, "a"``, ``not(…)``, ``-``). Raises FeelSyntaxError."""
    return _read(text, names, types, limits, Parser.unary_tests, compile_tests)


def _read(
    text: str,
    names: Collection[str],
    types: Mapping[str, FeelType],
    limits: Limits,
    parse: Callable[[Parser], syntax.Node],
    compile_tree: Callable[[syntax.Node, frozenset[str]], Code],
) -> Expression:
    declared = frozenset(names)
    try:
        tree = parse(Parser(text, names=names, types=types, limits=limits))
        return Expression(text, tree, compile_tree(tree, declared), declared, limits)
    except RecursionError:
        # The limits leave room for an ordinary caller; this one was already deep.
        raise FeelSyntaxError(text, 0, "the expression is nested too deeply") from None
