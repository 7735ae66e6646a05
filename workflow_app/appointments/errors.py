"""What is refused when a right is given or taken away."""

from __future__ import annotations

from typing import ClassVar

from delegation.types import Bar


class AppointmentError(Exception):
    """the appointment was refused"""

    code: ClassVar[str] = "APPOINTMENT"


class UnknownGrant(AppointmentError):
    """there is no such grant or absence"""

    code = "UNKNOWN_GRANT"


class NothingToEnd(AppointmentError):
    """the grant or the absence is over already"""

    code = "NOTHING_TO_END"


class AppointmentRefused(AppointmentError):
    """the order does not let this person do it"""

    code = "APPOINTMENT_REFUSED"

    def __init__(self, bars: tuple[Bar, ...]) -> None:
        #: Every reason, each with its rule; an interface words them.
        self.bars = bars
        super().__init__(", ".join(f"{bar.code} ({bar.rule_id})" for bar in bars))
