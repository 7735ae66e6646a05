"""Lead from a rule's id to what the rule says."""

from __future__ import annotations

import re
from typing import Final

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from workflow_app.enforcement import rules
from workflow_app.web import words

register = template.Library()

_ID: Final = re.compile(r"\bR-\d\d\b")


@register.filter
def verified(code: str) -> str:
    """Say in words how far a legal basis has been checked."""
    return str(words.CHECKED[code])


@register.filter
def severity(code: str) -> str:
    """Say in words what a rule does."""
    return str(words.SEVERITIES[code])


@register.filter
def moment(code: str) -> str:
    """Say in words when a rule acts."""
    return str(words.MOMENTS[code])


@register.filter
def rules_linked(text: str) -> SafeString:
    """Let each rule that a text names lead to its entry in the catalogue."""
    catalogue = reverse("rules")

    def link(found: re.Match[str]) -> str:
        rule = found.group()
        return format_html('<a href="{}#{}">{}</a>', catalogue, rule, rule) if rule in rules.by_id() else rule

    return SafeString(_ID.sub(link, conditional_escape(text)))
