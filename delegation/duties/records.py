"""What must stand in the file before some decisions.

What a decision rests on must be stated: a path that never asks for it does not lead to that decision. What can only
speak against a decision (a repeated demand, a basis that has grown old) counts when it is stated. A stated fact of the
wrong kind can't be evaluated, and bars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from delegation.duties.question import Question, duty, flag, number
from delegation.errors import Unevaluable
from delegation.roles import DEPUTY, DIRECTOR
from delegation.types import Duty

Facts = Mapping[str, Any]

_DEMANDS: Final = frozenset({"DEMAND_REPORT_1", "DEMAND_REPORT_2", "DEMAND_REPORT_3", "DEMAND_REPORT_4"})
_DEFICIENCIES: Final = _DEMANDS | {"DEFICIENCY_NO_DEMAND"}
_OUTCOMES: Final = _DEFICIENCIES | {"NO_DEFICIENCY"}
_COMPLAINT_OUTCOMES: Final = frozenset({"CRITICISM", "NO_CRITICISM"})
_INJUNCTIONS: Final = frozenset({"INJUNCTION", "INJUNCTION_FINE"})
_BANS: Final = frozenset({"BAN_AFTER", "REVOKE_AFTER", "BAN_DIRECT", "REVOKE_DIRECT", "INTERIM_BAN", "INTERIM_EXTEND"})
#: What ends a case without another step of the ladder.
_CLOSING: Final = frozenset({"FINAL_ACCEPTED", "NO_DEFICIENCY", "DEFICIENCY_NO_DEMAND"})
#: Deficiencies that the provider's own word can't verify (R-42), and how much each way of verifying shows.
_GRAVE: Final = frozenset({"VIOLENCE", "THREAT", "ABUSE", "NEGLECT"})
_SHOWS: Final = {"NOT_VERIFIED": 0, "WRITTEN": 1, "DOCUMENTS": 2, "INSPECTION": 3, "USER_CONFIRMATION": 3}
#: Where those concerned are heard before the outcome is decided, stated or not (R-39).
_HEARD_IN: Final = frozenset({"ETV", "NTS", "EKP"})
_HEARD_FOR: Final = _OUTCOMES | _INJUNCTIONS | _COMPLAINT_OUTCOMES
#: What the record of the conversations with children tells, each a number (R-38).
_CHILD_RECORD: Final = ("present", "offered", "consented", "held", "declined", "not_suitable")
_FINES: Final = frozenset({"INJUNCTION_FINE", "INFORMATION_INJUNCTION_FINE"})
_FEE: Final = (Decimal(10_000), Decimal(1_000_000))
#: Why no fee is applied for, though one "shall" be imposed for an unreasonable delay (LSS 28 a–b §§, R-90).
_WITHOUT_FEE: Final = frozenset({"NOT_UNREASONABLE", "PETTY", "DECLINED_OR_DECEASED", "SERVICE_LIMIT_PASSED"})
_INTERIM_MONTHS: Final = 6
_FRESH_MONTHS: Final = 6


def _text(facts: Facts, name: str) -> bool:
    value = facts.get(name)
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _stated(name: str, reason: str | None = None) -> Callable[[Facts], bool]:
    """Met when the flag is yes, or when there is a reason why it is not."""

    def check(facts: Facts) -> bool:
        return flag(facts, name) is True or (reason is not None and _text(facts, reason))

    return check


def _fine_considered(facts: Facts) -> bool:
    return flag(facts, "vite_considered") is not None and _text(facts, "vite_reason")


def _written(*names: str) -> Callable[[Facts], bool]:
    def check(facts: Facts) -> bool:
        return all(_text(facts, name) for name in names)

    return check


def _between(name: str, least: int, most: int) -> Callable[[Facts], bool]:
    def check(facts: Facts) -> bool:
        value = number(facts, name)
        return value is not None and least <= value <= most

    return check


def _at_most(name: str, limit: int) -> Callable[[Facts], bool | None]:
    def check(facts: Facts) -> bool | None:
        value = number(facts, name)
        return None if value is None else value <= limit

    return check


def _extended_once(facts: Facts) -> bool | None:
    """Not met by what is on record, whatever is stated; otherwise by what is stated."""
    return False if flag(facts, "interim_extended") else _at_most("earlier_extensions", 0)(facts)


def _fee(facts: Facts) -> bool | None:
    amount = number(facts, "amount")
    return None if amount is None else _FEE[0] <= amount <= _FEE[1]


def _closing_code(facts: Facts) -> bool:
    return facts.get("closing_code") in _WITHOUT_FEE


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


def _said_not(name: str) -> Callable[[Facts], bool]:
    def check(facts: Facts) -> bool:
        return flag(facts, name) is False

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


def _statements_weighed(facts: Facts) -> bool | None:
    """Tell whether what users and children have said is weighed in the proposal, when anything was said."""
    said = any(_text(facts, name) for name in ("statements", "child_statements"))
    return _text(facts, "statements_weighed") if said else None


def _every_home(facts: Facts) -> bool:
    """Tell whether the plan takes in every home of the register, or says why not; uncounted is not all."""
    return number(facts, "homes_left_out") == 0 or _text(facts, "left_out_reason")


def _child_record(facts: Facts) -> bool:
    """Tell whether the record holds every number and at least one conversation, or a reason that was accepted.

    A reason counts when DO-074 has been decided, which a table notes; it can't be typed.
    """
    if flag(facts, "no_child_conversation_accepted"):
        return True
    numbers = [number(facts, f"children_{part}") for part in _CHILD_RECORD]
    if any(value is None for value in numbers):
        return False
    present, offered, consented, held, declined, not_suitable = (value or Decimal(0) for value in numbers)
    answered = consented + declined + not_suitable
    return 0 < held <= consented and answered <= offered <= present


#: (code, rule, decision types or None for all, check). A check answers None when the facts say nothing.
_CHECKS: Final[tuple[tuple[str, str, frozenset[str] | None, Callable[[Facts], bool | None]], ...]] = (
    ("AMOUNT_AS_FROZEN", "R-12", None, _frozen_amount),
    ("AMOUNT_POSITIVE", "R-12", _FINES, _amount_positive),
    ("FINE_CONSIDERED", "R-35", _DEFICIENCIES, _fine_considered),
    ("EVERY_HOME_PLANNED", "R-85", frozenset({"ADOPT_INSPECTION_PLAN"}), _every_home),
    ("STATEMENTS_WEIGHED", "R-40", _HEARD_FOR, _statements_weighed),
    (
        "PLAN_VERIFIED",
        "R-41",
        frozenset({"FINAL_ACCEPTED", "CLOSE_LEX_MARIA", "CLOSE_LEX_SARAH"}),
        _at_most("unverified_items", 0),
    ),
    (
        "COMMUNICATED",
        "R-47",
        _DEFICIENCIES | _INJUNCTIONS | (_BANS - {"INTERIM_BAN"}) | {"REVOKE_SUITABILITY", "REVOKE_REGISTER_CHECK"},
        _stated("communicated", "communication_exception"),
    ),
    ("MEASURES_AND_DATE", "R-48", _INJUNCTIONS, _written("measures", "latest_date")),
    ("EARLIER_FINE_FINAL", "R-49", _FINES, _stated("earlier_fine_final")),
    ("FEE_WITHIN_LAW", "R-50", frozenset({"FEE_APPLICATION"}), _fee),
    ("SERVICE_LIMIT", "R-50", frozenset({"FEE_APPLICATION"}), _said_not("service_limit_passed")),
    ("CLOSING_CODED", "R-90", frozenset({"CLOSE_WITHOUT_APPLICATION"}), _closing_code),
    ("FAST_LANE_ACUTE", "R-51", frozenset({"INTERIM_BAN"}), _stated("danger")),
    (
        "INTERIM_MONTHS",
        "R-53",
        frozenset({"INTERIM_BAN", "INTERIM_EXTEND"}),
        _between("interim_months", 1, _INTERIM_MONTHS),
    ),
    ("EXTENDED_ONCE", "R-53", frozenset({"INTERIM_EXTEND"}), _extended_once),
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


def hearing(question: Question) -> Iterator[Duty]:
    """Yield that children, users, or the parties to a complaint have been heard (R-38, R-39, R-46)."""
    request = question.request
    if request.case_type == "EKP" and request.decision_type in _COMPLAINT_OUTCOMES:
        yield duty("DRAFT_ANSWERED", "R-46", flag(request.facts, "draft_answered") is True)
    if request.decision_type not in _HEARD_FOR:
        return
    if request.case_type == "FTB":
        yield duty("CHILD_RECORD", "R-38", _child_record(request.facts))
    heard = flag(request.facts, "user_heard")
    if heard is not None or request.case_type in _HEARD_IN:
        yield duty("USERS_HEARD", "R-39", bool(heard) or _text(request.facts, "user_not_heard_reason"))


def verifying(question: Question) -> Iterator[Duty]:
    """Yield that no case with demands closes before each measure is verified in the way required (R-41, R-42)."""
    request = question.request
    if request.decision_type not in _CLOSING:
        return
    if _rows(request.facts, "plan_verifications"):
        yield duty("VERIFIED_AS_REQUIRED", "R-42", unverified(request.facts) == 0)
    elif number(request.facts, "stage_number"):
        yield duty("PLAN_VERIFIED", "R-41", False)


def unverified(facts: Facts) -> int:
    """Return how many measures of the plan nothing has verified in the way required (R-41, R-42).

    A measure that no row of the verification names counts. Raises ``Unevaluable`` for lists that are none.
    """
    required = {row.get("measure"): _shows(row, "verification") for row in _rows(facts, "action_plan")}
    shown = {row.get("measure"): _shows(row, "verified_by") for row in _rows(facts, "plan_verifications")}
    grave = any(row.get("area") in _GRAVE for row in _rows(facts, "deficiencies"))
    least = _SHOWS["INSPECTION"] if grave else _SHOWS["WRITTEN"]
    measures = required.keys() | shown.keys()
    return sum(shown.get(measure, 0) < max(least, required.get(measure, 0)) for measure in measures)


def _shows(row: Facts, name: str) -> int:
    return _SHOWS.get(row.get(name, ""), 0)


def _rows(facts: Facts, name: str) -> list[Facts]:
    """Return a list of rows, empty when not stated; raises ``Unevaluable`` for anything else."""
    rows = facts.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Unevaluable((name,))
    return rows


def repeating(question: Question, role: str) -> Iterator[Duty]:
    """Yield that demands follow in order, that a repeated one gives a reason, and who makes the fourth (R-36)."""
    request = question.request
    if request.decision_type not in _DEMANDS:
        return
    stage = number(request.facts, "stage_number") or 0
    yield duty("DEMAND_IN_ORDER", "R-36", request.decision_type == f"DEMAND_REPORT_{int(stage) + 1}")
    repeat = number(request.facts, "repeat_number")
    if repeat is not None and repeat >= 4:
        yield duty("FOURTH_DEMAND", "R-36", role in (DIRECTOR, DEPUTY))
    if request.decision_type != "DEMAND_REPORT_1":
        yield duty("NEXT_LEVEL_REASON", "R-36", _text(request.facts, "next_level_reason"))


_ALWAYS: Final = tuple(entry for entry in _CHECKS if entry[2] is None)
_CHECKS_OF: Final[Mapping[str | None, tuple[Any, ...]]] = {
    decision_type: tuple(entry for entry in _CHECKS if entry[2] is None or decision_type in entry[2])
    for entry_types in _CHECKS
    for decision_type in entry_types[2] or ()
}
