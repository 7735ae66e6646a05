"""The delegation order to read and print, and the register of who holds what."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.orders import printing, selectors
from workflow_app.organisation import selectors as organisation
from workflow_app.web import refusals, words
from workflow_app.web.requests import now
from workflow_app.web.views.worklist import case_type_choices


class GrantFilter(forms.Form):
    """What the register is narrowed to."""

    type = forms.ChoiceField(label=_("Case type"), required=False, choices=case_type_choices)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=lambda: [("", _("All")), *words.ROLES.items()])


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


@login_required
@require_GET
def grants(request: HttpRequest) -> HttpResponse:
    """Show every grant in force now: who may act in which role, for which case type, by whom and until when."""
    at = now()
    narrowed = GrantFilter(request.GET)
    chosen = narrowed.cleaned_data if narrowed.is_valid() else {}
    # A register of hundreds of lines is read a case type at a time; without a choice it begins with ETV.
    case_type = chosen.get("type") or "ETV"
    rows = organisation.grants_register(at, case_type=case_type)
    if chosen.get("role"):
        rows = rows.filter(role=chosen["role"])
    context = {
        "grants": rows,
        "filters": GrantFilter(initial={"type": case_type, "role": chosen.get("role", "")}),
        "at": at,
    }
    return render(request, "web/grants.html", context)
