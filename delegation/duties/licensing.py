"""What must stand in the file before a permit or a licence is decided about (domain 4.4, 4.7).

Here silence is no answer: a path that never asks about what a decision rests on does not lead to that decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from delegation.duties.question import Question, duty, flag, number
from delegation.types import Duty

_EXAMINERS: Final = 2
_INTERIM_MONTHS: Final = 6
_REFUSALS: Final = frozenset({"PERMIT_REFUSE_CONTENT", "PERMIT_REFUSE_SUITABILITY"})
_CLOSINGS: Final = frozenset({"NO_CRITICISM", "CRITICISM"})


def deciding(question: Question) -> Iterator[Duty]:
    """Yield the file duties of a permit or a licensed person's case."""
    request = question.request
    facts, decision = request.facts, request.decision_type
    if decision == "PERMIT_GRANT":
        examiners = number(facts, "examiners")
        yield duty("EXAMINED_BY_TWO", "R-08", examiners is not None and examiners >= _EXAMINERS)
    elif decision in _REFUSALS:
        heard = flag(facts, "communicated") is True or _written(facts, "communication_exception")
        yield duty("COMMUNICATED", "R-47", heard)
    elif decision == "HSAN_PROBATION":
        known = flag(facts, "plan_communicated") is True or _written(facts, "plan_reason")
        yield duty("PLAN_COMMUNICATED", "R-44", known)
    elif decision == "HSAN_INTERIM":
        months = number(facts, "interim_months")
        yield duty("FAST_LANE_ACUTE", "R-51", flag(facts, "danger") is True)
        yield duty("INTERIM_MONTHS", "R-53", months is not None and 0 < months <= _INTERIM_MONTHS)
    elif decision in _CLOSINGS and request.case_type == "TLP":
        reported = flag(facts, "prosecution_reported") is True
        yield duty("HSAN_REPORT_WHERE_GROUNDS", "R-89", not flag(facts, "hsan_grounds_found"))
        yield duty("OFFENCE_REPORTED", "R-89", reported or not flag(facts, "offence_suspected"))


def _written(facts: Any, name: str) -> bool:
    value = facts.get(name)
    return isinstance(value, str) and bool(value.strip())
