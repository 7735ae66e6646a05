"""What can go wrong when an order is adopted or looked up."""

from __future__ import annotations

from typing import ClassVar


class OrderError(Exception):
    """the order could not be used"""

    code: ClassVar[str] = "ORDER"


class NoOrderInForce(OrderError):
    """no delegation order is in force"""

    code = "NO_ORDER_IN_FORCE"


class AdoptionRefused(OrderError):
    """the version cannot be adopted"""

    code = "ADOPTION_REFUSED"
