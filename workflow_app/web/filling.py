"""A model's form on a page: drawn anew as answers bring parts forth, sent, and kept when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from workflow_app.cases.drafts import Typed
from workflow_app.cases.errors import FormRefused, NotAuthorised, StaleEdit
from workflow_app.web import presenting, refusals
from workflow_app.web.explaining import refused
from workflow_app.web.forms.errors import UnknownField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.forms.rows import BUTTON
from workflow_app.web.forms.schema import FormSchema
from workflow_app.web.forms.step_form import StepForm
from workflow_app.web.presenting import FormWords
from workflow_app.web.requests import key_of, new_key

Context = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form of a model, and the page it stands on."""

    schema: FormSchema
    facts: Mapping[str, Any]
    words: FormWords
    template: str
    #: Everything else that the page shows.
    context: Context
    #: Where the form is sent, and where its parts are drawn anew while it is being filled in.
    url: str
    preview_url: str
    #: Where what is being written is kept as a draft; empty where nothing is kept.
    draft_url: str = ""

    def page(self, *, form: StepForm | None, **more: Any) -> Context:
        """Return what the page shows with a form on it, or without one."""
        problems = form.problems() if form else []
        return {**self.context, "key": new_key(), "sheet": self, "form": form, "problems": problems, **more}

    def half_written(self, data: QueryDict, *, button: str = "") -> StepForm:
        """Return the form with what has been typed in it. Raises ``UnknownField``."""
        return StepForm.half_written(self.schema, data=data, facts=self.facts, button=button)

    def drafted(self, typed: Typed) -> StepForm:
        """Return the form with what was typed in it and kept. What the form no longer asks for is left out."""
        data = QueryDict(mutable=True)
        for name, values in typed.items():
            data.setlist(name, values)
        return self.half_written(data)


def preview(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Return the parts of the form that came or went with the last answer or button; nothing is saved."""
    try:
        form = sheet.half_written(request.POST, button=request.POST.get(BUTTON, ""))
    except UnknownField as error:
        return refusals.page(request, error)
    shown = set(request.POST.get("shown", "").split())
    return render(request, "web/form/changed.html", {"form": form, "sheet": sheet, "changed": form.changed(shown)})


def send(
    request: HttpRequest,
    sheet: Sheet,
    do: Callable[[Mapping[str, Any]], None],
    *,
    at: datetime,
    beside: Explained | None = None,
) -> HttpResponse | None:
    """Do something with the answers, and return ``None``; else the page with what was sent and what is wrong.

    ``beside`` is a form of ours that is filled in on the same page.
    """
    data = request.POST.copy()
    for name in beside.fields if beside else ():
        data.pop(name, None)
    # A page that is drawn again still shows the case as it was when the person began to write.
    kept = {
        "beside": beside,
        "at": at,
        "key": key_of(request),
        "seen": request.POST.get("revision", ""),
        "draft_revision": request.POST.get("draft_revision", ""),
    }
    if button := request.POST.get(BUTTON):
        try:
            drawn = sheet.half_written(data, button=button)
        except UnknownField as error:
            return _above(request, sheet, error, form=sheet.half_written(data), **kept)
        return render(request, sheet.template, sheet.page(form=drawn, **kept))
    form, unknown = StepForm.received(sheet.schema, data=data, files=request.FILES, facts=sheet.facts)
    if unknown is not None:
        return _above(request, sheet, unknown, form=form, **kept)
    # Both are asked, so that every problem is shown at once.
    if not all([beside is None or beside.is_valid(), form.is_valid()]):
        return _with_problems(request, sheet, form=form, **kept)
    try:
        do(form.values)
    except FormRefused as error:
        form.take_problems(refusals.field_problems(error))
        return _with_problems(request, sheet, form=form, **kept)
    except StaleEdit as error:
        mine = presenting.said(sheet.words.labelled(form.values))
        # A new key and what the case says now: sending again after comparing is a new command.
        del kept["key"], kept["seen"]
        return _above(request, sheet, error, form=form, **kept, mine=mine, now=sheet.context.get("said"))
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at, template=sheet.template, context=sheet.page(form=form, **kept))
    except refusals.EXPECTED as error:
        return _above(request, sheet, error, form=form, **kept)
    return None


def _above(request: HttpRequest, sheet: Sheet, error: Exception, *, form: StepForm, **more: Any) -> HttpResponse:
    return refusals.page(request, error, template=sheet.template, context=sheet.page(form=form, **more))


def _with_problems(request: HttpRequest, sheet: Sheet, *, form: StepForm, **more: Any) -> HttpResponse:
    beside: Explained | None = more["beside"]
    problems = [*(beside.problems() if beside else ()), *form.problems()]
    return render(request, sheet.template, sheet.page(form=form, **more, problems=problems), status=422)
