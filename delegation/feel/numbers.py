"""FEEL numbers: 34 decimal digits, rounded half even (IEEE 754-2008 decimal128; DMN 10.3.2.3.1)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
#: Exact enough for any 34-digit value to be moved, quantized or written out.
WIDE = Context(prec=7000, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[InvalidOperation])
#: For the exact integers behind durations.
EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[InvalidOperation, DivisionByZero])

ZERO = Decimal(0)
_NUMBER = re.compile(r"-?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,6})?", re.ASCII)


def parse_number(text: str) -> Decimal | None:
    """Read a number literal, or None when `text` is none or is out of range."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return CONTEXT.create_decimal(text)
    except (InvalidOperation, Overflow):
        return None


def whole(number: Decimal) -> int | None:
    """Give the integer that `number` is, or None when it has a fraction or is absurdly large."""
    if number.adjusted() > 40:
        return None
    integer = int(number)
    return integer if integer == number else None


def truncated(number: Decimal) -> int | None:
    """Give the integer part of `number`, or None when it is absurdly large."""
    return None if number.adjusted() > 40 else int(number)


def format_number(number: Decimal) -> str:
    """Write `number` without exponent and without trailing zeros, as FEEL's `string()` does."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
