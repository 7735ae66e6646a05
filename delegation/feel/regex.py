"""Regular expressions as XPath 3.1 defines them, in a matcher whose work is counted.

Python's own matcher takes exponential time for some patterns and cannot be stopped. Here a pattern becomes a
small program; a search visits each pair of instruction and position once, or, with back-references, until the
budget is spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from delegation.feel.budget import Budget
from delegation.feel.pattern_reader import InvalidPatternError, Node, PatternReader

#: Start and end of the match and of each group; -1 for a group that took no part.
Spans: TypeAlias = tuple[int, ...]

_MAX_PROGRAM: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A compiled pattern."""

    #: Instructions: those of the reader's tree, with addresses ("split", preferred, other), ("jump", target),
    #: ("save", slot), ("progress", slot) and ("match",).
    program: tuple[Node, ...]
    groups: int
    slots: int
    multiline: bool
    #: With back-references a position alone does not decide what follows, so nothing is remembered.
    remembers: bool

    def search(self, text: str, start: int, budget: Budget) -> Spans | None:
        """Find the first match at or after `start`; raises BudgetExceeded."""
        budget.spend(len(self.program) >> 3)
        seen: set[int] = set()
        first = self.program[1]
        for at in range(start, len(text) + 1):
            if first[0] == "set":
                budget.spend(1)
                if at == len(text) or not first[1](text[at]):  # type: ignore[operator]
                    continue
            spans = self._match(text, at, seen, budget)
            if spans is not None:
                return spans
        return None

    def _match(self, text: str, at: int, seen: set[int], budget: Budget) -> Spans | None:
        program, length, steps = self.program, len(text), 0
        stack: list[tuple[int, int, tuple[int, ...]]] = [(0, at, (-1,) * self.slots)]
        while stack:
            address, position, saved = stack.pop()
            while True:
                steps += 1
                if steps == 256:
                    budget.spend(steps)
                    steps = 0
                instruction = program[address]
                address += 1
                match instruction:
                    case ("set", member):
                        if position == length or not member(text[position]):  # type: ignore[operator]
                            break
                        position += 1
                    case ("split", preferred, other):
                        if self.remembers:
                            key = address * (length + 1) + position
                            if key in seen:
                                break
                            seen.add(key)
                        stack.append((other, position, saved))  # type: ignore[arg-type]
                        address = preferred  # type: ignore[assignment]
                    case ("jump", target):
                        address = target  # type: ignore[assignment]
                    case ("save", int(slot)):
                        saved = (*saved[:slot], position, *saved[slot + 1 :])
                    case ("progress", int(slot)):
                        if saved[slot] == position:
                            break
                    case ("back", int(group), bool(ignore_case)):
                        begin, end = saved[2 * group], saved[2 * group + 1]
                        part = text[begin:end] if begin >= 0 <= end else ""
                        there = text[position : position + len(part)]
                        if there != part and not (ignore_case and there.lower() == part.lower()):
                            break
                        position += len(part)
                    case ("start",):
                        # A newline that ends the text begins no line.
                        if position and not (self.multiline and text[position - 1] == "\n" and position < length):
                            break
                    case ("end",):
                        if position != length and not (self.multiline and text[position] == "\n"):
                            break
                    case _:
                        budget.spend(steps)
                        return saved[: 2 * self.groups + 2]
        budget.spend(steps)
        return None


@lru_cache(maxsize=256)
def compile_pattern(text: str, flags: str) -> Pattern:
    """Compile an XPath pattern; raises InvalidPatternError."""
    if set(flags) - set("smixq"):
        raise InvalidPatternError("flags are letters among `smixq`")
    reader = PatternReader(text, flags)
    writer = _Writer(remembers=not reader.back_references, slots=2 * reader.groups + 2)
    writer.write(("group", 0, reader.tree))
    writer.program.append(("match",))
    return Pattern(
        program=tuple(writer.program),
        groups=reader.groups,
        slots=writer.slots,
        multiline="m" in flags,
        remembers=writer.remembers,
    )


class _Writer:
    """Writes a tree as a program."""

    def __init__(self, *, remembers: bool, slots: int) -> None:
        self.program: list[Node] = []
        self.remembers = remembers
        self.slots = slots

    def write(self, node: Node) -> None:
        """Append the instructions of `node`; raises InvalidPatternError when they are too many."""
        program = self.program
        if len(program) > _MAX_PROGRAM:
            raise InvalidPatternError("the pattern is too large")
        match node:
            case ("group", int(number), tuple(inner)):
                program.append(("save", 2 * number))
                self.write(inner)
                program.append(("save", 2 * number + 1))
            case ("all", list(parts)):
                for part in parts:
                    self.write(part)
            case ("any", list(parts)):
                self._write_any(parts)
            case ("repeat", tuple(inner), int(low), high, bool(lazy)):
                for _ in range(low):
                    self.write(inner)
                if high is None:
                    self._write_loop(inner, lazy)
                else:
                    self._write_optional(inner, int(str(high)) - low, lazy)
            case _:
                program.append(node)

    def _write_any(self, parts: list[Node]) -> None:
        jumps = []
        for part in parts[:-1]:
            split = len(self.program)
            self.program.append(("split",))
            self.write(part)
            jumps.append(len(self.program))
            self.program.append(("jump",))
            self.program[split] = ("split", split + 1, len(self.program))
        self.write(parts[-1])
        for jump in jumps:
            self.program[jump] = ("jump", len(self.program))

    def _write_loop(self, inner: Node, lazy: bool) -> None:
        split = len(self.program)
        self.program.append(("split",))
        if not self.remembers:
            # A turn that consumes nothing would repeat for ever.
            self.program.append(("save", self.slots))
            self.slots += 1
        mark = self.slots - 1
        self.write(inner)
        if not self.remembers:
            self.program.append(("progress", mark))
        self.program.append(("jump", split))
        self.program[split] = _split(split + 1, len(self.program), lazy)

    def _write_optional(self, inner: Node, times: int, lazy: bool) -> None:
        splits = []
        for _ in range(times):
            splits.append(len(self.program))
            self.program.append(("split",))
            self.write(inner)
        for split in splits:
            self.program[split] = _split(split + 1, len(self.program), lazy)


def _split(body: int, behind: int, lazy: bool) -> Node:
    return ("split", behind, body) if lazy else ("split", body, behind)
