"""What the house could not decide, now or with one or two persons away: for heads, order editors and audit."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from delegation.oversight import oversees
from workflow_app.cases import readiness, selectors
from workflow_app.cases.readiness import Weak
from workflow_app.enforcement import shortage
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation
from workflow_app.web import refusals
from workflow_app.web.requests import now, person_of

#: Lines that the page shows of one sort; the command prints every one.
MOST = 50


@login_required
@require_GET
def staffing(request: HttpRequest) -> HttpResponse:
    """Show the latest night's report: what nobody is left for, and whose absence would stop what."""
    at = now()
    person = person_of(request)
    try:
        may = oversees(organisation.actor_at(person, at), orders.order_in_force(at))
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    if not may:
        words = {
            "heading": _("Only heads, order editors and audit see this"),
            "what": _("The page tells whose absence would stop decisions."),
            "help": _("Ask the head of the case type."),
            "code": "NOT_OVERSEER",
        }
        return render(request, "web/stopped.html", words, status=403)
    found = readiness.latest()
    context: dict[str, Any] = {"report": found, "at": at}
    if found is not None:
        known = selectors.readable((uuid.UUID(each.case) for each in found.weak if each.case), person, at)
        names = organisation.names(found.persons)
        context["undecidable"] = [
            {"weak": each, "shown": _is_shown(each, known), "reasons": shortage.reasons(each.shortage, names)}
            for each in found.undecidable[:MOST]
            if each.shortage
        ]
        context["missed"] = [_line(group, weak, names, known) for group, weak in list(found.missed.items())[:MOST]]
    return render(request, "web/staffing.html", context)


def _is_shown(each: Weak, known: frozenset[uuid.UUID]) -> bool:
    return not each.case or uuid.UUID(each.case) in known


def _line(
    group: Iterable[str], weak: Iterable[Weak], names: Mapping[str, str], known: frozenset[uuid.UUID]
) -> dict[str, Any]:
    cases = [each for each in weak if each.case]
    return {
        "who": sorted(names.get(person, person) for person in group),
        "cases": [each for each in cases if _is_shown(each, known)][:MOST],
        "count": len(cases),
        "rows": sorted({(each.case_type, each.row) for each in weak if not each.case}),
    }
