"""The rules, declared once in ``rules.toml``: what each says, on what legal ground, and how hard it bites."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = "rules.toml"


class Severity(StrEnum):
    """What the system does where a rule bites."""

    #: The act is not performed, and the attempt is in the ledger.
    REFUSE = "REFUSE"
    #: Whoever acts, or is to answer for it, is warned.
    WARN = "WARN"
    #: The system does it by itself and accounts for it.
    REPORT = "REPORT"


class Moment(StrEnum):
    """When a rule acts."""

    TASK = "TASK"
    PREPARATION = "PREPARATION"
    REVIEW = "REVIEW"
    DECISION = "DECISION"
    DISPATCH = "DISPATCH"
    GRANT = "GRANT"
    ADOPTION = "ADOPTION"
    CLOCK = "CLOCK"
    READING = "READING"
    STATISTICS = "STATISTICS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as declared."""

    #: ``R-nn``.
    id: str
    #: Code of the chapter that the rule stands in.
    chapter: str
    swedish: str
    english: str
    severity: Severity
    acts: Moment
    #: Keys of the order's registry of legal bases, which says what each means on a day (domain 3.2).
    basis: tuple[str, ...]

    def sentence(self, language: str) -> str:
        """Return the rule in the reader's language."""
        return self.swedish if language.startswith("sv") else self.english


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Rules about one thing."""

    code: str
    swedish: str
    english: str
    rules: tuple[Rule, ...]

    def title(self, language: str) -> str:
        """Return what the chapter is about in the reader's language."""
        return self.swedish if language.startswith("sv") else self.english


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return every rule, chapter by chapter."""
    declared = tomllib.loads(Path(__file__).with_name(FILE).read_text(encoding="utf-8"))
    return tuple(
        Chapter(
            code=chapter["code"],
            swedish=chapter["sv"],
            english=chapter["en"],
            rules=tuple(_rule(row, chapter["code"]) for row in chapter["rules"]),
        )
        for chapter in declared["chapters"]
    )


@cache
def by_id() -> Mapping[str, Rule]:
    """Return every rule by its id."""
    return {rule.id: rule for chapter in chapters() for rule in chapter.rules}


def _rule(row: Mapping[str, Any], chapter: str) -> Rule:
    return Rule(
        id=row["id"],
        chapter=chapter,
        swedish=row["sv"],
        english=row["en"],
        severity=Severity(row["severity"]),
        acts=Moment(row["acts"]),
        basis=tuple(row["basis"]),
    )
