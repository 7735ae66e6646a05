"""Amend the proposal in force: a new version, on which nothing has yet been said (R-22)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from workflow_app.cases import beside
from workflow_app.cases.beside import AmendPage
from workflow_app.cases.services import proposing
from workflow_app.engine import selectors as engine
from workflow_app.web import filling, presenting, refusals
from workflow_app.web.explaining import answer_beside
from workflow_app.web.filling import Sheet
from workflow_app.web.forms.step_form import StepForm
from workflow_app.web.requests import key_of, now, person_of


def _sheet(page: AmendPage) -> Sheet:
    files, net = engine.files(page.case.definition_id), engine.net(page.case.definition_id)
    return Sheet(
        schema=presenting.schema_of(page.form),
        facts=page.facts,
        words=presenting.form_words(files, first=page.form),
        template="web/amend.html",
        context={
            "case": page.case,
            "seen": page.proposal.content_hash,
            "proposal": page.proposal,
            "said": presenting.proposal(page.proposal_fields, files=files, net=net),
            "answer": answer_beside(page.answered),
            "voided": page.voided,
        },
        url=reverse("amend", args=[page.case.pk]),
        preview_url=reverse("amend-preview", args=[page.case.pk]),
    )


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
    sheet = _sheet(page)
    if request.method == "GET":
        allowed = page.answered.verdict.allowed
        initial = {**page.facts, **page.proposal_fields}
        form = StepForm(sheet.schema, initial=initial, facts=page.facts) if allowed else None
        return render(request, sheet.template, sheet.page(form=form, at=at))

    def do(answers: Mapping[str, Any]) -> None:
        seen = request.POST.get("revision", "")
        proposing.amend(case=case, by=person, fields=answers, seen_hash=seen, key=key_of(request), at=at)

    answer = filling.send(request, sheet, do, at=at)
    if answer is not None:
        return answer
    messages.success(request, _("A new version of the proposal is written. It must be reviewed as a whole."))
    return redirect("case", case)


@login_required
@require_POST
def preview(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Draw anew what an answer or a button changes in the form; nothing is saved."""
    try:
        page = beside.amend_page(case, person_of(request), now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    return filling.preview(request, _sheet(page))
