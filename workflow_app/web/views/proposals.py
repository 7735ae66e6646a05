"""Amend the proposal in force: a new version, on which nothing has yet been said (R-22)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from workflow_app.cases import beside
from workflow_app.cases.beside import AmendPage
from workflow_app.cases.errors import FormRefused, NotAuthorised, StaleEdit
from workflow_app.cases.services import proposing
from workflow_app.engine import selectors as engine
from workflow_app.web import presenting, refusals
from workflow_app.web.explaining import answer_beside, refused
from workflow_app.web.forms.step_form import StepForm
from workflow_app.web.requests import key_of, new_key, now, person_of

TEMPLATE = "web/amend.html"


def _context(page: AmendPage, **more: Any) -> dict[str, Any]:
    files, net = engine.files(page.case.definition_id), engine.net(page.case.definition_id)
    return {
        "case": page.case,
        "proposal": page.proposal,
        "said": presenting.proposal(page.proposal_fields, files=files, net=net),
        "answer": answer_beside(page.answered),
        "voided": page.voided,
        "key": new_key(),
        **more,
    }


@login_required
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Show the proposal in force as a form, or write a new version of it."""
    at = now()
    person = person_of(request)
    try:
        page = beside.amend_page(case, person, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    schema = presenting.schema_of(page.form)
    if request.method == "GET":
        allowed = page.answered.verdict.allowed
        initial = {**page.facts, **page.proposal_fields}
        form = StepForm(schema, initial=initial, facts=page.facts) if allowed else None
        return render(request, TEMPLATE, _context(page, form=form, at=at))
    form, unknown = StepForm.received(schema, data=request.POST, files=request.FILES, facts=page.facts)
    context = _context(page, form=form, at=at, key=key_of(request))
    if unknown is not None:
        return refusals.page(request, unknown, template=TEMPLATE, context=context)
    if not form.is_valid():
        return render(request, TEMPLATE, context, status=422)
    seen = request.POST.get("revision", "")
    try:
        proposing.amend(case=case, by=person, fields=form.values, seen_hash=seen, key=key_of(request), at=at)
    except FormRefused as error:
        form.take_problems(refusals.field_problems(error))
        return render(request, TEMPLATE, context, status=422)
    except StaleEdit as error:
        words = presenting.form_words(engine.files(page.case.definition_id))
        # A new key: sending again after comparing is a new command.
        context |= {
            "refusal": refusals.of(error),
            "mine": presenting.said(words.labelled(form.values)),
            "now": context["said"],
            "key": new_key(),
        }
        return render(request, TEMPLATE, context, status=409)
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at, template=TEMPLATE, context=context)
    except refusals.EXPECTED as error:
        return refusals.page(request, error, template=TEMPLATE, context=context)
    messages.success(request, _("A new version of the proposal is written. It must be reviewed as a whole."))
    return redirect("case", case)


@login_required
@require_POST
def preview(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Return the parts of the form that came or went with the last answer; nothing is saved."""
    try:
        page = beside.amend_page(case, person_of(request), now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    form = StepForm.half_written(presenting.schema_of(page.form), data=request.POST, facts=page.facts)
    shown = set(request.POST.get("shown", "").split())
    changed = [part for part in form.conditional_parts() if part.hidden == (part.component.id in shown)]
    return render(request, "web/form/changed.html", {"form": form, "changed": changed})
