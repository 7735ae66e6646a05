"""Pass a taken task on to another person, who must be allowed to do it (G-4, R-63)."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from workflow_app.cases import beside, selectors
from workflow_app.cases.errors import DeclarationMissing, NotAuthorised, NotClaimed
from workflow_app.cases.services import work
from workflow_app.web import refusals
from workflow_app.web.explaining import answer_to
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, new_key, now, person_of

TEMPLATE = "web/hand_over.html"


class HandOverForm(Explained):
    """Who is to have the task. The service answers for a person who is not, or no longer, in the list."""

    to = forms.UUIDField(label=gettext_lazy("To whom"), widget=forms.Select)


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Show whom a task can be handed over to, or hand it over."""
    at = now()
    person = person_of(request)
    try:
        page = selectors.item_page(item, person, at)
        # A form sent twice is answered as the first time, though the task is no longer the sender's.
        if request.method == "GET" and not (page.mine and page.row.state == "CLAIMED"):
            raise NotClaimed("you have not claimed this work item; claim it in the worklist first")
        found = beside.receivers(page, person, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    form.fields["to"].widget.choices = [("", _("Choose")), *found.ready]
    context = {"page": page, "item": page.row, "found": found, "form": form, "key": new_key(), "at": at}
    if request.method == "GET":
        return render(request, TEMPLATE, context)
    context["key"] = key_of(request)
    if not form.is_valid():
        return render(request, TEMPLATE, context, status=422)
    to = form.cleaned_data["to"]
    try:
        work.hand_over(item=item, by=person, to=to, key=key_of(request), at=at)
    except DeclarationMissing as error:
        return render(request, TEMPLATE, context | {"refusal": _undeclared(error.code)}, status=409)
    except NotAuthorised as refusal:
        answer = answer_to(refusal.verdict, act=refusal.request.act)
        words = _undeclared(refusal.code) if answer.lacks_declaration else _unauthorised(refusal.code)
        return render(request, TEMPLATE, context | {"told": answer.words.reasons, "refusal": words}, status=403)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    name = dict(found.ready).get(str(to), "")
    messages.success(request, _("%(step)s is handed over to %(name)s.") % {"step": page.row.name, "name": name})
    return redirect("worklist")


def _undeclared(code: str) -> dict[str, str]:
    return {
        "heading": _("The receiver has not declared about conflict of interest"),
        "what": _("Nobody takes part in a case before such a declaration exists (R-01)."),
        "help": _("Ask the person to open the case and declare, and hand over again."),
        "code": code,
    }


def _unauthorised(code: str) -> dict[str, str]:
    return {
        "heading": _("The delegation order does not let that person do the step"),
        "what": _("Your attempt is kept in the case's ledger."),
        "code": code,
    }
