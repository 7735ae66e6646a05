"""Nobody follows the same home or provider for too long (R-16 to R-18, R-24)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from delegation.duties.question import Question, duty, flag, number
from delegation.errors import Unevaluable
from delegation.types import Duty

_YEARS_AS_LEAD: Final = 2
_YEARS_AS_DECIDER: Final = 3
_OUTCOMES: Final = frozenset(
    {"NO_DEFICIENCY", "DEFICIENCY_NO_DEMAND", "DEMAND_REPORT_1", "DEMAND_REPORT_2", "DEMAND_REPORT_3"}
)


def deciding(question: Question) -> Iterator[Duty]:
    """Yield the rotation of inspectors where they are assigned, and two persons at an unannounced visit."""
    request = question.request
    facts = request.facts
    if request.decision_type == "ASSIGN_INSPECTORS":
        exempt = flag(facts, "rotation_exemption") is True
        lead = number(facts, "lead_consecutive_years")
        pair = number(facts, "pair_consecutive_years")
        if not exempt and (lead is None or pair is None):
            raise Unevaluable(("lead_consecutive_years", "pair_consecutive_years"))
        yield duty("LEAD_ROTATES", "R-16", exempt or (lead is not None and lead < _YEARS_AS_LEAD))
        yield duty("PAIR_ROTATES", "R-16", exempt or (pair is not None and pair < 1))
    if request.decision_type == "INSPECTION" and flag(facts, "home_for_children") and flag(facts, "announced") is False:
        inspectors = number(facts, "inspectors")
        if inspectors is not None:
            yield duty("TWO_INSPECTORS", "R-24", inspectors >= 2)


def decider(question: Question, role: str) -> Iterator[Duty]:
    """Yield that an EC_N has not decided about the same provider for three years on end in FTB (R-17)."""
    request = question.request
    if role != "EC_N" or request.case_type != "FTB" or request.decision_type not in _OUTCOMES:
        return
    if flag(request.facts, "rotation_exemption"):
        return
    years = number(request.facts, "decider_consecutive_years")
    if years is None:
        raise Unevaluable(("decider_consecutive_years",))
    yield duty("DECIDER_ROTATES", "R-17", years < _YEARS_AS_DECIDER)
