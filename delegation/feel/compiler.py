"""Turns a syntax tree into closures, once; evaluating is calling them.

A closure takes a `Frame` and gives a value. Which frame holds a bound name is settled here; only inside a
filter, where the item's own entries may hide names, it is looked up when evaluating.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from delegation.feel import compare, syntax
from delegation.feel.arithmetic import OPERATIONS, negate
from delegation.feel.budget import Budget
from delegation.feel.compare import make_range
from delegation.feel.frames import ITEM, PARTIAL, Block, Code, Frame, bound, in_filters
from delegation.feel.functions import BUILTINS
from delegation.feel.invocation import invoke, invoke_named
from delegation.feel.iteration import Domain, combinations
from delegation.feel.numbers import CONTEXT, whole
from delegation.feel.operators import arithmetic, comparison
from delegation.feel.properties import property_of
from delegation.feel.syntax import Node
from delegation.feel.types import coerce, is_instance
from delegation.feel.values import FEEL_TYPES, INPUT_VALUE_NAME, Function, Range, Value, adopt

_MISSING = object()


def compile_expression(tree: Node, declared: frozenset[str]) -> Code:
    """Compile an expression; `declared` names hide built-ins of the same name."""
    return _Compiler(declared).code(tree, Block(set(), None))


def compile_tests(tree: Node, declared: frozenset[str]) -> Code:
    """Compile unary tests; the frame binds the input value."""
    return _Compiler(declared).code(tree, Block({INPUT_VALUE_NAME}, None))


class _Size(NamedTuple):
    """What the work and depth of a part are counted by."""

    nodes: int
    height: int
    mentions_input: bool


class _Compiler:
    def __init__(self, declared: frozenset[str]) -> None:
        self._declared = declared
        self._sizes: dict[int, _Size] = {}

    def code(self, node: Node, block: Block) -> Code:
        method: Callable[[Node, Block], Code] = getattr(self, f"_{type(node).__name__.lower()}")
        return method(node, block)

    def _size(self, node: Node) -> _Size:
        """Measure a part of the tree, once."""
        size = self._sizes.get(id(node))
        if size is None:
            parts = [self._size(child) for child in node.children()]
            size = self._sizes[id(node)] = _Size(
                nodes=1 + sum(part.nodes for part in parts),
                height=1 + max((part.height for part in parts), default=0),
                mentions_input=(isinstance(node, syntax.Name) and node.name == INPUT_VALUE_NAME)
                or any(part.mentions_input for part in parts),
            )
        return size

    # --- values -----------------------------------------------------------------------------------------

    def _literal(self, node: syntax.Literal, block: Block) -> Code:
        value = node.value
        return lambda frame: value

    def _listliteral(self, node: syntax.ListLiteral, block: Block) -> Code:
        items = [self.code(item, block) for item in node.items]
        return lambda frame: [item(frame) for item in items]

    def _contextliteral(self, node: syntax.ContextLiteral, block: Block) -> Code:
        inner = Block(set(), block)
        entries: list[tuple[str, Code]] = []
        for key, entry in node.entries:
            if isinstance(entry, syntax.FunctionDefinition):
                # A function may call itself: it is invoked when its entry is there.
                inner.names.add(key)
            entries.append((key, self.code(entry, inner)))
            inner.names.add(key)
        position = node.position

        def code(frame: Frame) -> Value:
            values: dict[str, Value] = {}
            nested = frame.inner(values)
            for key, entry in entries:
                value = entry(nested)
                if key in values:
                    return frame.budget.note(f"the context has two entries `{key}`", position)
                values[key] = value
            return dict(values)

        return code

    def _rangeliteral(self, node: syntax.RangeLiteral, block: Block) -> Code:
        start, end = self.code(node.start, block), self.code(node.end, block)
        start_included, end_included, position = node.start_included, node.end_included, node.position

        def code(frame: Frame) -> Value:
            interval = make_range(start(frame), end(frame), start_included=start_included, end_included=end_included)
            if interval is None:
                return frame.budget.note("the ends of a range must be comparable and in order", position)
            return interval

        return code

    def _comparison(self, node: syntax.Comparison, block: Block) -> Code:
        endpoint, operator = self.code(node.endpoint, block), node.operator

        def code(frame: Frame) -> Value:
            end = endpoint(frame)
            upward = operator in (">", ">=")
            return Range(
                start=end if upward or operator in ("=", "!=") else None,
                end=None if upward else end,
                start_included=operator in (">=", "="),
                end_included=operator in ("<=", "="),
                comparison=operator,
            )

        return code

    # --- names ------------------------------------------------------------------------------------------

    def _name(self, node: syntax.Name, block: Block, *, snapshot: bool = True) -> Code:
        name, position = node.name, node.position
        hops = 0
        #: Frames of filters passed on the way, as hops from the frame.
        filters: list[int] = []
        current: Block | None = block
        while current is not None and name not in current.names:
            if current.is_filter:
                filters.append(hops)
            hops += 1
            current = current.parent
        if current is not None and current.is_filter:
            # The name is ``item``: an entry of that name goes before the item itself.
            filters.append(hops)
        found = self._global(name, position) if current is None else bound(name, hops)
        if current is not None and current.is_loop and snapshot:
            found = _copied(found)
        return in_filters(name, filters, found) if filters else found

    def _global(self, name: str, position: int) -> Code:
        builtin = BUILTINS.get(name, _MISSING)

        def code(frame: Frame) -> Value:
            value = frame.scope.get(name, _MISSING)
            if value is _MISSING:
                if builtin is _MISSING:
                    return frame.budget.note(f"the name `{name}` is unknown", position)
                return builtin
            return value if type(value) in FEEL_TYPES else adopt(value)

        return code

    def _path(self, node: syntax.Path, block: Block) -> Code:
        source, name, position = self.code(node.source, block), node.name, node.position

        def code(frame: Frame) -> Value:
            value = source(frame)
            if type(value) is dict and name in value:
                entry = value[name]
                return entry if type(entry) in FEEL_TYPES else adopt(entry)
            if type(value) is list:
                frame.budget.spend(len(value))
                return [property_of(item, name, frame.budget, position) for item in value]
            return property_of(value, name, frame.budget, position)

        return code

    def _filter(self, node: syntax.Filter, block: Block) -> Code:
        if isinstance(node.source, syntax.Name):
            # A filter makes a list of its own, so a loop's results need not be copied for it.
            source = self._name(node.source, block, snapshot=False)
        else:
            source = self.code(node.source, block)
        inner = Block({ITEM}, block, is_filter=True)
        condition = self.code(node.condition, inner)
        cost, position = self._size(node.condition).nodes, node.position

        def code(frame: Frame) -> Value:
            value = source(frame)
            items = value if type(value) is list else [] if value is None else [value]
            selected = []
            for number, item in enumerate(items):
                frame.budget.spend(cost)
                verdict = condition(frame.inner({ITEM: item}))
                if verdict is True:
                    selected.append(item)
                elif number == 0 and type(verdict) is Decimal:
                    return _item_at(items, verdict, frame.budget, position)
                elif verdict is not False and verdict is not None:
                    return frame.budget.note("a filter must be a number or a condition", position)
            if not items and type(condition(frame.inner({ITEM: None}))) is Decimal:
                return frame.budget.note("an index lies outside its list", position)
            return selected

        return code

    # --- operators --------------------------------------------------------------------------------------

    def _negation(self, node: syntax.Negation, block: Block) -> Code:
        operand, position = self.code(node.operand, block), node.position
        if isinstance(node.operand, syntax.Literal) and type(node.operand.value) is Decimal:
            constant = CONTEXT.minus(node.operand.value)
            return lambda frame: constant

        def code(frame: Frame) -> Value:
            value = negate(operand(frame), frame.budget)
            if value is None:
                return frame.budget.note("`-` needs a number or a duration", position)
            return value

        return code

    def _binary(self, node: syntax.Binary, block: Block) -> Code:
        left, right = self.code(node.left, block), self.code(node.right, block)
        if node.operator in OPERATIONS:
            return arithmetic(node.operator, left, right, node.position)
        return comparison(node.operator, left, right, node.position)

    def _logic(self, node: syntax.Logic, block: Block) -> Code:
        operands = [self.code(operand, block) for operand in node.operands]
        decisive = node.operator == "or"
        operator, position = node.operator, node.position

        def code(frame: Frame) -> Value:
            unknown = False
            for operand in operands:
                value = operand(frame)
                if value is decisive:
                    return decisive
                if type(value) is not bool:
                    unknown = True
                    if value is not None:
                        frame.budget.note(f"an operand of `{operator}` is neither true nor false", position)
            return None if unknown else not decisive

        return code

    def _between(self, node: syntax.Between, block: Block) -> Code:
        value, low, high = (self.code(part, block) for part in (node.value, node.low, node.high))

        def code(frame: Frame) -> Value:
            tested = value(frame)
            above = compare.holds(">=", tested, low(frame), frame.budget)
            return compare.conjunction(above, compare.holds("<=", tested, high(frame), frame.budget))

        return code

    def _in(self, node: syntax.In, block: Block) -> Code:
        value = self.code(node.value, block)
        inner = Block({INPUT_VALUE_NAME}, block)
        test = self._any_test(node.tests, inner)
        return lambda frame: test(frame.inner({INPUT_VALUE_NAME: value(frame)}))

    def _unarytests(self, node: syntax.UnaryTests, block: Block) -> Code:
        if not node.tests:
            return lambda frame: True
        test = self._any_test(node.tests, block)
        if not node.negated:
            return test

        def code(frame: Frame) -> Value:
            verdict = test(frame)
            return None if verdict is None else not verdict

        return code

    def _any_test(self, tests: tuple[Node, ...], block: Block) -> Code:
        codes = [self._test(test, block) for test in tests]
        if len(codes) == 1:
            return codes[0]

        def code(frame: Frame) -> Value:
            unknown = False
            for test in codes:
                verdict = test(frame)
                if verdict is True:
                    return True
                unknown = unknown or verdict is None
            return None if unknown else False

        return code

    def _test(self, test: Node, block: Block) -> Code:
        """Compile one test of the input value that the frame binds."""
        if isinstance(test, syntax.Comparison):
            endpoint = self.code(test.endpoint, block)
            return comparison(test.operator, bound(INPUT_VALUE_NAME, 0), endpoint, test.position)
        expression = self.code(test, block)
        mentions_input = self._size(test).mentions_input

        is_literal = isinstance(test, syntax.Literal)

        def code(frame: Frame) -> Value:
            result = expression(frame)
            value = frame.values[INPUT_VALUE_NAME]
            if type(result) is bool and (mentions_input or (type(value) is not bool and value is not None)):
                # A condition of its own, not a value to compare with.
                return result
            if result is None and not is_literal:
                # Only a written null accepts null: a cell that cannot be evaluated accepts nothing.
                return None
            return compare.contains(result, value, frame.budget)

        return code

    def _instanceof(self, node: syntax.InstanceOf, block: Block) -> Code:
        value, feel_type = self.code(node.value, block), node.type
        return lambda frame: is_instance(value(frame), feel_type, frame.budget)

    # --- control ----------------------------------------------------------------------------------------

    def _if(self, node: syntax.If, block: Block) -> Code:
        condition, consequence, alternative = (
            self.code(part, block) for part in (node.condition, node.consequence, node.alternative)
        )
        position = node.position

        def code(frame: Frame) -> Value:
            verdict = condition(frame)
            if verdict is True:
                return consequence(frame)
            if verdict is not False:
                frame.budget.note("the condition of `if` is neither true nor false", position)
            return alternative(frame)

        return code

    def _domains(self, domains: tuple[syntax.Domain, ...], block: Block) -> tuple[list[Domain], Block]:
        compiled: list[Domain] = []
        for domain in domains:
            start = self.code(domain.start, block)
            end = None if domain.end is None else self.code(domain.end, block)
            compiled.append((domain.name, start, end, domain.position))
            block = Block({domain.name}, block)
        return compiled, block

    def _for(self, node: syntax.For, block: Block) -> Code:
        outer = Block({PARTIAL}, block, is_loop=True)
        domains, inner = self._domains(node.domains, outer)
        body, cost = self.code(node.body, inner), self._size(node.body).nodes

        def code(frame: Frame) -> Value:
            partial: list[Value] = []
            for nested in combinations(domains, 0, frame.inner({PARTIAL: partial})):
                if nested is None:
                    return None
                nested.budget.spend(cost)
                partial.append(body(nested))
                if len(partial) > nested.budget.limits.items:
                    nested.budget.check_items(len(partial))
            return partial

        return code

    def _quantified(self, node: syntax.Quantified, block: Block) -> Code:
        domains, inner = self._domains(node.domains, block)
        condition, cost, every = self.code(node.condition, inner), self._size(node.condition).nodes, node.every
        decisive = not every

        def code(frame: Frame) -> Value:
            unknown = False
            for nested in combinations(domains, 0, frame):
                if nested is None:
                    return None
                nested.budget.spend(cost)
                verdict = condition(nested)
                if verdict is decisive:
                    return decisive
                unknown = unknown or type(verdict) is not bool
            return None if unknown else every

        return code

    def _functiondefinition(self, node: syntax.FunctionDefinition, block: Block) -> Code:
        names = tuple(name for name, _ in node.parameters)
        types = tuple(feel_type for _, feel_type in node.parameters)
        if node.external:

            def unavailable(arguments: object, budget: Budget) -> Value:
                return budget.note("external functions are not available", node.position)

            external = Function(name="external", parameters=names, parameter_types=types, body=unavailable)
            return lambda frame: external
        body, cost, frames = (
            self.code(node.body, Block(set(names), block)),
            self._size(node.body).nodes,
            self._size(node.body).height + 4,
        )

        def code(frame: Frame) -> Value:
            def call(arguments: Value, budget: Budget) -> Value:
                budget.spend(cost)
                values = {}
                for name, feel_type, argument in zip(names, types, arguments, strict=True):
                    value = coerce(argument, feel_type, budget)
                    if value is None and argument is not None:
                        return budget.note(f"the argument `{name}` is not a {feel_type}", node.position)
                    values[name] = value
                return body(Frame(budget, frame.scope, values, frame))

            return Function(name="function", parameters=names, parameter_types=types, body=call, frames=frames)

        return code

    def _invocation(self, node: syntax.Invocation, block: Block) -> Code:
        arguments = [self.code(argument, block) for argument in node.arguments]
        names, position = node.names, node.position
        function = self._callee(node.function, block)

        def code(frame: Frame) -> Value:
            callee = function(frame)
            values = [argument(frame) for argument in arguments]
            if names is None:
                return invoke(callee, values, frame.budget, position)
            return invoke_named(callee, dict(zip(names, values, strict=True)), frame.budget, position)

        return code

    def _callee(self, node: Node, block: Block) -> Code:
        """Compile what is invoked; a built-in is found now unless a bound or declared name hides it."""
        if isinstance(node, syntax.Name) and node.name in BUILTINS and node.name not in self._declared:
            current: Block | None = block
            while current is not None and node.name not in current.names:
                current = current.parent
            if current is None:
                builtin = BUILTINS[node.name]
                return lambda frame: builtin
        return self.code(node, block)


def _copied(results: Code) -> Code:
    """Copy a loop's results so far, which go on growing."""

    def code(frame: Frame) -> Value:
        items = results(frame)
        frame.budget.check_items(len(items))
        return list(items)

    return code


def _item_at(items: list[Value], index: Decimal, budget: Budget, position: int) -> Value:
    number = whole(index)
    if number is not None and 0 < abs(number) <= len(items):
        return items[number - 1 if number > 0 else number]
    return budget.note("an index lies outside its list", position)
