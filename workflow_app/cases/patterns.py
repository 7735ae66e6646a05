"""Find patterns: many like cases about the same unit, provider or principal in a while (S-54, S-75).

The thresholds are the authority's, dated, in ``patterns.toml`` beside the models. A pattern about a provider or a
principal asks for joint preparation (JB-10); one about a unit is for whoever weighs the signal.
"""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import CharField, Count, DateTimeField, F, Q, QuerySet, UUIDField

from delegation.vocabulary import CASE_TYPES
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases.errors import InvalidPatterns
from workflow_app.cases.kept_query import KeptQuery
from workflow_app.cases.models import Case

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: What cases may have in common, and the fact that names it.
ABOUT: Mapping[str, str] = {"UNIT": "unit_id", "PROVIDER": "provider_id", "PRINCIPAL": "principal_id"}
#: Facts that say that a case concerns children, as they stand in the stored facts.
OF_CHILDREN = ('"child_harm":true', '"receives_children":true', '"age_group":"s:CHILD"')
_KEYS = {"from", "about", "case_types", "children", "days", "count"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From how many cases on there is a pattern."""

    valid_from: date
    about: str
    case_types: tuple[str, ...]
    children: bool
    days: int
    count: int


def read(text: str) -> tuple[Threshold, ...]:
    """Read thresholds. Raises ``InvalidPatterns`` naming the one that cannot be read."""
    try:
        rows = tomllib.loads(text).get("threshold", [])
    except tomllib.TOMLDecodeError as error:
        raise InvalidPatterns(f"the file of patterns is not TOML: {error}") from error
    return tuple(_threshold(row, number) for number, row in enumerate(rows, start=1))


def _threshold(row: Mapping[str, Any], number: int) -> Threshold:
    def refuse(what: str) -> InvalidPatterns:
        return InvalidPatterns(f"threshold {number} of the file of patterns: {what}")

    if set(row) - _KEYS or _KEYS - set(row) - {"children"}:
        raise refuse(f"it has {', '.join(sorted(_KEYS))}, and no other word")
    if row["about"] not in ABOUT:
        raise refuse(f"`about` is one of {', '.join(ABOUT)}")
    if not row["case_types"] or not set(row["case_types"]) <= set(CASE_TYPES):
        raise refuse(f"`case_types` are some of {', '.join(CASE_TYPES)}")
    if type(row["from"]) is not date or any(type(row[key]) is not int or row[key] < 1 for key in ("days", "count")):
        raise refuse("`from` is a date; `days` and `count` are whole numbers from 1")
    return Threshold(
        valid_from=row["from"],
        about=row["about"],
        case_types=tuple(sorted(row["case_types"])),
        children=bool(row.get("children", False)),
        days=row["days"],
        count=row["count"],
    )


def in_force(thresholds: tuple[Threshold, ...], on: date) -> tuple[Threshold, ...]:
    """Return the thresholds of a day: of those about the same, the one that began last."""
    latest: dict[tuple[object, ...], Threshold] = {}
    for one in sorted(thresholds, key=lambda threshold: threshold.valid_from):
        if one.valid_from <= on:
            latest[(one.about, one.case_types, one.children)] = one
    return tuple(latest.values())


@lru_cache(maxsize=4)
def _of_file(path: Path) -> tuple[Threshold, ...]:
    return read(path.read_text(encoding="utf-8"))


def detect(turn: Turn) -> None:
    """Give the facts of patterns that the case is part of: how many cases, and whether that is a pattern."""
    facts = turn.facts.values
    day = turn.at.astimezone(STOCKHOLM).date()
    counts: dict[str, int] = {}
    reached: set[str] = set()
    for threshold in in_force(_of_file(Path(settings.BEREDD_PATTERNS)), day):
        code = facts.get(ABOUT[threshold.about])
        if code:
            count = _count(turn, threshold, str(code))
            counts[threshold.about] = max(counts.get(threshold.about, 0), count)
            if count >= threshold.count:
                reached.add(threshold.about)
    turn.facts.take({f"cases_of_{about.lower()}": counts.get(about) for about in ABOUT})
    turn.facts.take({"unit_pattern": "UNIT" in reached})
    turn.facts.find({"pattern_alert": not reached.isdisjoint({"PROVIDER", "PRINCIPAL"})})


def _count(turn: Turn, threshold: Threshold, code: str) -> int:
    own = turn.case.case_type in threshold.case_types
    if threshold.children:
        facts = turn.facts.values
        own &= bool(
            facts.get("child_harm") is True
            or facts.get("receives_children") is True
            or facts.get("age_group") == "CHILD"
        )
    since = turn.at - timedelta(days=threshold.days)
    found = _others(threshold).rows(code=code, since=since, until=turn.at, case=turn.case.pk)
    others: int = sum(number for (number,) in found)
    return others + own


@lru_cache(maxsize=64)
def _others(threshold: Threshold) -> KeptQuery:
    """Return the query that counts the other cases of a threshold, those opened within its days."""

    def count(*, code: str, since: datetime, until: datetime, case: uuid.UUID) -> QuerySet[Any, Any]:
        rows = Case.objects.filter(
            **{ABOUT[threshold.about]: code},
            case_type__in=threshold.case_types,
            opened_at__gt=since,
            opened_at__lte=until,
        ).exclude(pk=case)
        if threshold.children:
            # Facts are stored canonically, and a quotation mark inside a text is escaped: the text is found only as a
            # fact.
            rows = rows.filter(reduce(or_, (Q(facts__contains=text) for text in OF_CHILDREN)))
        return rows.values(about=F(ABOUT[threshold.about])).annotate(number=Count("*")).values_list("number")

    return KeptQuery(
        count,
        {
            "code": (CharField(), "sample code"),
            "since": (DateTimeField(), datetime(1900, 1, 1, tzinfo=UTC)),
            "until": (DateTimeField(), datetime(1900, 1, 2, tzinfo=UTC)),
            "case": (UUIDField(), uuid.UUID(int=1)),
        },
    )
