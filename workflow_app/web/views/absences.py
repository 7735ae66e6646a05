"""Who is away and who stands in: register an absence, end it, and take over an absent person's task (R-56, R-57)."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workflow_app.appointments import selectors, services
from workflow_app.appointments.errors import UnknownGrant
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import beside
from workflow_app.cases import selectors as cases
from workflow_app.cases.errors import DeclarationMissing, NotAuthorised
from workflow_app.cases.services import work
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.errors import UnknownPerson
from workflow_app.web import explaining, refusals
from workflow_app.web.requests import key_of, new_key, now, person_of
from workflow_app.web.views import grants
from workflow_app.web.views.grants import PeriodForm


class AbsenceForm(PeriodForm):
    """From when until when, and who stands in."""

    substitute = forms.ChoiceField(
        label=gettext_lazy("Substitute"),
        required=False,
        help_text=gettext_lazy(
            "Sees your tasks and may take them over, by rights of their own. Without a substitute what you have taken"
            " is offered to others, or to the next level."
        ),
    )
    field_order = ("first", "last", "substitute")

    def __init__(self, *args: Any, persons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grants.choose(self, "substitute", [("", _("None")), *persons])


@login_required
@require_GET
def absences(request: HttpRequest) -> HttpResponse:
    """List who is or will be away, and who stands in."""
    at = now()
    person = person_of(request)
    standing_in: dict[tuple[Any, ...], list[str]] = {}
    for row in organisation.substitutions(at):
        standing_in.setdefault((row.absent_id, row.valid_from, row.valid_to), []).append(row.substitute.display_name)
    rows = [
        (
            row,
            standing_in.get((row.person_id, row.valid_from, row.valid_to), []),
            selectors.may_arrange(row.person_id, person, at),
        )
        for row in organisation.absences(at)
    ]
    return render(request, "web/absences.html", {"rows": rows, "me": person, "at": at, "key": new_key()})


@login_required
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Register that somebody will be away, and who stands in."""
    at = now()
    try:
        absent = organisation.person(person)
    except UnknownPerson:
        return refusals.page(request, UnknownGrant())
    form = AbsenceForm(
        request.POST or None,
        persons=[(str(one.pk), one.display_name) for one in selectors.substitutes(person, at)],
        initial={"first": at.astimezone(STOCKHOLM).date()},
    )
    context = {"form": form, "absent": absent, "own": person == person_of(request), "at": at, "key": new_key()}

    def do() -> HttpResponse:
        begins, ends = form.period(at)
        if ends is None:
            raise TypeError("an absence has a last day")
        chosen = form.cleaned_data["substitute"]
        services.register_absence(
            person=person,
            substitute=uuid.UUID(chosen) if chosen else None,
            valid_from=begins,
            valid_to=ends,
            by=person_of(request),
            key=key_of(request),
            at=at,
        )
        messages.success(request, _("The absence is registered."))
        return redirect("absences")

    return grants.send(request, "web/absence.html", context, form, do)


@login_required
@require_POST
def end(request: HttpRequest, absence: int) -> HttpResponse:
    """Register that somebody is back, or never went."""
    try:
        services.end_absence(absence=absence, by=person_of(request), key=key_of(request), at=now())
    except refusals.EXPECTED as error:
        return grants.refused(request, error)
    messages.success(request, _("The absence is over."))
    return redirect("absences")


@login_required
@require_POST
def take_over(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Take over what an absent person has taken, as the substitute."""
    at = now()
    person = person_of(request)
    declares = request.POST.get("declares") == "no_circumstance"
    try:
        page = cases.item_page(item, person, at)
        if not declares and not page.declared and beside.stands_in(page, person, at):
            raise DeclarationMissing
        work.take_over(item=item, by=person, key=key_of(request), at=at, declares_no_circumstance=declares)
    except DeclarationMissing as error:
        context = {"page": page, "refusal": refusals.of(error), "at": at, "taking": "take-over"}
        context["signs"] = beside.signs(page, person, at)
        return render(request, "web/declare.html", context, status=409)
    except NotAuthorised as refusal:
        return explaining.refused(request, refusal, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("The task is yours."))
    return redirect("item", item)
