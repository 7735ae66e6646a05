"""Cuts FEEL text into tokens (DMN 10.3.1.2). Which tokens form one name is the parser's matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from delegation.feel.errors import FeelSyntaxError

NUMBER: Final = "number"
STRING: Final = "string"
NAME: Final = "name"
AT: Final = "at"
OPERATOR: Final = "operator"
END: Final = "end"

#: The characters that begin a name, and those that go on one (DMN 10.3.1.2, rules 28 and 29).
_START = (
    r"?A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u167F\u1681-\u180D\u180F-\u1FFF"
    r"\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:[\s\ufeff\u180e]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>[{_START}][{_PART}]*)
  | (?P<at>@\s*"(?:[^"\\\n]|\\.)*")
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<operator>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """One token; `text` of a string or at-literal is its content, without quotes and escapes."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Cut `text` into tokens, the last one END; raises FeelSyntaxError."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            reason = "a string is not closed" if text[position] in '"@' else f"unexpected character `{text[position]}`"
            raise FeelSyntaxError(text, position, reason)
        kind = match.lastgroup or END
        if kind != "space":
            content = match.group()
            if kind in (STRING, AT):
                content = _unescape(text, position, content[content.index('"') + 1 : -1])
            elif kind == NAME and not content.isascii():
                # An "ö" may be typed as one character or as two.
                content = unicodedata.normalize("NFC", content)
            tokens.append(Token(kind, content, position, match.end()))
        position = match.end()
    tokens.append(Token(END, "", position, position))
    return tokens


def _unescape(text: str, position: int, body: str) -> str:
    if "\\" not in body:
        return body

    def replace(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code is None:
            # An unknown escape keeps its backslash: regular expressions are written that way.
            return _SIMPLE_ESCAPES.get(match[3], match[0])
        number = int(code, 16)
        if number > 0x10FFFF:
            raise FeelSyntaxError(text, position, f"`\\U{code}` is not a character")
        return chr(number)

    content = _ESCAPE.sub(replace, body)
    if any("\ud800" <= letter <= "\udfff" for letter in content):
        try:
            content = content.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise FeelSyntaxError(text, position, "a `\\u` escape is half a character") from None
    return content


@lru_cache(maxsize=4096)
def name_tokens(name: str) -> tuple[str, ...]:
    """Cut a declared name into the texts of its tokens; raises FeelSyntaxError."""
    return tuple(token.text for token in tokenize(name)[:-1])
