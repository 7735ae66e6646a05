"""Why a letter cannot be made. Each has a stable ``code``."""

from __future__ import annotations

from typing import ClassVar


class LetterError(Exception):
    """the letter cannot be made"""

    code: ClassVar[str] = "LETTER"


class TemplateRefused(LetterError):
    """the template cannot be set"""

    code = "TEMPLATE_REFUSED"


class TooMuchText(LetterError):
    """there is more text than a letter can hold"""

    code = "TOO_MUCH_TEXT"


class UnknownLetter(LetterError):
    """no such letter, or none that the person may read"""

    code = "UNKNOWN_LETTER"
