"""Note what has been said and bears on the case (FL 27 §, R-72)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import selectors
from workflow_app.cases.errors import FormRefused, NotAuthorised
from workflow_app.cases.services import noting
from workflow_app.web import refusals, words
from workflow_app.web.explaining import refused
from workflow_app.web.forms.fields import IsoDateField, SafeTextField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, new_key, now, person_of


class OralForm(Explained):
    """What was said, by whom and when."""

    information = SafeTextField(
        label=gettext_lazy("What was said"),
        help_text=gettext_lazy("What bears on the case. Write without names."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source = SafeTextField(
        label=gettext_lazy("Who said it"),
        help_text=gettext_lazy("A function, or a name."),
        max_length=noting.LONGEST_SOURCE,
    )
    sealed = forms.ChoiceField(
        label=gettext_lazy("Keep the name apart"),
        help_text=gettext_lazy("The name of a child or a notifier is never written in the case: a pseudonym is."),
        required=False,
        choices=[("", gettext_lazy("No")), *words.SEALED.items()],
    )
    day = IsoDateField(label=gettext_lazy("Day"))
    clock = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}))


@login_required
@require_http_methods(["GET", "POST"])
def oral(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Note oral information."""
    at, person = now(), person_of(request)
    try:
        shown = selectors.readable_case(case, person, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    form = OralForm(
        request.POST if request.method == "POST" else None, initial={"day": at.astimezone(STOCKHOLM).date()}
    )
    context: dict[str, Any] = {"case": shown, "form": form, "key": new_key(), "at": at}
    if request.method == "GET":
        return render(request, "web/oral.html", context)
    context["key"] = key_of(request)
    try:
        if form.is_valid():
            values = form.cleaned_data
            noting.note(
                case=case,
                information=values["information"],
                source=values["source"],
                sealed=values["sealed"],
                given_at=datetime.combine(values["day"], values["clock"], STOCKHOLM),
                by=person,
                key=key_of(request),
                at=at,
            )
    except FormRefused as error:
        for name, text in refusals.field_problems(error).items():
            form.add_error(name if name in form.fields else "day", text)
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    if form.errors:
        return render(request, "web/oral.html", context, status=422)
    messages.success(request, _("What was said is noted."))
    return redirect("case", case)
