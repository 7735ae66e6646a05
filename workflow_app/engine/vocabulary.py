"""The words a model may use: roles, decision types, operations and facts. Anything else in it is a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from delegation.vocabulary import DECISION_TYPES, FACTS

#: Role codes of the authority (domain 2.2), and ``ORDER``: whoever the delegation order points out.
ROLES = frozenset(
    """GD STF AC_N AC EC_N EC AC_T EC_T AC_A INSP HL TLED PL AJ BCJ CJ TL TCL EXP UPPL REG PO DOADM IR
    SYS""".split()  # noqa: SIM905 - a list of words reads as words
)
BY_ORDER = "ORDER"

#: What the cases room gives the net beside the order's facts and the fields of forms.
CASE_FACTS = frozenset(
    """decision_type decision_outcome review_outcome presentation_outcome returned disagreement
    four_eyes_required rapporteur_required jurist_required medical_required joint_preparation_required
    joint_participants jurist_role lowest_role appealable conflict_declared risk_class
    plan_kept source_case follow_on cases_of_unit cases_of_provider cases_of_principal unit_pattern recent_plan
    calendar_date homes homes_left_out children children_outcomes appeal_deadline appeal_in_time
    ops_opens_at lead_consecutive_years pair_consecutive_years resolver_role resolver_due unverified_items
    waiting_cases waiting_numbers
    examiners hsan_reported_on hsan_report_days hsan_report_late""".split()  # noqa: SIM905 - a list of words reads as words
)

#: What an operation must be told by the model.
OPERATION_NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hand_over": ("process",),
        "open_children": ("process", "collection"),
        "send_letter": ("letter",),
        "send_reminders": ("letter", "collection"),
        "list_waiting": ("process",),
        "set_deadline": ("deadline",),
    }
)

#: Tables of the delegation order that a business rule task may ask, beside routing tables of its own bundle.
ORDER_TABLES = frozenset({"ORDER", "rules.dmn", "joint_preparation.dmn", "escalation.dmn", "roles.dmn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What is known when a model is checked. ``None`` means that nothing is known, so nothing is unknown."""

    roles: frozenset[str] = ROLES
    decision_types: frozenset[str] | None = frozenset(DECISION_TYPES)
    operations: frozenset[str] | None = None
    #: Keys of the order's register of legal bases.
    legal_bases: frozenset[str] | None = None
    #: Beside the fields of the bundle's own forms.
    facts: frozenset[str] = CASE_FACTS | frozenset(FACTS)


DEFAULT = Vocabulary()
