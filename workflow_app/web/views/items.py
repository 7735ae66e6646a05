"""One step of a case: its form, the order's answer to the person, and what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from workflow_app.cases import selectors
from workflow_app.cases.errors import FormRefused, NotAuthorised, StaleEdit
from workflow_app.cases.selectors import ItemPage
from workflow_app.cases.services import work
from workflow_app.engine import selectors as engine
from workflow_app.web import presenting, refusals
from workflow_app.web.explaining import answer_of, refused
from workflow_app.web.forms.schema import FormSchema
from workflow_app.web.forms.step_form import StepForm
from workflow_app.web.requests import key_of, new_key, now, person_of

#: A step without a form of its own: doing it is the whole answer.
NO_FORM = '{"id": "none", "components": []}'
SUBMIT = {
    "PREPARE": gettext_lazy("Submit"),
    "REVIEW": gettext_lazy("Submit the review"),
    "CONSULT": gettext_lazy("Submit the opinion"),
    "ANSWER": gettext_lazy("Submit the answer"),
    "PRESENT": gettext_lazy("Record the presentation"),
    "DECIDE": gettext_lazy("Sign"),
    "DISPATCH": gettext_lazy("Record the dispatch"),
    "HANDLE": gettext_lazy("Done"),
}


def _form(page: ItemPage) -> FormSchema:
    return presenting.schema_of(page.form or NO_FORM)


def _context(page: ItemPage, **more: Any) -> dict[str, Any]:
    files, net = engine.files(page.case.definition_id), engine.net(page.case.definition_id)
    return {
        "page": page,
        "item": page.row,
        "proposal": page.proposal,
        "said": presenting.proposal(page.proposal_fields, files=files, net=net),
        "answer": answer_of(page),
        "submit_words": SUBMIT[page.row.act],
        "key": new_key(),
        **more,
    }


@login_required
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Show a step, or do it."""
    at = now()
    person = person_of(request)
    try:
        page = selectors.item_page(item, person, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    if request.method == "GET":
        mine = page.mine and page.row.state == "CLAIMED"
        form = StepForm(_form(page), initial=page.initial, facts=page.facts) if mine else None
        return render(request, "web/item.html", _context(page, form=form, at=at))
    form, unknown = StepForm.received(_form(page), data=request.POST, files=request.FILES, facts=page.facts)
    context = _context(page, form=form, at=at, key=key_of(request))
    if unknown is not None:
        return refusals.page(request, unknown, template="web/item.html", context=context)
    if not form.is_valid():
        return render(request, "web/item.html", context, status=422)
    try:
        work.complete(
            item=item,
            by=person,
            fields=form.values,
            key=key_of(request),
            at=at,
            seen=request.POST.get("revision", ""),
        )
    except FormRefused as error:
        form.take_problems(refusals.field_problems(error))
        return render(request, "web/item.html", context, status=422)
    except StaleEdit as error:
        words = presenting.form_words(engine.files(page.case.definition_id))
        # A new key: sending again after comparing is a new command.
        context |= {
            "refusal": refusals.of(error),
            "mine": presenting.said(words.labelled(form.values)),
            "now": context["said"],
            "key": new_key(),
        }
        return render(request, "web/item.html", context, status=409)
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at, template="web/item.html", context=context)
    except refusals.EXPECTED as error:
        return refusals.page(request, error, template="web/item.html", context=context)
    messages.success(request, _("Done: %(step)s.") % {"step": page.row.name})
    return redirect("case", page.case.pk)


@login_required
@require_POST
def preview(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Return the parts of the form that came or went with the last answer; nothing is saved."""
    try:
        page = selectors.item_page(item, person_of(request), now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    form = StepForm.half_written(_form(page), data=request.POST, facts=page.facts)
    shown = set(request.POST.get("shown", "").split())
    changed = [part for part in form.conditional_parts() if part.hidden == (part.component.id in shown)]
    return render(request, "web/form/changed.html", {"form": form, "changed": changed})
