"""What every page knows: the authority, the person and where in the site it stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from workflow_app.cases.services import notifying
from workflow_app.organisation import selectors as organisation
from workflow_app.web.requests import now, person_of

#: Address name, words, and the address names for which the entry is marked as current.
NAVIGATION = (
    ("worklist", _("Worklist"), {"worklist", "item", "hand-over"}),
    (
        "cases",
        _("Cases"),
        {
            "cases",
            "case",
            "new-case",
            "decision",
            "dissent",
            "circumstance",
            "conflict",
            "rulings",
            "amend",
            "assignments",
        },
    ),
    ("registers", _("Registers"), {"registers", "register", "register-entry", "register-import"}),
    ("order", _("Delegation order"), {"order"}),
    ("grants", _("Who holds what"), {"grants", "grant", "appoint", "lend", "lend-rows", "lent"}),
    ("absences", _("Absence"), {"absences", "absence-new"}),
    ("measures", _("Measures"), {"measures"}),
)
#: For those who audit the rules and own the processes; others are led to a rule from where it meets them.
RULES = ("rules", _("Rules"), {"rules", "legal-basis"})
RULES_ROLES = frozenset({"IR", "PO"})
STORIES = ("stories", _("Try this"), {"stories"})


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates the frame of the page."""
    match = request.resolver_match
    here = match.url_name if match else None
    entries = [*NAVIGATION, *([STORIES] if settings.BEREDD_DEMO else [])]
    return {
        "authority": settings.BEREDD_AUTHORITY,
        "languages": settings.LANGUAGES,
        # Called by the page's frame, which asks only for a person who has logged in.
        "unread_count": lambda: notifying.unread_count(person_of(request)),
        # Likewise: who sees which entry is asked only where there is a menu.
        "navigation": lambda: [
            {"name": name, "words": words, "current": here in names}
            for name, words, names in [*entries, *([RULES] if _audits(request) else [])]
        ],
    }


def _audits(request: HttpRequest) -> bool:
    held = organisation.actor_at(person_of(request), now()).grants
    return any(grant.role in RULES_ROLES for grant in held)
