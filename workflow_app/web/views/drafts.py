"""Keep what is being written in a step as a draft: while it is typed, or by a button."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workflow_app.cases import drafts, selectors
from workflow_app.cases.errors import StaleDraft
from workflow_app.cases.services import drafting
from workflow_app.web import presenting, refusals
from workflow_app.web.filling import Sheet
from workflow_app.web.forms.step_form import StepForm
from workflow_app.web.requests import key_of, now, person_of
from workflow_app.web.views.items import sheet_of

#: Values of the button ``draft``; the second is followed by the revision that it replaces.
DISCARD, REPLACE = "discard", "replace:"


@login_required
@require_POST
def draft(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Keep what stands in the form of a step, or forget what was kept. The case does not change."""
    at, person, button = now(), person_of(request), request.POST.get("draft", "")
    try:
        page = selectors.item_page(item, person, at)
        if button == DISCARD:
            drafting.discard(item=item, by=person)
            messages.success(request, _("The draft is thrown away."))
            return redirect("item", item)
        sheet = sheet_of(page)
        form, unknown = StepForm.received(sheet.schema, data=request.POST, files=request.FILES, facts=page.facts)
        if unknown is not None:
            return refusals.page(request, unknown)
        revision = drafting.save(
            item=item,
            by=person,
            typed={name: request.POST.getlist(name) for name in form.names if name in request.POST},
            page=uuid.UUID(key_of(request)),
            revision=_revision(request, button),
            seen=request.POST.get("revision", ""),
            at=at,
        )
    except StaleDraft:
        return _two_drafts(request, sheet, item)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    if request.headers.get("HX-Request"):
        kept = {"sheet": sheet, "draft_revision": revision, "draft_at": at, "swap": True}
        return render(request, "web/form/draft.html", kept)
    messages.success(request, _("The draft is saved. Only you see it."))
    return redirect("item", item)


def _revision(request: HttpRequest, button: str) -> int:
    text = button.removeprefix(REPLACE) if button.startswith(REPLACE) else request.POST.get("draft_revision", "0")
    if not text.isdecimal() or len(text) > 9:
        raise BadRequest("the form carries no revision of its draft; load the page again")
    return int(text)


def _two_drafts(request: HttpRequest, sheet: Sheet, item: uuid.UUID) -> HttpResponse:
    """Show what stands on this page beside what another page has kept; neither is lost."""
    kept = drafts.draft(item, person_of(request))
    form = sheet.half_written(request.POST)
    context = sheet.page(
        form=form,
        key=key_of(request),
        seen=request.POST.get("revision", ""),
        draft_revision=request.POST.get("draft_revision", "0"),
        draft_here=presenting.said(sheet.words.labelled(form.initial)),
        draft_there=presenting.said(sheet.words.labelled(sheet.drafted(kept.typed).initial)) if kept else None,
        draft_at=kept.at if kept else None,
        draft_now=kept.revision if kept else 0,
        at=now(),
        swap="HX-Request" in request.headers,
    )
    template = "web/form/draft.html" if "HX-Request" in request.headers else sheet.template
    return render(request, template, context, status=409)
