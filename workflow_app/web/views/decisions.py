"""A decision as its record (FL 31 §), and dissent from it (FL 30 §)."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from workflow_app.cases import selectors
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.services import dissenting, looking
from workflow_app.web import presenting, refusals
from workflow_app.web.forms.fields import SafeTextField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, new_key, now, person_of


class DissentForm(Explained):
    """A dissenting opinion."""

    opinion = SafeTextField(
        label=gettext_lazy("Your opinion"),
        help_text=gettext_lazy("Say how you would have decided, and why. It is kept with the decision."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


@login_required
@require_GET
def decision(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """Show the record of a decision."""
    try:
        view = selectors.decision_view(decision, person_of(request), at := now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    looking.opened(case=view.decision.case_id, by=person_of(request), part="PAGE_OF_DECISION", at=at)
    return render(request, "web/decision.html", presenting.decision(view))


@login_required
@require_http_methods(["GET", "POST"])
def dissent(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """Note a dissenting opinion."""
    at = now()
    person = person_of(request)
    try:
        view = selectors.decision_view(decision, person, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    form = DissentForm(request.POST if request.method == "POST" else None)
    context = {**presenting.decision(view), "form": form, "key": new_key()}
    if request.method == "GET":
        return render(request, "web/dissent.html", context)
    context["key"] = key_of(request)
    if not form.is_valid():
        return render(request, "web/dissent.html", context, status=422)
    try:
        dissenting.dissent(
            decision=decision, by=person, opinion=form.cleaned_data["opinion"], key=key_of(request), at=at
        )
    except FormRefused as error:
        for text in refusals.field_problems(error).values():
            form.add_error("opinion", text)
        return render(request, "web/dissent.html", context, status=422)
    except refusals.EXPECTED as error:
        return refusals.page(request, error, template="web/dissent.html", context=context)
    messages.success(request, _("Your dissenting opinion is noted."))
    return redirect("decision", decision)
