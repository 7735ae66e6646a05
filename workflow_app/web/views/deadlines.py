"""Deadlines: a party's request for a decision, and the yearly list of cases that are too old."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from delegation.oversight import oversees
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import due, selectors
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.services import deadlines
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation
from workflow_app.web import refusals
from workflow_app.web.explaining import refused
from workflow_app.web.forms.fields import IsoDateField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, now, person_of

FIRST_YEAR = 2000


class RequestForm(Explained):
    """When the party's request came in."""

    received_on = IsoDateField(
        label=gettext_lazy("The request came in on"),
        help_text=gettext_lazy("Four weeks run from this day. Write it as 2027-06-01."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def request_to_decide(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Register that a party asks the authority to decide (FL 12 §, R-81)."""
    at = now()
    person = person_of(request)
    try:
        shown = selectors.readable_case(case, person, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    form = RequestForm(request.POST if request.method == "POST" else None)
    context = {"case": shown, "form": form, "at": at}
    if request.method == "GET" or not form.is_valid():
        return render(request, "web/request_to_decide.html", context, status=200 if request.method == "GET" else 400)
    try:
        deadlines.request_decision(
            case=case, by=person, received_on=form.cleaned_data["received_on"], key=key_of(request), at=at
        )
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("The request is registered. The case is to be decided within four weeks from it."))
    return redirect("case", case)


@login_required
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """Show what is overdue on the director-general's list: after-care and requests to decide (R-51, R-81)."""
    at, person = now(), person_of(request)
    try:
        may = oversees(organisation.actor_at(person, at), orders.order_in_force(at))
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    found = due.for_the_director(at) if may else ()
    mine = selectors.readable((row.case_id for row in found), person, at)
    context = {
        "may": may,
        "count": len(found),
        "rows": [row for row in found if row.case_id in mine],
        "at": at,
    }
    return render(request, "web/overdue.html", context, status=200 if may else 403)


@login_required
@require_GET
def jk_list(request: HttpRequest) -> HttpResponse:
    """Show the list of 1 March (MF 29 §): the cases on it that the person may read, and how many there are in all."""
    at = now()
    this_year = at.astimezone(STOCKHOLM).year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and FIRST_YEAR < int(asked) <= this_year + 1 else this_year
    found = due.jk_list(year)
    mine = selectors.readable((row.case_id for row in found), person_of(request), at)
    context = {
        "year": year,
        "years": range(this_year + 1, this_year - 4, -1),
        "count": len(found),
        "cases": [row for row in found if row.case_id in mine],
        "at": at,
    }
    return render(request, "web/jk_list.html", context)
