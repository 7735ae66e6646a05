"""Correct a clerical error in a decision: propose, review, decide (FL 36 §, R-65)."""

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
from django.views.decorators.http import require_http_methods

from workflow_app.cases import selectors
from workflow_app.cases.errors import FormRefused, NotAuthorised
from workflow_app.cases.services import correcting
from workflow_app.organisation import selectors as organisation
from workflow_app.web import refusals
from workflow_app.web.explaining import refused
from workflow_app.web.forms.fields import SafeTextField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, new_key, now, person_of

TEMPLATE = "web/correction.html"
_LONG = forms.Textarea(attrs={"rows": 8})


class WordingForm(Explained):
    """The wording as it should have been."""

    operative_text = SafeTextField(label=gettext_lazy("The decision"), max_length=20_000, widget=_LONG, required=False)
    reasons = SafeTextField(label=gettext_lazy("Reasons"), max_length=100_000, widget=_LONG)
    error = SafeTextField(
        label=gettext_lazy("Which error is corrected"),
        help_text=gettext_lazy("Only an obvious clerical error, miscalculation or similar oversight (36 §)."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@login_required
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """Show where the correction of a decision stands, or take it a step further."""
    at, person = now(), person_of(request)
    try:
        view = selectors.decision_view(decision, person, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    waiting = correcting.proposed(view.decision)
    todo = request.POST.get("do", "")
    wording = {name: view.fields.get(name) or "" for name in correcting.WORDING}
    form = WordingForm(
        request.POST if todo == "propose" else None, initial={**wording, "reasons": view.decision.reasons}
    )
    context: dict[str, Any] = {
        "view": view,
        "decision": view.decision,
        "case": view.decision.case,
        "waiting": waiting,
        "names": organisation.names(one for one in (waiting.by, waiting.agreed_by) if one) if waiting else {},
        "form": form,
        "key": new_key(),
        "at": at,
    }
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    context["key"] = key_of(request)
    if todo == "propose" and not form.is_valid():
        return render(request, TEMPLATE, context | {"problems": form.problems()}, status=422)
    told: dict[str, Any] = {"decision": decision, "by": person, "key": key_of(request), "at": at}
    try:
        if todo == "propose":
            values = form.cleaned_data
            kept = {name: values[name] for name in correcting.WORDING if values[name]}
            correcting.propose(wording=kept, error=values["error"], **told)
        elif todo in {"agree", "disagree"}:
            correcting.review(agrees=todo == "agree", comment="", **told)
        else:
            correcting.correct(**told)
    except FormRefused as error:
        for name, text in refusals.field_problems(error).items():
            form.add_error(name if name in form.fields else None, text)
        return render(request, TEMPLATE, context | {"problems": form.problems()}, status=422)
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("Done. Both versions are kept."))
    return redirect(
        "correction" if todo != "decide" else "case", decision if todo != "decide" else view.decision.case_id
    )
