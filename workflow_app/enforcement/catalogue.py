"""The catalogue: each rule with where it is enforced and what tries to get round it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from workflow_app.enforcement import rules, traces
from workflow_app.enforcement.rules import Rule
from workflow_app.enforcement.traces import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rule of the catalogue."""

    rule: Rule
    code: tuple[Place, ...]
    #: ``None`` where the tests are not installed.
    tests: tuple[Place, ...] | None
    stories: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every rule, and what is amiss."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]

    @property
    def complete(self) -> int:
        """Return how many rules have both code and a test."""
        return sum(bool(entry.code) and bool(entry.tests or entry.stories) for entry in self.entries)


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the program that runs."""
    return read(settings.BASE_DIR)


def read(root: Path) -> Catalogue:
    """Return the catalogue of a source tree; its tests are looked for where it has any."""
    code, stories = traces.in_code(root), traces.in_scenarios(root)
    tests = traces.in_tests(root) if (root / "tests").is_dir() else None
    entries = tuple(
        Entry(
            rule=rule,
            code=code.get(rule.id, ()),
            tests=None if tests is None else tests.get(rule.id, ()),
            stories=stories.get(rule.id, ()),
        )
        for rule in rules.by_id().values()
    )
    return Catalogue(entries=entries, problems=(*_missing(entries), *_unknown(code, tests or {}, stories)))


def _missing(entries: tuple[Entry, ...]) -> list[str]:
    return [
        *(f"{entry.rule.id} has no code: no function that enforces it names it" for entry in entries if not entry.code),
        *(
            f"{entry.rule.id} has no test: none tries to get round it"
            for entry in entries
            if entry.tests == () and not entry.stories
        ),
    ]


def _unknown(*named: traces.Traces) -> list[str]:
    known = rules.by_id()
    return [
        f"{place} names {rule}, which is no rule of {rules.FILE}"
        for found in named
        for rule, places in found.items()
        if rule not in known
        for place in places
    ]
