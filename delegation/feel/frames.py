"""Where bound names live while an expression is evaluated, and how compiled code finds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from delegation.feel.budget import Budget
from delegation.feel.values import Value

#: The name of the item in a filter.
ITEM = "item"
#: The name of a loop's results so far; the list grows while the loop runs.
PARTIAL = "partial"


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

    __slots__ = ("is_filter", "is_loop", "names", "parent")

    def __init__(
        self, names: set[str], parent: Block | None, *, is_filter: bool = False, is_loop: bool = False
    ) -> None:
        self.names = names
        self.parent = parent
        self.is_filter = is_filter
        #: True when it holds only `PARTIAL`.
        self.is_loop = is_loop


def bound(name: str, hops: int) -> Code:
    """Look a name up in the frame that lies `hops` frames out."""
    if hops == 0:
        return lambda frame: frame.values[name]
    if hops == 1:
        return lambda frame: frame.parent.values[name]  # type: ignore[union-attr]

    def code(frame: Frame) -> Value:
        return outer(frame, hops).values[name]

    return code


def outer(frame: Frame, hops: int) -> Frame:
    """Give the frame that lies `hops` frames out."""
    for _ in range(hops):
        # The compiler counted the frames; there are as many.
        frame = frame.parent  # type: ignore[assignment]
    return frame


def in_filters(name: str, filters: list[int], otherwise: Code) -> Code:
    """Look a name up among the entries of filtered items first; `filters` are the hops to their frames."""

    def code(frame: Frame) -> Value:
        for hops in filters:
            item = outer(frame, hops).values[ITEM]
            if type(item) is dict and name in item:
                return item[name]
        return otherwise(frame)

    return code
