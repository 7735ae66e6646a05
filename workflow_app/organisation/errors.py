"""What can go wrong when the organisation is read or changed."""

from __future__ import annotations

from typing import ClassVar


class OrganisationError(Exception):
    """the organisation refused the change"""

    code: ClassVar[str] = "ORGANISATION"


class UnknownPerson(OrganisationError):
    """no person has that id or login"""

    code = "UNKNOWN_PERSON"


class GrantRefused(OrganisationError):
    """the grant breaks the general provisions of the order"""

    code = "GRANT_REFUSED"
