"""What can go wrong when the organisation is read or changed."""

from __future__ import annotations

from typing import ClassVar

from delegation.types import Bar


class OrganisationError(Exception):
    """the organisation refused the change"""

    code: ClassVar[str] = "ORGANISATION"


class UnknownPerson(OrganisationError):
    """no person has that id or login"""

    code = "UNKNOWN_PERSON"


class GrantRefused(OrganisationError):
    """the grant breaks the general provisions of the order"""

    code = "GRANT_REFUSED"

    def __init__(self, message: str, *, bars: tuple[Bar, ...] = ()) -> None:
        #: The reasons, when ``delegation`` gave them; an interface words them in its language.
        self.bars = bars
        super().__init__(message)
