"""A letter as it was sent."""

from __future__ import annotations

import re
import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from workflow_app.letters import selectors
from workflow_app.web import refusals
from workflow_app.web.requests import now, person_of

#: A letter loads nothing; what shows it in the browser is an object of this very address.
_ONLY_ITSELF = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"


@login_required
@require_GET
@cache_control(private=True, no_store=True)
def letter(request: HttpRequest, letter: uuid.UUID) -> HttpResponse:
    """Show a letter."""
    try:
        found = selectors.letter(letter, person_of(request), now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    case_number = re.sub(r"[^\w-]+", "_", found.request.case.case_number)
    return HttpResponse(
        bytes(found.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{case_number}-{found.request.letter}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": _ONLY_ITSELF,
        },
    )
