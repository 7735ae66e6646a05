"""Nobody follows the same home or provider for too long (R-16 to R-18, R-24)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from delegation.duties.question import Question, duty, flag, number
from delegation.errors import Unevaluable
from delegation.types import Duty

_YEARS_AS_LEAD: Final = 2
_YEARS_AS_PAIR: Final = 1
_YEARS_AS_DECIDER: Final = 3
#: How many visit a home for children together (R-24).
INSPECTORS: Final = 2
#: The facts that name the inspectors of a visit.
_TEAM: Final = ("lead_inspector", "second_inspector")
#: The decision that sends two inspectors to a home (DO-072).
ASSIGNING: Final = "ASSIGN_INSPECTORS"
#: The decision to visit a unit (DO-038).
INSPECTION: Final = "INSPECTION"
#: What ends a yearly inspection and counts as deciding about the home.
OUTCOMES: Final = frozenset(
    {"NO_DEFICIENCY", "DEFICIENCY_NO_DEMAND", "DEMAND_REPORT_1", "DEMAND_REPORT_2", "DEMAND_REPORT_3"}
)


def years_on_end(year: int, years: Collection[int]) -> int:
    """Return for how many years in unbroken order before ``year`` something held: a year without ends the row."""
    return next(count for count in range(len(years) + 1) if year - count - 1 not in years)


def may_lead(years: int) -> bool:
    """Tell whether who has led at a home for so many years on end may lead there once more (R-16)."""
    return years < _YEARS_AS_LEAD


def may_pair(years: int) -> bool:
    """Tell whether two who have visited a home together for so many years on end may do so once more (R-16)."""
    return years < _YEARS_AS_PAIR


def exempted(facts: Mapping[str, Any]) -> bool:
    """Tell whether an exemption is decided for this home and this year (DO-073): any other's is none here (R-18)."""
    unit, year = facts.get("unit_id"), number(facts, "plan_year")
    given = facts.get("rotation_exemptions")
    if not isinstance(given, list) or unit is None or year is None:
        return False
    return any(row.get("unit_id") == unit and number(row, "year") == year for row in given)


def deciding(question: Question) -> Iterator[Duty]:
    """Yield the rotation of inspectors as they are assigned (R-16), and two persons at an unannounced visit (R-24)."""
    request = question.request
    facts = request.facts
    if request.decision_type == ASSIGNING:
        exempt = exempted(facts)
        lead = number(facts, "lead_consecutive_years")
        pair = number(facts, "pair_consecutive_years")
        if not exempt and (lead is None or pair is None):
            raise Unevaluable(("lead_consecutive_years", "pair_consecutive_years"))
        yield duty("LEAD_ROTATES", "R-16", exempt or (lead is not None and may_lead(int(lead))))
        yield duty("PAIR_ROTATES", "R-16", exempt or (pair is not None and may_pair(int(pair))))
    if request.decision_type == INSPECTION and flag(facts, "receives_children") and not flag(facts, "announced"):
        named = {facts.get(name) for name in _TEAM} - {None, ""}
        yield duty("TWO_INSPECTORS", "R-24", len(named) == INSPECTORS)


def decider(question: Question, role: str) -> Iterator[Duty]:
    """Yield that an EC_N has not decided about the same provider for three years on end in FTB (R-17)."""
    request = question.request
    if role != "EC_N" or request.case_type != "FTB" or request.decision_type not in OUTCOMES:
        return
    if exempted(request.facts):
        return
    year, earlier = number(request.facts, "plan_year"), request.facts.get("earlier_deciders")
    if year is None or not isinstance(earlier, list):
        raise Unevaluable(("plan_year", "earlier_deciders"))
    own = {number(row, "year") for row in earlier if row["person"] == request.actor.person}
    before = {year - count for count in range(1, _YEARS_AS_DECIDER + 1)}
    yield duty("DECIDER_ROTATES", "R-17", not before <= own)
