"""The delegation order to read and print."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.orders import printing, selectors
from workflow_app.web import refusals
from workflow_app.web.requests import now


@login_required
@require_GET
def order(request: HttpRequest) -> HttpResponse:
    """Show the order in force as the document that was adopted."""
    at = now()
    try:
        in_force = selectors.order_in_force(at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    document = printing.printed(in_force, on_date=at.astimezone(STOCKHOLM).date())
    version = next(row for row in selectors.versions() if row.sha256 == document.sha256)
    return render(request, "web/order.html", {"document": document, "version": version})
