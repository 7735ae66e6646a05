"""The controls of a row in words, by the names that ``delegation.rehearsal`` gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, gettext_noop

from workflow_app.enforcement.explanation import role_name

_AFTER: Final = "AFTER"
_CONTROLS: Final[Mapping[str, str]] = {
    "PRESENTATION": gettext_noop("presentation"),
    "FOUR_EYES": gettext_noop("review with four eyes"),
    "PHYSICIAN": gettext_noop("a supervising physician's opinion"),
}
#: By the jurist's part: consulted, taking part, deciding (domain 3.1).
_JURISTS: Final[Mapping[str, str]] = {
    "S": gettext_noop("an opinion from %(role)s"),
    "M": gettext_noop("%(role)s taking part in the final handling"),
    "B": gettext_noop("a decision by %(role)s"),
}


def control_words(control: str) -> str:
    """Return what a control is: ``JURIST:BCJ:S``, ``FOUR_EYES:AFTER``, ``JB-5``."""
    name, *more = control.split(":")
    if name == "JURIST":
        text = gettext(_JURISTS[more[1]]) % {"role": role_name(more[0])}
    elif name in _CONTROLS:
        text = gettext(_CONTROLS[name])
    else:
        text = gettext("joint preparation %(code)s") % {"code": name}
    if "ORAL" in more:
        text = gettext("%(control)s, orally") % {"control": text}
    return gettext("%(control)s after the decision") % {"control": text} if _AFTER in more else text
