"""The controls that stand between a right and its use, one family a module.

A duty yields ``Duty`` values: met or not. It raises ``Unevaluable`` when it can't tell, and that bars.
"""

from __future__ import annotations

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
