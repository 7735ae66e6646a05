"""Turns a syntax tree into closures, once; evaluating is calling them.

A closure takes a `Frame` and gives a value. Which frame holds a bound name is settled here; only inside a
filter, where the item's own entries may hide names, it is looked up when evaluating.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from delegation.feel import compare, syntax, temporal
from delegation.feel.arithmetic import OPERATIONS, negate
from delegation.feel.budget import Budget
from delegation.feel.compare import make_range
from delegation.feel.functions import BUILTINS
from delegation.feel.invocation import invoke, invoke_named
from delegation.feel.numbers import CONTEXT, whole
from delegation.feel.properties import property_of
from delegation.feel.syntax import Node
from delegation.feel.types import coerce, is_instance
from delegation.feel.values import FEEL_TYPES, INPUT_VALUE_NAME, Function, Range, Value, adopt


class Frame:
    """The values of the names that one block binds, and the way to the blocks around it."""

    __slots__ = ("budget", "parent", "scope", "values")

    def __init__(
        self, budget: Budget, scope: Mapping[str, Value], values: dict[str, Value], parent: Frame | None = None
    ) -> None:
        self.budget = budget
        self.scope = scope
        self.values = values
        self.parent = parent

    def inner(self, values: dict[str, Value]) -> Frame:
        """Give a frame inside this one."""
        return Frame(self.budget, self.scope, values, self)


Code: TypeAlias = Callable[[Frame], Value]


class Block:
    """What is known when compiling about a frame: its names, or that it holds a filtered item."""

    __slots__ = ("is_filter", "names", "parent")

    def __init__(self, names: set[str], parent: Block | None, *, is_filter: bool = False) -> None:
        self.names = names
        self.parent = parent
        self.is_filter = is_filter


_MISSING = object()
_ITEM = "item"


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

    def _name(self, node: syntax.Name, block: Block) -> Code:
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
        found = self._global(name, position) if current is None else _bound(name, hops)
        return _in_filters(name, filters, found) if filters else found

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
        source = self.code(node.source, block)
        inner = Block({_ITEM}, block, is_filter=True)
        condition = self.code(node.condition, inner)
        cost, position = self._size(node.condition).nodes, node.position

        def code(frame: Frame) -> Value:
            value = source(frame)
            items = value if type(value) is list else [] if value is None else [value]
            selected = []
            for number, item in enumerate(items):
                frame.budget.spend(cost)
                verdict = condition(frame.inner({_ITEM: item}))
                if verdict is True:
                    selected.append(item)
                elif number == 0 and type(verdict) is Decimal:
                    return _item_at(items, verdict, frame.budget, position)
                elif verdict is not False and verdict is not None:
                    return frame.budget.note("a filter must be a number or a condition", position)
            if not items and type(condition(frame.inner({_ITEM: None}))) is Decimal:
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
            return _arithmetic(node.operator, left, right, node.position)
        return _comparison(node.operator, left, right, node.position)

    def _logic(self, node: syntax.Logic, block: Block) -> Code:
        operands = [self.code(operand, block) for operand in node.operands]
        decisive = node.operator == "or"

        def code(frame: Frame) -> Value:
            unknown = False
            for operand in operands:
                value = operand(frame)
                if value is decisive:
                    return decisive
                if type(value) is not bool:
                    unknown = True
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
            return _comparison(test.operator, _bound(INPUT_VALUE_NAME, 0), endpoint, test.position)
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
        return lambda frame: consequence(frame) if condition(frame) is True else alternative(frame)

    def _domains(self, domains: tuple[syntax.Domain, ...], block: Block) -> tuple[list[_Domain], Block]:
        compiled: list[_Domain] = []
        for domain in domains:
            start = self.code(domain.start, block)
            end = None if domain.end is None else self.code(domain.end, block)
            compiled.append((domain.name, start, end, domain.position))
            block = Block({domain.name}, block)
        return compiled, block

    def _for(self, node: syntax.For, block: Block) -> Code:
        outer = Block({"partial"}, block)
        domains, inner = self._domains(node.domains, outer)
        body, cost = self.code(node.body, inner), self._size(node.body).nodes

        def code(frame: Frame) -> Value:
            partial: list[Value] = []
            for nested in _combinations(domains, 0, frame.inner({"partial": partial})):
                if nested is None:
                    return None
                nested.budget.spend(cost)
                partial.append(body(nested))
                if len(partial) > nested.budget.limits.items:
                    nested.budget.check_items(len(partial))
            # ``partial`` may have been captured; the result must not change with it.
            return list(partial)

        return code

    def _quantified(self, node: syntax.Quantified, block: Block) -> Code:
        domains, inner = self._domains(node.domains, block)
        condition, cost, every = self.code(node.condition, inner), self._size(node.condition).nodes, node.every
        decisive = not every

        def code(frame: Frame) -> Value:
            unknown = False
            for nested in _combinations(domains, 0, frame):
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


_Domain: TypeAlias = tuple[str, Code, Code | None, int]


def _bound(name: str, hops: int) -> Code:
    if hops == 0:
        return lambda frame: frame.values[name]
    if hops == 1:
        return lambda frame: frame.parent.values[name]  # type: ignore[union-attr]

    def code(frame: Frame) -> Value:
        return _outer(frame, hops).values[name]

    return code


def _outer(frame: Frame, hops: int) -> Frame:
    for _ in range(hops):
        # The compiler counted the frames; there are as many.
        frame = frame.parent  # type: ignore[assignment]
    return frame


def _in_filters(name: str, filters: list[int], otherwise: Code) -> Code:
    def code(frame: Frame) -> Value:
        for hops in filters:
            item = _outer(frame, hops).values[_ITEM]
            if type(item) is dict and name in item:
                return item[name]
        return otherwise(frame)

    return code


def _item_at(items: list[Value], index: Decimal, budget: Budget, position: int) -> Value:
    number = whole(index)
    if number is not None and 0 < abs(number) <= len(items):
        return items[number - 1 if number > 0 else number]
    return budget.note("an index lies outside its list", position)


def _arithmetic(operator: str, left: Code, right: Code, position: int) -> Code:
    operation = OPERATIONS[operator]

    def code(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        result = operation(a, b, frame.budget)
        if result is None:
            return frame.budget.note(f"`{operator}` has no result for these operands", position)
        return result

    return code


def _comparison(operator: str, left: Code, right: Code, position: int) -> Code:
    holds = compare.holds
    fast: dict[str, Callable[[Value, Value], bool]] = {
        "=": lambda a, b: bool(a == b),
        "!=": lambda a, b: bool(a != b),
        "<": lambda a, b: bool(a < b),
        "<=": lambda a, b: bool(a <= b),
        ">": lambda a, b: bool(a > b),
        ">=": lambda a, b: bool(a >= b),
    }
    direct = fast[operator]

    def code(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        kind = type(a)
        if kind is type(b) and (kind is Decimal or kind is str):
            return direct(a, b)
        result = holds(operator, a, b, frame.budget)
        if result is None:
            frame.budget.note(f"`{operator}` cannot compare these values", position)
        return result

    return code


def _combinations(domains: list[_Domain], number: int, frame: Frame) -> Iterator[Frame | None]:
    """Give one frame for each combination of the domains' values; None when a domain has no values."""
    name, start, end, position = domains[number]
    values = _values_of(start(frame), None if end is None else end(frame), end is not None, frame.budget, position)
    if values is None:
        yield None
        return
    last = number == len(domains) - 1
    for value in values:
        frame.budget.spend(1)
        nested = frame.inner({name: value})
        if last:
            yield nested
        else:
            yield from _combinations(domains, number + 1, nested)


def _values_of(start: Value, end: Value, is_range: bool, budget: Budget, position: int) -> Iterator[Value] | None:
    if is_range:
        return _count(start, end, True, True, budget, position)
    if isinstance(start, Range):
        return _count(start.start, start.end, start.start_included, start.end_included, budget, position)
    if start is None:
        budget.note("null cannot be iterated", position)
        return None
    return iter(start if isinstance(start, list) else [start])


def _count(
    start: Value, end: Value, start_included: bool, end_included: bool, budget: Budget, position: int
) -> Iterator[Value] | None:
    if type(start) is Decimal and type(end) is Decimal:
        low, high = whole(start), whole(end)
        if low is not None and high is not None:
            return map(Decimal, _steps(low, high, start_included, end_included))
    elif isinstance(start, temporal.Date) and isinstance(end, temporal.Date):
        days = _steps(temporal.ordinal(start), temporal.ordinal(end), start_included, end_included)
        return map(temporal.from_ordinal, days)
    budget.note("only ranges of whole numbers or dates can be iterated", position)
    return None


def _steps(low: int, high: int, start_included: bool, end_included: bool) -> range:
    step = 1 if high >= low else -1
    return range(low if start_included else low + step, high + step if end_included else high, step)
