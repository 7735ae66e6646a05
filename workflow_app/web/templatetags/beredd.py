"""How values are written on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow_app.registry import selectors as registry
from workflow_app.statistics.measures import Share, Spread
from workflow_app.statistics.suppression import Hidden
from workflow_app.web import requests, words
from workflow_app.web.forms.fields import swedish_number

register = template.Library()
register.simple_tag(requests.new_key)

_BOLD = re.compile(r"\*\*(.+?)\*\*")


@register.filter
def word(code: Any) -> str:
    """Write a stored code in words; a code without words is shown as it is stored."""
    return words.of(str(code)) if code else "–"


@register.filter
def sealed_kind(code: str) -> str:
    """Write what some sealed words are."""
    return str(words.SEALED_KINDS[code])


@register.filter
def sign(code: str) -> str:
    """Write a sign of a conflict of interest in words."""
    return str(words.SIGNS[code])


@register.filter
def ground(code: str) -> str:
    """Write the ground of a ruling in words."""
    return str(words.GROUNDS[code]) if code else "–"


@register.filter
def in_register(code: Any, name: str) -> str:
    """Write what the entry with a code is called; nothing for what is no code."""
    return registry.labels(registry.register_named(name), [str(code)]).get(str(code), "") if code else ""


@register.filter
def case_type(code: str) -> str:
    """Write a case type in words."""
    return words.case_type(code)


@register.filter
def word_list(codes: str) -> str:
    """Write codes separated by spaces in words."""
    return ", ".join(words.of(code) for code in codes.split())


@register.filter
def either(codes: Iterable[str]) -> str:
    """Write codes as alternatives."""
    *first, last = [words.of(code) for code in codes] or ["–"]
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


@register.filter
def when(moment: datetime | None) -> str:
    """Write a moment in the authority's time."""
    if moment is None:
        return "–"
    local = timezone.localtime(moment)
    return _("%(day)s at %(time)s") % {
        "day": formats.date_format(local, "j F Y", use_l10n=False),
        "time": f"{local:%H:%M}",
    }


@register.filter
def day(moment: date | datetime | None) -> str:
    """Write a day in the authority's time."""
    if moment is None:
        return "–"
    value = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return formats.date_format(value, "j F Y", use_l10n=False)


@register.filter
def lasted(time: timedelta) -> str:
    """Write how long something lasted, in its largest whole unit."""
    seconds = int(time.total_seconds())
    for size, one, many in (
        (86_400, "%(n)d day", "%(n)d days"),
        (3_600, "%(n)d hour", "%(n)d hours"),
        (60, "%(n)d minute", "%(n)d minutes"),
    ):
        if seconds >= size:
            return ngettext(one, many, seconds // size) % {"n": seconds // size}
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}


@register.simple_tag
def due(moment: datetime | None, at: datetime) -> SafeString:
    """Write a due time as its distance in whole days, coloured only in addition to the words."""
    if moment is None:
        return mark_safe("")
    left = (timezone.localtime(moment).date() - timezone.localtime(at).date()).days
    if moment < at:
        tone = "bad"
        text = (
            _("Was due today")
            if left == 0
            else ngettext("%(days)d day late", "%(days)d days late", -left) % {"days": -left}
        )
    elif left == 0:
        tone, text = "warn", _("Due today")
    else:
        tone = "warn" if left == 1 else ""
        text = ngettext("Due in %(days)d day", "Due in %(days)d days", left) % {"days": left}
    return format_html('<span class="tag {}" title="{}">{}</span>', tone, when(moment), text)


@register.filter
def figure(measured: Share | Spread | int | Hidden) -> str:
    """Write a measure's figure; nothing to measure is a dash, never a zero, and too few are not shown (R-76)."""
    if isinstance(measured, Hidden):
        return _("too few to be shown")
    if isinstance(measured, Share):
        if measured.percent is None:
            return "–"
        percent = f"{swedish_number(measured.percent)}\u00a0%"
        return _("%(percent)s (%(part)s of %(whole)s)") % {
            "percent": percent,
            "part": measured.numerator,
            "whole": measured.denominator,
        }
    if isinstance(measured, Spread):
        if measured.mean is None or measured.median is None:
            return "–"
        return _("mean %(mean)s, median %(median)s, largest %(largest)s") % {
            "mean": swedish_number(measured.mean),
            "median": swedish_number(measured.median),
            "largest": measured.largest,
        }
    return str(measured)


@register.filter
def dimension(name: str) -> str:
    """Write what a figure is divided by."""
    return str(words.DIMENSIONS[name])


@register.filter
def kronor(amount: Decimal | int | None) -> str:
    """Write an amount in kronor."""
    if amount is None:
        return "–"
    value = Decimal(amount)
    return f"{swedish_number(value.to_integral_value() if value == value.to_integral_value() else value)}\u00a0kr"


@register.filter
def value(item: Any) -> str:
    """Write the value of a fact."""
    if item is None or item == "" or item == []:
        return "–"
    if isinstance(item, bool):
        return _("Yes") if item else _("No")
    if isinstance(item, Decimal | int):
        return swedish_number(Decimal(item))
    if isinstance(item, datetime):
        return when(item)
    if isinstance(item, date):
        return day(item)
    if isinstance(item, list | tuple):
        return ", ".join(value(part) for part in item)
    if isinstance(item, dict):
        return ", ".join(value(part) for part in item.values())
    return words.of(str(item))


@register.filter
def short_hash(digest: str | None) -> str:
    """Shorten a hash to what two people can compare aloud."""
    return (digest or "–")[:12]


@register.filter
def simple_text(text: str) -> SafeString:
    """Draw a form's text: blank lines part paragraphs, ``#`` heads, ``-`` lists, ``**`` stresses."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks))


def _block(block: str) -> SafeString:
    lines = [line.strip() for line in block.splitlines()]
    if all(line.startswith(("- ", "* ")) for line in lines):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_inline(line[2:]),) for line in lines)))
    if lines[0].startswith("#"):
        head = format_html("<h3>{}</h3>", _inline(lines[0].lstrip("# ")))
        return head if len(lines) == 1 else format_html("{}{}", head, _block("\n".join(lines[1:])))
    return format_html("<p>{}</p>", _inline(" ".join(lines)))


def _inline(text: str) -> SafeString:
    pieces = _BOLD.split(text)
    return format_html_join(
        "", "{}", ((format_html("<strong>{}</strong>", piece) if n % 2 else piece,) for n, piece in enumerate(pieces))
    )
