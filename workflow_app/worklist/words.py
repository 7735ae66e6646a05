"""Plans in words, to the one they are about: "You, because …"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflow_app.worklist.reasons import Reason, Why
from workflow_app.worklist.rotation_plan import Rule

RULES: Mapping[Rule, str | Promise] = {
    Rule.TWO_PERSONS: gettext_lazy("fewer than two within reach know such homes and are free of conflict (R-24)"),
    Rule.SENIOR: gettext_lazy("nobody within reach is senior (R-24)"),
    Rule.LEAD_ROTATES: gettext_lazy("everybody within reach has led there two years on end and must pause (R-16)"),
    Rule.PAIR_ROTATES: gettext_lazy("only the pair that went there last year is left (R-16)"),
    Rule.ROOM: gettext_lazy("those within reach have no room left in their year (R-24)"),
}


def because(reasons: Iterable[Reason], *, name: str | None = None) -> str:
    """Say why somebody is proposed: to the person, or to others by ``name``."""
    told = _listed([_reason(each.why, dict(each.numbers)) for each in reasons])
    if name is None:
        return _("You, because %(reasons)s.") % {"reasons": told}
    return _("%(name)s, because %(reasons)s.") % {"name": name, "reasons": told}


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return _("%(first)s, and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _reason(why: Why, numbers: Mapping[str, int]) -> str:
    years = numbers.get("years", 0)
    if why is Why.NEAR:
        if numbers["place"] == 1:
            return _("the home is nearest of all (%(km)s km)") % numbers
        return _("the home is near (%(km)s km, place %(place)s)") % numbers
    if why is Why.ROOM:
        return _("the year has room (%(visits)s of %(room)s visits)") % numbers
    if why is Why.MAY_LEAD:
        if not years:
            return _("leading there is free (not the year before, R-16)")
        return ngettext(
            "leading there is free (%(years)s year on end before, R-16)",
            "leading there is free (%(years)s years on end before, R-16)",
            years,
        ) % {"years": years}
    words = {
        Why.PAUSES: _("coming along without leading is a pause (%(years)s years on end as lead before, R-16)"),
        Why.OTHER_PAUSES: _("the other has led there %(years)s years on end and pauses (R-16)"),
        Why.ONLY_SENIOR: _("the team needs a senior (R-24)"),
        Why.SENIOR: _("senior"),
    }
    return words[why] % {"years": years}
