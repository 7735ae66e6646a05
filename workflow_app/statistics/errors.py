"""What statistics refuse."""

from __future__ import annotations

from typing import ClassVar


class StatisticsError(Exception):
    """the figures cannot be computed"""

    code: ClassVar[str] = "STATISTICS"


class EmptyPeriod(StatisticsError):
    """the period has no days"""

    code = "EMPTY_PERIOD"


class UnknownForum(StatisticsError):
    """no such forum"""

    code = "UNKNOWN_FORUM"
