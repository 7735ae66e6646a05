"""Bytes that somebody calls a CSV file, turned into rows of text or refused with what is wrong and where.

Semicolons (as Swedish spreadsheets write) and commas are both read; so is a byte order mark. Nothing else is guessed.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow_app.registry.errors import FileRefused, Problem

#: Room for a register of a hundred thousand entries.
MOST_BYTES = 8 * 2**20
LONGEST_CELL = 200
#: More than these are not listed: whoever has them mends the cause, not each line.
MOST_PROBLEMS = 100
#: What a spreadsheet takes for a calculation.
_FORMULA = ("=", "+", "-", "@")
_FOREIGN = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a file below its heading; ``cells`` by column."""

    line: int
    cells: dict[str, str]


def read(data: bytes, *, columns: Collection[str]) -> tuple[list[Row], list[Problem]]:
    """Return the rows that can be read, and what is wrong with the others.

    Raises ``FileRefused`` for what is no such file at all: too large, not UTF-8, or with another heading.
    """
    lines = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_delimiter(data), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    heading: list[str] = []
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if not heading:
                heading = _heading(cells, columns)
                continue
            if len(cells) != len(heading):
                text = _("has %(found)s cells; the heading has %(wanted)s")
                values = {"found": len(cells), "wanted": len(heading)}
                problems.append(Problem(line=lines.line_num, text=text % values))
                continue
            row = Row(line=lines.line_num, cells=dict(zip(heading, map(str.strip, cells), strict=True)))
            problems += _unfit(row)
            rows.append(row)
    except csv.Error as error:
        text = _("cannot be read as CSV: a quotation mark is missing or misplaced, or a cell is too long")
        raise FileRefused((Problem(line=lines.line_num, text=text),)) from error
    if not rows and not problems:
        raise FileRefused((Problem(text=_("the file has no lines below its heading")),))
    return rows, problems


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        text = _("the file is larger than %(most)s MB; divide it")
        raise FileRefused((Problem(text=text % {"most": MOST_BYTES // 2**20}),))
    if data.startswith(_FOREIGN):
        raise FileRefused((Problem(text=_("the file is UTF-16; save it as “CSV UTF-8”")),))
    if b"\0" in data:
        text = _("holds a NUL character, which no text has; is it a CSV file?")
        raise FileRefused((Problem(line=data[: data.index(b"\0")].count(b"\n") + 1, text=text),))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _("holds bytes that are not UTF-8; save the file as “CSV UTF-8”")
        raise FileRefused((Problem(line=data[: error.start].count(b"\n") + 1, text=text),)) from error


def _delimiter(data: bytes) -> str:
    heading = data.lstrip().partition(b"\n")[0]
    return ";" if b";" in heading else ","


def _heading(cells: list[str], columns: Collection[str]) -> list[str]:
    found = [cell.strip().casefold() for cell in cells]
    problems = [
        Problem(line=1, column=column, text=_("the column is missing")) for column in columns if column not in found
    ]
    for number, column in enumerate(found):
        name = "".join(filter(str.isprintable, column))[:40]
        if column not in columns:
            text = _("there is no such column; the columns are %(columns)s")
            problems.append(Problem(line=1, column=name, text=text % {"columns": ", ".join(columns)}))
        elif column in found[:number]:
            problems.append(Problem(line=1, column=name, text=_("the column is there twice")))
    if problems:
        raise FileRefused(tuple(problems))
    return found


def _unfit(row: Row) -> list[Problem]:
    return [
        Problem(line=row.line, column=column, text=text)
        for column, cell in row.cells.items()
        if (text := _cell_problem(cell))
    ]


def _cell_problem(cell: str) -> str:
    if cell.startswith(_FORMULA):
        return _("begins as a formula; a register holds no formulas")
    if len(cell) > LONGEST_CELL:
        return _("is %(length)s characters long; at most %(most)s are allowed") % {
            "length": len(cell),
            "most": LONGEST_CELL,
        }
    # Cc and Cs cannot be stored or shown; Cf makes a text read as something else than what is stored.
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn", "Co"} or character == "�" for character in cell):
        return _("holds a character that no text has; remove it")
    return ""
