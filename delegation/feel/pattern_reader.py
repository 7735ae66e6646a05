"""Reads regular expressions as XPath 3.1 defines them (with XML Schema's classes) into a tree."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final, TypeAlias

Member: TypeAlias = Callable[[str], bool]
#: ("set", member), ("start",), ("end",), ("back", group, ignore case), ("group", number, node), ("all", nodes),
#: ("any", nodes) or ("repeat", node, low, high, lazy).
Node: TypeAlias = tuple[object, ...]

_MAX_DEPTH: Final = 40


class InvalidPatternError(Exception):
    """a pattern or its flags are not those of XPath"""


class PatternReader:
    """Reads a pattern into a tree."""

    def __init__(self, text: str, flags: str) -> None:
        self._text = _without_space(text) if "x" in flags and "q" not in flags else text
        self._flags = flags
        self._at = 0
        self._depth = 0
        self.groups = 0
        self._closed: set[int] = set()
        self.back_references = False
        if "q" in flags:
            self.tree: Node = ("all", [self._one(letter) for letter in text])
            return
        self.tree = self._alternatives()
        if self._at < len(self._text):
            raise InvalidPatternError("the pattern has a `)` too many")

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        letter = self._text[self._at : self._at + 1]
        if not letter:
            raise InvalidPatternError("the pattern ends too early")
        self._at += 1
        return letter

    def _alternatives(self) -> Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise InvalidPatternError("the pattern is nested too deeply")
        branches = [self._branch()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._branch())
        self._depth -= 1
        return branches[0] if len(branches) == 1 else ("any", branches)

    def _branch(self) -> Node:
        pieces: list[Node] = []
        while (letter := self._peek()) and letter not in "|)":
            pieces.append(self._quantified(self._atom()))
        return ("all", pieces)

    def _quantified(self, atom: Node) -> Node:
        letter = self._peek()
        bounds: tuple[int, int | None]
        match letter:
            case "?":
                bounds = (0, 1)
            case "*":
                bounds = (0, None)
            case "+":
                bounds = (1, None)
            case "{":
                bounds = self._bounds()
            case _:
                return atom
        if letter != "{":
            self._at += 1
        lazy = self._peek() == "?"
        if lazy:
            self._at += 1
        if self._peek() in ("*", "+", "?", "{") and self._peek():
            raise InvalidPatternError("a quantifier follows a quantifier")
        return ("repeat", atom, *bounds, lazy)

    def _bounds(self) -> tuple[int, int | None]:
        end = self._text.find("}", self._at)
        low, comma, high = self._text[self._at + 1 : end].partition(",")
        numbers = [low] + ([high] if high else [])
        if end < 0 or not all(part.isascii() and part.isdigit() and len(part) < 5 for part in numbers):
            raise InvalidPatternError("a quantifier is `{n}`, `{n,}` or `{n,m}`")
        self._at = end + 1
        least = int(low)
        most = int(high) if high else (None if comma else least)
        if most is not None and most < least:
            raise InvalidPatternError("a quantifier's bounds are in the wrong order")
        return least, most

    def _atom(self) -> Node:
        letter = self._next()
        match letter:
            case "^":
                return ("start",)
            case "$":
                return ("end",)
            case ".":
                return ("set", (lambda c: True) if "s" in self._flags else (lambda c: c not in "\n\r"))
            case "(":
                return self._group()
            case "[":
                return ("set", self._class())
            case "\\":
                return self._escape()
        if letter in "?*+{}])|":
            raise InvalidPatternError(f"`{letter}` stands where it has no meaning")
        return self._one(letter)

    def _one(self, letter: str) -> Node:
        alike = self._alike({letter})
        return ("set", self._cased(lambda c: c in alike))

    def _alike(self, letters: set[str]) -> frozenset[str]:
        """Give letters with, when case is ignored, their other forms."""
        if "i" not in self._flags:
            return frozenset(letters)
        return frozenset(form for letter in letters for form in (letter, letter.lower(), letter.upper()))

    def _cased(self, member: Member) -> Member:
        if "i" not in self._flags:
            return member
        return lambda c: member(c) or member(c.lower()) or member(c.upper())

    def _group(self) -> Node:
        number = 0
        if self._text.startswith("?:", self._at):
            self._at += 2
        else:
            self.groups += 1
            number = self.groups
        tree = self._alternatives()
        if self._peek() != ")":
            raise InvalidPatternError("a `(` is not closed")
        self._at += 1
        self._closed.add(number)
        return ("group", number, tree) if number else tree

    def _escape(self) -> Node:
        letter = self._next()
        if letter in "123456789":
            number = int(letter)
            while (more := self._text[self._at : self._at + 1]).isdigit() and number * 10 + int(more) in self._closed:
                number = number * 10 + int(more)
                self._at += 1
            if number not in self._closed:
                raise InvalidPatternError(f"there is no group {number} before `\\{number}`")
            self.back_references = True
            return ("back", number, "i" in self._flags)
        single = _single_escape(letter)
        return self._one(single) if single is not None else ("set", self._set_escape(letter))

    def _set_escape(self, letter: str) -> Member:
        if letter in "pP":
            if self._next() != "{" or (end := self._text.find("}", self._at)) < 0:
                raise InvalidPatternError("a category is written `\\p{L}`")
            member = _category(self._text[self._at : end])
            self._at = end + 1
        elif letter.lower() in _CLASSES:
            member = _CLASSES[letter.lower()]
        else:
            raise InvalidPatternError(f"`\\{letter}` has no meaning")
        return (lambda c: not member(c)) if letter.isupper() else member

    def _class(self) -> Member:
        """Read a character class after its ``[``, with a subtraction (``[a-z-[aeiou]]``)."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise InvalidPatternError("the pattern is nested too deeply")
        negated = self._text.startswith("^", self._at)
        self._at += negated
        singles: set[str] = set()
        spans: list[tuple[str, str]] = []
        members: list[Member] = []
        subtracted: Member | None = None
        empty = True
        while (letter := self._next()) != "]":
            if letter == "-" and self._text.startswith("[", self._at) and not empty:
                self._at += 1
                subtracted = self._class()
                if self._next() != "]":
                    raise InvalidPatternError("a subtraction ends its class")
                break
            empty = False
            if letter == "[":
                raise InvalidPatternError("`[` must be escaped in a class")
            if letter == "\\":
                escaped = self._next()
                single = _single_escape(escaped)
                if single is None:
                    members.append(self._set_escape(escaped))
                    continue
                letter = single
            if self._text.startswith("-", self._at) and self._text[self._at + 1 : self._at + 2] not in ("]", "[", ""):
                self._at += 1
                last = self._next()
                if last == "\\":
                    last = _single_escape(self._next()) or ""
                if last < letter:
                    raise InvalidPatternError("a range in a class is in the wrong order")
                spans.append((letter, last))
            else:
                singles.add(letter)
        if empty:
            raise InvalidPatternError("a class is empty")
        self._depth -= 1
        alike = self._alike(singles)
        listed = self._cased(lambda c: c in alike or any(low <= c <= high for low, high in spans))

        def member(letter: str) -> bool:
            inside = listed(letter) or any(other(letter) for other in members)
            return inside is not negated and not (subtracted is not None and subtracted(letter))

        return member


def _without_space(text: str) -> str:
    """Drop the white space outside character classes, as the flag `x` asks for."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for letter in text:
        if depth or letter not in " \t\n\r":
            kept.append(letter)
            if not escaped:
                depth += (letter == "[") - (letter == "]")
            escaped = letter == "\\" and not escaped
    return "".join(kept)


def _single_escape(letter: str) -> str | None:
    if letter in "\\|.-^?*+{}()[]$":
        return letter
    return {"n": "\n", "r": "\r", "t": "\t"}.get(letter)


def _is_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "PZC"


def _is_name_start(letter: str) -> bool:
    return letter in "_:" or unicodedata.category(letter)[0] == "L"


_CLASSES: dict[str, Member] = {
    "s": lambda c: c in " \t\n\r",
    "d": lambda c: unicodedata.category(c) == "Nd",
    "w": _is_word,
    "i": _is_name_start,
    "c": lambda c: _is_name_start(c) or c in "-.\u00b7" or unicodedata.category(c)[0] in "NM",
}
_CATEGORIES = frozenset("LMNPZSC") | {
    major + minor
    for major, minors in {
        "L": "ultmo",
        "M": "nce",
        "N": "dlo",
        "P": "cdseifo",
        "Z": "slp",
        "S": "mcko",
        "C": "cfon",
    }.items()
    for minor in minors
}
_BLOCKS = {
    "IsBasicLatin": (0x0, 0x7F),
    "IsLatin-1Supplement": (0x80, 0xFF),
    "IsLatinExtended-A": (0x100, 0x17F),
    "IsLatinExtended-B": (0x180, 0x24F),
    "IsGreek": (0x370, 0x3FF),
    "IsGreekandCoptic": (0x370, 0x3FF),
    "IsCyrillic": (0x400, 0x4FF),
    "IsArmenian": (0x530, 0x58F),
    "IsHebrew": (0x590, 0x5FF),
    "IsArabic": (0x600, 0x6FF),
    "IsGeneralPunctuation": (0x2000, 0x206F),
    "IsCurrencySymbols": (0x20A0, 0x20CF),
    "IsHiragana": (0x3040, 0x309F),
    "IsKatakana": (0x30A0, 0x30FF),
    "IsCJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}


def _category(name: str) -> Member:
    if name in _CATEGORIES:
        return lambda c: unicodedata.category(c).startswith(name)
    if name in _BLOCKS:
        low, high = _BLOCKS[name]
        return lambda c: low <= ord(c) <= high
    raise InvalidPatternError(f"there is no character category `{name[:20]}`")
