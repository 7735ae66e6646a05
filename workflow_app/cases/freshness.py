"""How old the basis of a proposal is, by what stands on record (R-55)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from delegation.types import Act
from workflow_app.calendar import working_days
from workflow_app.cases.errors import FormRefused, Problem
from workflow_app.cases.models import CaseAct
from workflow_app.cases.turn import Turn

AGE: Final = "basis_age_months"
#: A basis that is older needs a statement that it still holds; the order asks for it at the decision.
FRESH_MONTHS: Final = 6


def require_stated(turn: Turn, values: Mapping[str, Any]) -> None:
    """See that whoever presents states the age of a basis that the record shows is old. Raises ``FormRefused``.

    The basis is as old as the latest that was investigated or registered in the case: the writing, review and
    presentation of a proposal bring nothing new to it.
    """
    if AGE not in values or (values[AGE] is not None and values[AGE] > FRESH_MONTHS):
        return
    months = _months(turn)
    if months >= FRESH_MONTHS:
        raise FormRefused(
            {
                AGE: Problem(
                    "is %(least)s or more by the record; state it, and whether the basis still holds", least=months + 1
                )
            }
        )


def _months(turn: Turn) -> int:
    """Return the whole months since something was last brought into the case."""
    brought = CaseAct.objects.filter(case=turn.case, act__in=[Act.HANDLE.value, Act.PREPARE.value])
    latest = brought.exclude(act=Act.PREPARE.value, proposal_hash__gt="").order_by("-at").first()
    since = (latest.at if latest else turn.case.opened_at).astimezone(working_days.STOCKHOLM).date()
    today, months = turn.at.astimezone(working_days.STOCKHOLM).date(), 0
    while working_days.add_months(since, months + 1) < today:
        months += 1
    return months
