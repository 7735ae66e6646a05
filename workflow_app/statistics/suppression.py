"""Show no group of fewer than five, not even by subtraction (R-76): pure functions over a report.

A case is about somebody, so cases are counted as persons are. A group is the cases that a figure is of: what a share
is a share of, what a mean is the mean of, what is counted. Its figure is hidden when the group counts one to four. What
is hidden could still be found where a total is shown: as the total less the other groups, or in another measure of the
same cases. So more groups are hidden, smallest first, until those hidden count to five and more together, and a group
hidden in one measure is hidden in all that count the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workflow_app.statistics.measures import Share, Spread

if TYPE_CHECKING:
    from workflow_app.statistics.report import Figure, Measure, Report

SMALLEST = 5
#: Measures that are of the same cases.
FAMILIES = (frozenset({"M-01", "M-02"}),)


@dataclass(frozen=True, slots=True)
class Hidden:
    """In place of a figure that counts too few to be shown."""


def protect(report: Report) -> Report:
    """Return the report without figures that count one to four, or would tell one that does (R-76)."""
    found = {measure.definition.id: measure for measure in report.measures}
    families = [family & found.keys() for family in FAMILIES]
    alone = found.keys() - frozenset().union(*families)
    for family in (*families, *(frozenset({id}) for id in alone)):
        members = [found[id] for id in sorted(family)]
        hidden = {name: _hidden(name, members) for name in {name for one in members for name in one.by}}
        found.update({one.definition.id: _without(one, hidden) for one in members})
    return replace(report, measures=tuple(found[measure.definition.id] for measure in report.measures))


def narrowed(report: Report, whole: Report) -> Report:
    """Return a report of some case types, protected: what the whole hides of one of them is hidden here too (R-76)."""
    hidden = {
        measure.definition.id
        for measure in whole.measures
        if any(
            isinstance(group.figure, Hidden) and group.key in report.case_types
            for group in measure.by.get("case_type", ())
        )
    }
    return replace(
        report,
        measures=tuple(
            _blank(measure) if measure.definition.id in hidden else measure for measure in protect(report).measures
        ),
    )


def _blank(measure: Measure) -> Measure:
    return _without(
        replace(measure, figure=Hidden()),
        {name: frozenset(group.key for group in groups) for name, groups in measure.by.items()},
    )


def _hidden(dimension: str, members: list[Measure]) -> frozenset[str]:
    """Return which groups of a dimension are hidden in every measure of a family."""
    tables = [
        {group.key: _counts(group.figure) for group in measure.by[dimension]}
        for measure in members
        if dimension in measure.by
    ]
    sizes: dict[str, int] = {}
    for table in tables:
        for key, counts in table.items():
            sizes[key] = max(sizes.get(key, 0), sum(counts))
    if any(_is_small(_counts(measure.figure)) for measure in members):
        return frozenset(sizes)
    hidden = {key for table in tables for key, counts in table.items() if _is_small(counts)}
    smallest_first = sorted(sizes, key=lambda key: (sizes[key], key))
    while hidden and (len(hidden) == 1 or any(_is_small(_together(table, hidden)) for table in tables)):
        left = [key for key in smallest_first if key not in hidden]
        if not left:
            break
        hidden.add(left[0])
    return frozenset(hidden)


def _without(measure: Measure, hidden: Mapping[str, frozenset[str]]) -> Measure:
    by = {
        name: tuple(
            replace(group, figure=Hidden(), chance=None) if group.key in hidden[name] else group for group in groups
        )
        for name, groups in measure.by.items()
    }
    return replace(measure, figure=Hidden() if _is_small(_counts(measure.figure)) else measure.figure, by=by)


def _counts(figure: Figure) -> tuple[int, ...]:
    """Return the size of the group that a figure is of; nothing for one that is hidden already."""
    if isinstance(figure, Share):
        return (figure.denominator,)
    if isinstance(figure, Spread):
        return (figure.count,)
    return () if isinstance(figure, Hidden) else (figure,)


def _is_small(counts: tuple[int, ...]) -> bool:
    return any(0 < count < SMALLEST for count in counts)


def _together(table: Mapping[str, tuple[int, ...]], keys: set[str]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(table[key] for key in keys if key in table), strict=True))
