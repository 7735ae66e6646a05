"""How much one expression may cost, and the notes it leaves on why a value became null."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from delegation.feel.errors import BudgetExceeded


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds of one expression; a text beyond them is refused, an evaluation is stopped."""

    #: Characters of source text.
    text: int = 10_000
    #: Levels of nesting in the source text.
    nesting: int = 40
    #: Units of work in one evaluation; well under a microsecond each.
    steps: int = 60_000
    #: Python frames that nested function calls may take.
    depth: int = 300
    #: Characters of a string value.
    string: int = 50_000
    #: Items of a list, entries of a context.
    items: int = 10_000
    #: Notes kept; later ones are counted, not kept.
    notes: int = 50


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Why an expression became null."""

    reason: str
    #: Offset in the source text, when known.
    position: int | None = None


class Budget:
    """Counts the work of one evaluation and carries the moment that ``now()`` and ``today()`` answer with.

    Several expressions may share a budget, for example all cells of one decision table.
    """

    __slots__ = ("at", "depth", "limits", "notes", "notes_dropped", "position", "steps")

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, at: datetime | None = None) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.depth = limits.depth
        self.at = at
        self.notes: list[Note] = []
        self.notes_dropped = 0
        #: Offset of the invocation under way, for notes that do not know their own.
        self.position: int | None = None

    def spend(self, steps: int) -> None:
        """Take `steps` from the budget; raises BudgetExceeded when there are not enough left."""
        self.steps -= steps
        if self.steps < 0:
            raise BudgetExceeded("steps", self.limits.steps)

    def check_string(self, length: int) -> None:
        """Refuse a string of `length` characters that is too long; raises BudgetExceeded."""
        if length > self.limits.string:
            raise BudgetExceeded("characters in a string", self.limits.string)
        self.spend(length >> 8)

    def check_items(self, count: int) -> None:
        """Refuse a list or context of `count` items that is too large; raises BudgetExceeded."""
        if count > self.limits.items:
            raise BudgetExceeded("items in a list", self.limits.items)
        self.spend(count >> 2)

    def note(self, reason: str, position: int | None = None) -> None:
        """Keep why a value became null. Returns None, so that ``return budget.note(...)`` gives FEEL null."""
        if len(self.notes) < self.limits.notes:
            self.notes.append(Note(reason=reason, position=self.position if position is None else position))
        else:
            self.notes_dropped += 1
