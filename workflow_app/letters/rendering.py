"""Set a letter: template and data in, PDF/A-3a and PDF/UA-1 out. The same in gives the same out, byte for byte.

Data reaches the template as one JSON text, never as source. The template sees a folder that holds the template's own
files and nothing else, and only the typefaces that typst carries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import rfc8785
import typst

from workflow_app.letters.errors import TemplateRefused, TooMuchText

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
#: Characters in everything that a letter is given.
MOST_TEXT = 2_000_000
#: Stands where a character stood that cannot be printed.
MARK = "\ufffd"
#: A longer word is given places to break at, or it would run over the edge of the page.
LONGEST_WORD = 60
LOGO = "logo.svg"
#: They turn the order of what is read, so that a text can say another thing than what is stored.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONG_WORD = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD}}}")
#: How typst names the characters that it has no shape for, or that PDF/A forbids.
_NOT_DISPLAYED = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed|codepoint `"((?:[^"\\]|\\.)+)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A letter as set."""

    pdf: bytes
    #: The JSON that the template was given.
    data: str
    #: Code points that a mark stands for, as U+1F600.
    unprintable: tuple[str, ...]


def render(
    template: Mapping[str, str], main: str, data: Mapping[str, Any], *, at: datetime, logo: bytes | None = None
) -> Rendered:
    """Set a letter.

    ``template`` is file name -> source, ``main`` the file of the letter, ``at`` the moment that the PDF says it was
    made. Raises ``TooMuchText``, and ``TemplateRefused`` with the place when the template does not hold.
    """
    missing: dict[str, None] = {}
    given = _plain(data, missing)
    while True:
        text = rfc8785.dumps(given).decode()
        if len(text) > MOST_TEXT:
            raise TooMuchText(f"the letter's data is {len(text)} characters long; at most {MOST_TEXT} can be set")
        try:
            pdf = _compile(template, main, text, at, logo)
        except typst.TypstError as error:
            found = _not_displayed(error)
            if not found or not any(character in text for character in found):
                raise TemplateRefused(f"letter `{main}` cannot be set: {_place(error)}") from error
            missing |= dict.fromkeys(found)
            given = _marked(given, str.maketrans(dict.fromkeys(found, MARK)))
        else:
            return Rendered(pdf=pdf, data=text, unprintable=tuple(f"U+{ord(each):04X}" for each in missing))


def _compile(template: Mapping[str, str], main: str, data: str, at: datetime, logo: bytes | None) -> bytes:
    with TemporaryDirectory(prefix="beredd-letter-") as folder:
        root = Path(folder)
        for name, source in template.items():
            (root / name).write_text(source, encoding="utf-8")
        if logo is not None:
            (root / LOGO).write_bytes(logo)
        return typst.compile(
            str(root / main),
            root=folder,
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=[*STANDARDS],
            timestamp=at.astimezone(UTC).replace(microsecond=0),
            # No package is at hand; what a template may name is checked when it is deployed (engine.letters).
            package_path=str(root / "packages"),
            package_cache_path=str(root / "packages"),
        )


def _plain(value: Any, missing: dict[str, None]) -> Any:
    """Return the data with nothing in its texts but what can be shown."""
    if isinstance(value, str):
        return _plain_text(value, missing)
    if isinstance(value, Mapping):
        return {str(key): _plain(entry, missing) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry, missing) for entry in value]
    return value


def _plain_text(text: str, missing: dict[str, None]) -> str:
    text = _TURNING.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    if not text.isprintable():
        unfit = {c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} and c not in "\n\t"}
        missing |= dict.fromkeys(sorted(unfit))
        text = text.translate(dict.fromkeys(map(ord, unfit), MARK))
    return _LONG_WORD.sub(lambda word: f"{word[0]}\u200b", text) if len(text) > LONGEST_WORD else text


def _marked(value: Any, table: Mapping[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _marked(entry, table) for key, entry in value.items()}
    if isinstance(value, list):
        return [_marked(entry, table) for entry in value]
    return value


def _not_displayed(error: typst.TypstError) -> list[str]:
    """Return the characters that typst could not show, as its error names them."""
    named = [first or second for first, second in _NOT_DISPLAYED.findall(error.diagnostic)]
    unescaped = (_ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], each) for each in named)
    return sorted({character for each in unescaped for character in each})


def _place(error: typst.TypstError) -> str:
    """Return what is wrong without the text that surrounds it: a letter's data is nobody else's to read."""
    where = re.search(r"([\w.]+\.typ):(\d+):\d+", error.diagnostic)
    message = re.split("[`:]", error.message, maxsplit=1)[0].rstrip()
    return f"{message} ({where[1]}, line {where[2]})" if where else message
