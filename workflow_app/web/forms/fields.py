"""Fields that read what people in Sweden write, and refuse what no form should carry."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_GROUPED = re.compile(r"[-\u2212]?([0-9]{1,3}( [0-9]{3})+|[0-9]+)(?P<fraction>[.,][0-9]+)?")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_CURRENCY = re.compile(r"\s*(kr|sek|:-)\.?$", re.IGNORECASE)
#: Controls that reorder text on the screen, so that what is read is not what is stored.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_BREAKS = frozenset("\t\n\r")
#: More digits than any amount, and few enough to stay exact in every database.
_MAX_DIGITS = 18


def refuse_unsafe_characters(text: str) -> None:
    """Raise ``ValidationError`` for text that cannot be stored, shown or hashed faithfully."""
    for position, character in enumerate(text, start=1):
        if character in _BIDI:
            raise ValidationError(
                _("Character %(position)s changes the direction of the text. Remove it."),
                code="bidi",
                params={"position": position},
            )
        category = unicodedata.category(character)
        # U+FFFD is what is left of bytes that were never text, a lone surrogate among them.
        broken = category in {"Cs", "Cn"} or character == "\ufffd"
        if broken or (category == "Cc" and character not in _LINE_BREAKS):
            raise ValidationError(
                _("Character %(position)s cannot be used in text. Remove it."),
                code="control_character",
                params={"position": position},
            )


class SafeTextField(forms.CharField):
    """Text in which every character is visible and storable. Line breaks are normalised to ``\\n``."""

    def to_python(self, value: Any) -> str:
        """Raise ``ValidationError`` for control characters, surrogates and direction marks."""
        text = super().to_python(value) or ""
        refuse_unsafe_characters(text)
        return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


class SwedishDecimalField(forms.Field):
    """A number as written in Sweden: ``12 500,50``, with or without hard spaces and ``kr``."""

    widget = forms.TextInput
    default_error_messages = {  # noqa: RUF012 - Django's declaration style
        "invalid": _("Write a number, for example 12 500 or 12 500,50."),
        "ambiguous": _("Does the point mean thousands or decimals? Write 1 000 or 1,5."),
        "min_value": _("The number must be at least %(limit)s."),
        "max_value": _("The number may be at most %(limit)s."),
        "decimals": _("Use at most %(limit)s decimals."),
        "digits": _("The number has too many digits."),
    }

    def __init__(
        self,
        *,
        min_value: Decimal | None = None,
        max_value: Decimal | None = None,
        decimals: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.min_value = min_value
        self.max_value = max_value
        self.decimals = decimals

    def to_python(self, value: Any) -> Decimal | None:
        """Raise ``ValidationError`` when the text is no number, or one that could be read in two ways."""
        if value in self.empty_values:
            return None
        text = _CURRENCY.sub("", str(value).translate(_SPACES).strip()).strip()
        if not text:
            raise self._refusal("invalid")
        match = _GROUPED.fullmatch(text)
        if match is None:
            raise self._refusal("invalid")
        fraction = match["fraction"] or ""
        if fraction.startswith(".") and len(fraction) == 4:
            raise self._refusal("ambiguous")
        digits = text.replace(" ", "").replace(",", ".").replace("\u2212", "-")
        if sum(character.isdigit() for character in digits) > _MAX_DIGITS:
            raise self._refusal("digits")
        return Decimal(digits)

    def validate(self, value: Decimal | None) -> None:
        """Raise ``ValidationError`` for a missing number, or one outside the limits."""
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise self._refusal("min_value", self.min_value)
        if self.max_value is not None and value > self.max_value:
            raise self._refusal("max_value", self.max_value)
        exponent = value.as_tuple().exponent
        if self.decimals is not None and isinstance(exponent, int) and -exponent > self.decimals:
            raise self._refusal("decimals", self.decimals)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return swedish_number(Decimal(value))
        return value

    def _refusal(self, code: str, limit: Decimal | int | None = None) -> ValidationError:
        shown = swedish_number(Decimal(limit)) if limit is not None else None
        return ValidationError(self.error_messages[code], code=code, params={"limit": shown})


def swedish_number(value: Decimal) -> str:
    """Write a number with hard spaces between thousands and a decimal comma."""
    return f"{value:,f}".replace(",", "\u00a0").replace(".", ",")


class IsoDateField(forms.DateField):
    """A day as the date picker sends it, or typed without hyphens."""

    widget = forms.DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%Y%m%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> date | None:
        """Raise ``ValidationError`` for what is no day."""
        if isinstance(value, str):
            refuse_unsafe_characters(value)
        return super().to_python(value)
