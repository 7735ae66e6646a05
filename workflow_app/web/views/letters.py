"""A letter as it was sent, and as it would be."""

from __future__ import annotations

import re
import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from workflow_app.cases import selectors as cases
from workflow_app.cases.services import looking
from workflow_app.letters import selectors, services
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
        found = selectors.letter(letter, person_of(request), at := now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    looking.opened(case=found.request.case_id, by=person_of(request), part="PAGE_OF_LETTER", at=at)
    return _shown(bytes(found.pdf), found.request.case.case_number, found.request.letter)


@login_required
@require_GET
@cache_control(private=True, no_store=True)
def preview(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Show the letter that the proposal in force would become."""
    at = now()
    try:
        found = cases.readable_case(case, person_of(request), at)
        pdf = services.preview(case=found, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    return _shown(pdf, found.case_number, "draft")


def _shown(pdf: bytes, case_number: str, name: str) -> HttpResponse:
    file = re.sub(r"[^\w-]+", "_", f"{case_number}-{name}")
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{file}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": _ONLY_ITSELF,
        },
    )
