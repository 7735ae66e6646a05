"""The controls that stand between a right and its use, one family a module.

A duty yields ``Duty`` values: met or not. It raises ``Unevaluable`` when it can't tell, and that bars.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Duties that other persons' acts in the case meet: what must come before the decision, whoever decides.
CONTROLS: Final = frozenset(
    {
        "PROPOSAL_STANDS",
        "FOUR_EYES",
        "REVIEW_OF_THIS_VERSION",
        "JURIST_HEARD",
        "JURIST_LEVEL",
        "JURIST_ON_THIS_VERSION",
        "PHYSICIAN_HEARD",
        "PHYSICIAN_LEVEL",
        "PHYSICIAN_ON_THIS_VERSION",
        "JOINT_PREPARATION",
        "JOINT_PREPARATION_HEARD",
        "RAPPORTEUR_NAMED",
        "PRESENTED",
    }
)

#: Duties that what stands in the file meets, and the facts that say so: unsaid, they are still to be written down.
FILE: Final[Mapping[str, frozenset[str]]] = {
    "CHILD_RECORD": frozenset({"children_held", "no_child_conversation_accepted"}),
    "CLOSING_CODED": frozenset({"closing_code"}),
    "COMMUNICATED": frozenset({"communicated", "communication_exception"}),
    "DANGER_SHOWN": frozenset({"danger"}),
    "DRAFT_ANSWERED": frozenset({"draft_answered"}),
    "EARLIER_FINE_FINAL": frozenset({"earlier_fine_final"}),
    "EVERY_HOME_PLANNED": frozenset({"homes_left_out"}),
    "EXAMINED_BY_TWO": frozenset({"examiners"}),
    "FAST_LANE_ACUTE": frozenset({"danger"}),
    "FINE_CONSIDERED": frozenset({"vite_considered", "vite_reason"}),
    "INJUNCTION_NOT_FOLLOWED": frozenset({"injunction_not_followed"}),
    "INTERIM_MONTHS": frozenset({"interim_months"}),
    "MEASURES_AND_DATE": frozenset({"measures", "latest_date"}),
    "NEXT_LEVEL_REASON": frozenset({"next_level_reason"}),
    "PLAN_COMMUNICATED": frozenset({"plan_communicated", "plan_reason"}),
    "SERVICE_LIMIT": frozenset({"service_limit_passed"}),
    "USERS_HEARD": frozenset({"user_heard", "user_not_heard_reason"}),
}


def comes_first(code: str, stated: Mapping[str, object]) -> bool:
    """Tell whether a duty is one to be met before anyone decides, and not a reason in what is stated."""
    return code in CONTROLS or (code in FILE and not FILE[code] & stated.keys())
