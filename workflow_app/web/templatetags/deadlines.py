"""How deadlines are written on a page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django import template
from django.utils.translation import gettext_lazy as _

from workflow_app.cases.deadlines import KINDS
from workflow_app.cases.due import DeadlineRow

register = template.Library()

_STATES = {"OPEN": _("Runs"), "MET": _("Met"), "MET_LATE": _("Met late"), "PASSED": _("Has passed")}


@register.filter
def deadline_state(state: str) -> str:
    """Write how a deadline stands."""
    return str(_STATES[state])


@register.filter
def deadline_label(kind: str) -> str:
    """Write what is to be done by a deadline of a kind."""
    return str(KINDS[kind].label)


@register.filter
def of_case(deadlines: Mapping[uuid.UUID, DeadlineRow] | str, case: uuid.UUID) -> DeadlineRow | None:
    """Return the next deadline of a case; a page that has looked for none shows none."""
    return deadlines.get(case) if isinstance(deadlines, Mapping) else None
