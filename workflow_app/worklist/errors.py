"""What can go wrong with assignment plans."""

from __future__ import annotations

from typing import ClassVar


class WorklistError(Exception):
    """something about an assignment plan cannot be done"""

    code: ClassVar[str] = "WORKLIST"


class NoPlan(WorklistError):
    """no plan is proved to be the best"""

    code = "NO_PLAN"


class NotPlanned(WorklistError):
    """there is nothing to make or accept a plan for"""

    code = "NOT_PLANNED"


class DataRefused(WorklistError):
    """a file about inspectors or places does not hold"""

    code = "DATA_REFUSED"


class NotYours(WorklistError):
    """somebody else asks for plans"""

    code = "NOT_YOURS"
