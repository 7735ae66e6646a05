"""One step of a case: its form, the order's answer to the person, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from workflow_app.cases import beside, drafts, selectors
from workflow_app.cases.selectors import ItemPage
from workflow_app.cases.services import joint_preparation, looking, work
from workflow_app.engine import selectors as engine
from workflow_app.letters import selectors as letters
from workflow_app.web import filling, presenting, refusals, who_is_left
from workflow_app.web.explaining import answer_of
from workflow_app.web.filling import Sheet
from workflow_app.web.forms.step_form import StepForm
from workflow_app.web.requests import key_of, now, person_of

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


def sheet_of(page: ItemPage) -> Sheet:
    """Return the form of a step on its page."""
    files, net = engine.files(page.case.definition_id), engine.net(page.case.definition_id)
    return Sheet(
        schema=presenting.schema_of(page.form or NO_FORM),
        facts=page.facts,
        words=presenting.form_words(files, first=page.form or ""),
        template="web/item.html",
        context={
            "page": page,
            "item": page.row,
            "seen": page.seen,
            "proposal": page.proposal,
            "said": presenting.proposal(page.proposal_fields, files=files, net=net),
            "answer": answer_of(page),
            "submit_words": SUBMIT[page.row.act],
            "recipients": letters.to_be_told(page.case, page.facts)
            if page.is_open and page.row.act == "DISPATCH"
            else (),
        },
        url=reverse("item", args=[page.row.id]),
        preview_url=reverse("preview", args=[page.row.id]),
        draft_url=reverse("draft", args=[page.row.id]),
    )


def _may_note_unheard(page: ItemPage, person: uuid.UUID, at: datetime) -> bool:
    """Tell whether the person may close a place in a joint preparation that nobody has answered in time (R-31)."""
    if page.row.state not in ("OFFERED", "CLAIMED") or not joint_preparation.is_overdue(page.item, at):
        return False
    return joint_preparation.verdict(selectors.display(page.case, person, at, item=page.item))[0].allowed


def _begun(page: ItemPage, sheet: Sheet, person: uuid.UUID, at: datetime) -> dict[str, Any]:
    """Return the page with the form as the person left it, or as it begins."""
    if not page.mine or page.row.state != "CLAIMED":
        return sheet.page(
            form=None,
            at=at,
            taking=who_is_left.if_taken(page, person, at),
            unheard=_may_note_unheard(page, person, at),
        )
    if (kept := drafts.draft(page.row.id, person)) is None:
        return sheet.page(form=StepForm(sheet.schema, initial=page.initial, facts=page.facts), at=at)
    return sheet.page(
        form=sheet.drafted(kept.typed),
        at=at,
        draft_at=kept.at,
        draft_revision=kept.revision,
        draft_is_old=kept.seen != page.seen,
    )


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
    sheet = sheet_of(page)
    if request.method == "GET":
        looking.opened(case=page.case.pk, by=person, part="PAGE_OF_REVIEW", at=at)
        begun = _begun(page, sheet, person, at)
        return render(request, sheet.template, begun | beside.before_taking(page, person, at))

    def do(answers: Mapping[str, Any]) -> None:
        seen = request.POST.get("revision", "")
        work.complete(item=item, by=person, fields=answers, key=key_of(request), at=at, seen=seen)

    answer = filling.send(request, sheet, do, at=at)
    if answer is not None:
        return answer
    messages.success(request, _("Done: %(step)s.") % {"step": page.row.name})
    return redirect("case", page.case.pk)


@login_required
@require_POST
def preview(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Draw anew what an answer or a button changes in the form; nothing is saved."""
    try:
        page = selectors.item_page(item, person_of(request), now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    return filling.preview(request, sheet_of(page))
