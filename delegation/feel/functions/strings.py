"""String functions and `not` (DMN tables 68 and 69)."""

from __future__ import annotations

from decimal import Decimal

from delegation.feel import regex
from delegation.feel.budget import Budget
from delegation.feel.functions.signature import Registry
from delegation.feel.numbers import truncated
from delegation.feel.pattern_reader import InvalidPatternError
from delegation.feel.regex import Pattern
from delegation.feel.values import Value

REGISTRY = Registry()
builtin = REGISTRY.builtin


@builtin("not", "negand: boolean", "boolean")
def not_(budget: Budget, negand: bool) -> Value:
    return not negand


@builtin("substring", "string: string, start position: number, length?: number", "string")
def substring(budget: Budget, text: str, start: Decimal, length: Decimal | None = None) -> Value:
    budget.check_string(len(text))
    position = truncated(start)
    size = None if length is None else truncated(length)
    if not position or abs(position) > len(text):
        return budget.note("the start position lies outside the string")
    if length is not None and (size is None or size < 1):
        return budget.note("the length is not positive")
    first = position - 1 if position > 0 else len(text) + position
    return text[first:] if size is None else text[first : first + size]


@builtin("string length", "string: string", "number")
def string_length(budget: Budget, text: str) -> Value:
    return Decimal(len(text))


@builtin("upper case", "string: string", "string")
def upper_case(budget: Budget, text: str) -> Value:
    budget.check_string(3 * len(text))
    return text.upper()


@builtin("lower case", "string: string", "string")
def lower_case(budget: Budget, text: str) -> Value:
    budget.check_string(3 * len(text))
    return text.lower()


@builtin("substring before", "string: string, match: string", "string")
def substring_before(budget: Budget, text: str, match: str) -> Value:
    budget.check_string(len(text))
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string", "string")
def substring_after(budget: Budget, text: str, match: str) -> Value:
    budget.check_string(len(text))
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string, match: string", "boolean")
def contains(budget: Budget, text: str, match: str) -> Value:
    budget.check_string(len(text))
    return match in text


@builtin("starts with", "string: string, match: string", "boolean")
def starts_with(budget: Budget, text: str, match: str) -> Value:
    return text.startswith(match)


@builtin("ends with", "string: string, match: string", "boolean")
def ends_with(budget: Budget, text: str, match: str) -> Value:
    return text.endswith(match)


def _pattern(pattern: str, flags: str | None, budget: Budget) -> Pattern | None:
    budget.spend(len(pattern))
    try:
        compiled = regex.compile_pattern(pattern, flags or "")
    except InvalidPatternError as error:
        budget.note(f"the pattern is not valid: {error}")
        return None
    budget.spend(20 + len(compiled.program))
    return compiled


@builtin("matches", "input: string, pattern: string, flags?: string?", "boolean")
def matches(budget: Budget, text: str, pattern: str, flags: str | None = None) -> Value:
    compiled = _pattern(pattern, flags, budget)
    return None if compiled is None else compiled.search(text, 0, budget) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string?", "string")
def replace(budget: Budget, text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    compiled = _pattern(pattern, flags, budget)
    if compiled is None:
        return None
    parts = [replacement] if "q" in (flags or "") else _replacement(replacement, compiled.groups)
    if parts is None:
        return budget.note("in a replacement `$` stands before a digit, or `\\` before `$` or `\\`")
    if compiled.search("", 0, budget) is not None:
        return budget.note("a pattern that matches nothing cannot be replaced")
    made: list[str] = []
    length = position = 0
    while (spans := compiled.search(text, position, budget)) is not None and spans[1] > spans[0]:
        piece = text[position : spans[0]] + "".join(
            part if isinstance(part, str) else text[spans[2 * part] : spans[2 * part + 1]]
            for part in parts
            if isinstance(part, str) or spans[2 * part] >= 0
        )
        length += len(piece)
        budget.check_string(length)
        made.append(piece)
        position = spans[1]
    made.append(text[position:])
    budget.check_string(length + len(made[-1]))
    return "".join(made)


def _replacement(text: str, groups: int) -> list[str | int] | None:
    """Cut a replacement into texts and group numbers; None when it is not valid."""
    parts: list[str | int] = []
    index = 0
    while index < len(text):
        letter, following = text[index], text[index + 1 : index + 2]
        index += 1
        if letter == "\\":
            if not following or following not in "\\$":
                return None
            parts.append(following)
            index += 1
        elif letter == "$":
            if not (following.isascii() and following.isdigit()):
                return None
            number = int(following)
            index += 1
            # More digits belong to the number while there are so many groups.
            while (more := text[index : index + 1]).isascii() and more.isdigit() and number * 10 + int(more) <= groups:
                number = number * 10 + int(more)
                index += 1
            parts.append(number if number <= groups else "")
        else:
            parts.append(letter)
    return parts


@builtin("split", "string: string, delimiter: string", "list<string>")
def split(budget: Budget, text: str, delimiter: str) -> Value:
    compiled = _pattern(delimiter, None, budget)
    if compiled is None:
        return None
    if compiled.search("", 0, budget) is not None:
        budget.check_items(len(text))
        return list(text)
    made: list[str] = []
    position = 0
    while (spans := compiled.search(text, position, budget)) is not None and spans[1] > spans[0]:
        made.append(text[position : spans[0]])
        position = spans[1]
        if len(made) > budget.limits.items:
            budget.check_items(len(made))
    return [*made, text[position:]]


@builtin("string join", "list: list, delimiter?: string?", "string")
def string_join(budget: Budget, items: list[Value], delimiter: str | None = None) -> Value:
    budget.spend(len(items))
    if any(item is not None and not isinstance(item, str) for item in items):
        return budget.note("every item must be a string")
    texts = [item for item in items if item is not None]
    budget.check_string(sum(map(len, texts)) + len(delimiter or "") * max(len(texts) - 1, 0))
    return (delimiter or "").join(texts)
