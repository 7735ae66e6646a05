"""What must hold before anything of a case is weeded out (R-79). No rule, no weeding: everything is kept.

The authority has adopted no retention rules (``RULES`` is empty), so every request is refused; a rule is added here
with its legal basis, as an appraisal under the Archives Act or a regulation of the National Archives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from delegation.types import Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """How long closed cases of a type are kept, and by which authority they are then weeded out."""

    case_type: str
    #: Key of the order's register of legal bases.
    legal_basis: str
    years: int


#: By case type.
RULES: Mapping[str, RetentionRule] = {}


def weeding_bars(
    *,
    case_type: str,
    closed_on: date | None,
    today: date,
    proposed_by: str,
    approved_by: str | None,
    rules: Mapping[str, RetentionRule] = RULES,
) -> tuple[Bar, ...]:
    """Return every reason against weeding a case out: no rule, not closed, too early, or one pair of eyes (R-79)."""
    rule = rules.get(case_type)
    bars = []
    if rule is None:
        bars.append(Bar(code="NO_RETENTION_RULE", rule_id="R-79", params=(("case_type", case_type),)))
    if closed_on is None:
        bars.append(Bar(code="CASE_IS_OPEN", rule_id="R-79"))
    elif rule is not None and (today.year - closed_on.year, today.month, today.day) < (
        rule.years,
        closed_on.month,
        closed_on.day,
    ):
        bars.append(Bar(code="RETENTION_RUNS", rule_id="R-79", params=(("years", str(rule.years)),)))
    if approved_by is None or approved_by == proposed_by:
        bars.append(Bar(code="WEEDING_FOUR_EYES", rule_id="R-79"))
    return tuple(bars)
