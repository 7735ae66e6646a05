"""What must stand in the file before some decisions, where the facts show it.

Each entry is checked only when the case states the fact it reads: the forms ask for the facts, and a form that
does not concern a duty says nothing about it. A stated fact of the wrong kind can't be evaluated, and bars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from delegation.duties.question import Question, duty, flag, number
from delegation.roles import DEPUTY, DIRECTOR
from delegation.types import Duty

Facts = Mapping[str, Any]

_DEMANDS: Final = frozenset({"DEMAND_REPORT_1", "DEMAND_REPORT_2", "DEMAND_REPORT_3", "DEMAND_REPORT_4"})
_DEFICIENCIES: Final = _DEMANDS | {"DEFICIENCY_NO_DEMAND"}
_OUTCOMES: Final = _DEFICIENCIES | {"NO_DEFICIENCY"}
_COMPLAINT_OUTCOMES: Final = frozenset({"CRITICISM", "NO_CRITICISM"})
_INJUNCTIONS: Final = frozenset({"INJUNCTION", "INJUNCTION_FINE"})
_BANS: Final = frozenset({"BAN_AFTER", "REVOKE_AFTER", "BAN_DIRECT", "REVOKE_DIRECT", "INTERIM_BAN", "INTERIM_EXTEND"})
_FINES: Final = frozenset({"INJUNCTION_FINE", "INFORMATION_INJUNCTION_FINE"})
_FEE: Final = (Decimal(10_000), Decimal(1_000_000))
_INTERIM_MONTHS: Final = 6
_FRESH_MONTHS: Final = 6


def _text(facts: Facts, name: str) -> bool:
    value = facts.get(name)
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _stated(name: str, reason: str | None = None) -> Callable[[Facts], bool | None]:
    """Met when the flag is yes, or no with a reason."""

    def check(facts: Facts) -> bool | None:
        value = flag(facts, name)
        if value is None:
            return None
        return value or (reason is not None and _text(facts, reason))

    return check


def _fine_considered(facts: Facts) -> bool | None:
    considered = flag(facts, "vite_considered")
    return None if considered is None else _text(facts, "vite_reason")


def _written(*names: str) -> Callable[[Facts], bool | None]:
    def check(facts: Facts) -> bool | None:
        if all(facts.get(name) is None for name in names):
            return None
        return all(_text(facts, name) for name in names)

    return check


def _at_most(name: str, limit: int) -> Callable[[Facts], bool | None]:
    def check(facts: Facts) -> bool | None:
        value = number(facts, name)
        return None if value is None else value <= limit

    return check


def _fee(facts: Facts) -> bool | None:
    amount = number(facts, "amount")
    return None if amount is None else _FEE[0] <= amount <= _FEE[1]


def _amount_positive(facts: Facts) -> bool | None:
    amount = number(facts, "amount")
    return None if amount is None else amount > 0


def _frozen_amount(facts: Facts) -> bool | None:
    frozen = number(facts, "frozen_amount")
    return None if frozen is None else frozen == number(facts, "amount")


def _criteria(facts: Facts) -> bool | None:
    codes = facts.get("criterion_codes")
    return None if codes is None else bool(codes)


def _pattern(facts: Facts) -> bool | None:
    alert, units = flag(facts, "pattern_alert"), number(facts, "units_of_principal")
    if alert or (units is not None and units >= 3):
        return True
    return None if alert is None and units is None else False


def _not(name: str) -> Callable[[Facts], bool | None]:
    def check(facts: Facts) -> bool | None:
        value = flag(facts, name)
        return None if value is None else not value

    return check


def _fresh(facts: Facts) -> bool | None:
    months = number(facts, "basis_age_months")
    if months is None:
        return None
    return months <= _FRESH_MONTHS or _text(facts, "freshness_statement")


def _injunction_where_needed(facts: Facts) -> bool | None:
    fails, danger = flag(facts, "provider_fails_duties"), flag(facts, "danger")
    if fails is None or danger is None:
        return None
    return not (fails and danger) or _text(facts, "manifestly_unnecessary_reason")


#: (code, rule, decision types or None for all, check). A check answers None when the facts say nothing.
_CHECKS: Final[tuple[tuple[str, str, frozenset[str] | None, Callable[[Facts], bool | None]], ...]] = (
    ("AMOUNT_AS_FROZEN", "R-12", None, _frozen_amount),
    ("AMOUNT_POSITIVE", "R-12", _FINES, _amount_positive),
    ("FINE_CONSIDERED", "R-35", _DEFICIENCIES, _fine_considered),
    ("CHILD_RECORD", "R-38", _OUTCOMES, _stated("child_record_complete", "no_child_conversation_reason")),
    (
        "USERS_HEARD",
        "R-39",
        _OUTCOMES | _INJUNCTIONS | _COMPLAINT_OUTCOMES,
        _stated("user_heard", "user_not_heard_reason"),
    ),
    (
        "PLAN_VERIFIED",
        "R-41",
        frozenset({"FINAL_ACCEPTED", "CLOSE_LEX_MARIA", "CLOSE_LEX_SARAH"}),
        _at_most("unverified_items", 0),
    ),
    ("PLAN_COMMUNICATED", "R-44", frozenset({"HSAN_PROBATION"}), _stated("plan_communicated", "plan_reason")),
    ("DRAFT_ANSWERED", "R-46", _COMPLAINT_OUTCOMES, _stated("draft_answered")),
    (
        "COMMUNICATED",
        "R-47",
        _DEFICIENCIES | _INJUNCTIONS | (_BANS - {"INTERIM_BAN"}) | {"REVOKE_SUITABILITY", "REVOKE_REGISTER_CHECK"},
        _stated("communicated", "communication_exception"),
    ),
    ("MEASURES_AND_DATE", "R-48", _INJUNCTIONS, _written("measures", "latest_date")),
    ("EARLIER_FINE_FINAL", "R-49", _FINES, _stated("earlier_fine_final")),
    ("FEE_WITHIN_LAW", "R-50", frozenset({"FEE_APPLICATION"}), _fee),
    ("SERVICE_LIMIT", "R-50", frozenset({"FEE_APPLICATION"}), _not("service_limit_passed")),
    ("FAST_LANE_ACUTE", "R-51", frozenset({"INTERIM_BAN"}), _stated("danger")),
    (
        "INTERIM_MONTHS",
        "R-53",
        frozenset({"INTERIM_BAN", "INTERIM_EXTEND"}),
        _at_most("interim_months", _INTERIM_MONTHS),
    ),
    ("EXTENDED_ONCE", "R-53", frozenset({"INTERIM_EXTEND"}), _at_most("earlier_extensions", 0)),
    ("BASIS_FRESH", "R-55", None, _fresh),
    (
        "INJUNCTION_WHERE_NEEDED",
        "R-88",
        frozenset({"NO_DEFICIENCY"}) | _DEFICIENCIES,
        _injunction_where_needed,
    ),
    ("INJUNCTION_NOT_FOLLOWED", "R-91", frozenset({"BAN_AFTER", "REVOKE_AFTER"}), _stated("injunction_not_followed")),
    ("DANGER_SHOWN", "R-91", frozenset({"BAN_DIRECT", "REVOKE_DIRECT"}), _stated("danger")),
    ("CRITERION_CODED", "R-08", frozenset({"OPEN_SUPERVISION"}), _criteria),
    ("PATTERN_SHOWN", "R-08", frozenset({"OPEN_SUPERVISION_PRINCIPAL"}), _pattern),
)


def deciding(question: Question) -> Iterator[Duty]:
    """Yield the file duties that the stated facts concern."""
    request = question.request
    facts = request.facts
    for code, rule_id, decision_types, check in _CHECKS_OF.get(request.decision_type, _ALWAYS):
        del decision_types
        met = check(facts)
        if met is not None:
            yield duty(code, rule_id, met)


def repeating(question: Question, role: str) -> Iterator[Duty]:
    """Yield that a repeated demand gives a reason, and that a fourth is the director-general's (R-36)."""
    request = question.request
    if request.decision_type not in _DEMANDS:
        return
    repeat = number(request.facts, "repeat_number")
    if repeat is not None and repeat >= 4:
        yield duty("FOURTH_DEMAND", "R-36", role in (DIRECTOR, DEPUTY))
    if request.facts.get("next_level_reason") is not None and request.decision_type != "DEMAND_REPORT_1":
        yield duty("NEXT_LEVEL_REASON", "R-36", _text(request.facts, "next_level_reason"))


_ALWAYS: Final = tuple(entry for entry in _CHECKS if entry[2] is None)
_CHECKS_OF: Final[Mapping[str | None, tuple[Any, ...]]] = {
    decision_type: tuple(entry for entry in _CHECKS if entry[2] is None or decision_type in entry[2])
    for entry_types in _CHECKS
    for decision_type in entry_types[2] or ()
}
