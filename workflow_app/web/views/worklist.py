"""The worklist: mine, free to take, waiting for others. Take a task, and put it back."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from delegation import vocabulary
from workflow_app.cases import beside, due, selectors
from workflow_app.cases.errors import DeclarationMissing, NotAuthorised
from workflow_app.cases.services import work
from workflow_app.web import refusals, words
from workflow_app.web.explaining import answer_of, refused
from workflow_app.web.requests import key_of, now, person_of


def case_type_choices() -> list[tuple[str, str]]:
    """Return the case types to filter by, with none chosen first."""
    return [("", str(gettext_lazy("All")))] + [(code, words.case_type(code)) for code in vocabulary.CASE_TYPES]


class WorklistFilter(forms.Form):
    """What the worklist is narrowed to."""

    type = forms.ChoiceField(label=gettext_lazy("Case type"), required=False, choices=case_type_choices)
    act = forms.ChoiceField(
        label=gettext_lazy("Kind of task"),
        required=False,
        choices=[("", gettext_lazy("All")), *words.ACTS.items()],
    )
    after = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def clean_after(self) -> str:
        """Raise ``ValidationError`` for a cursor that no page of ours has given."""
        cursor: str = self.cleaned_data["after"]
        if cursor:
            moment, _, last = cursor.partition("|")
            try:
                uuid.UUID(last)
                if datetime.fromisoformat(moment).tzinfo is None:
                    raise ValueError(moment)
            except ValueError as error:
                raise forms.ValidationError("no such page") from error
        return cursor


@login_required
@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, and what the person waits for."""
    at = now()
    narrowed = WorklistFilter(request.GET)
    chosen = narrowed.cleaned_data if narrowed.is_valid() else {}
    try:
        found = selectors.worklist(
            person_of(request),
            at,
            case_type=chosen.get("type") or None,
            act=chosen.get("act") or None,
            after=chosen.get("after") or None,
        )
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    kept = {name: chosen[name] for name in ("type", "act") if chosen.get(name)}
    context = {
        "worklist": found,
        "deadlines": due.nearest((row.case_id for row in (*found.mine, *found.pools, *found.waiting)), at),
        "filters": [narrowed["type"], narrowed["act"]],
        "next_page": urlencode({**kept, "after": found.more}) if found.more else "",
        "at": at,
    }
    return render(request, "web/worklist.html", context)


@login_required
@require_POST
def claim(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Take a task; the first in a case carries the person's declaration about conflict of interest."""
    at = now()
    person = person_of(request)
    declares = request.POST.get("declares") == "no_circumstance"
    try:
        page = selectors.item_page(item, person, at)
        if not declares and not page.declared and answer_of(page).may_claim:
            raise DeclarationMissing
        work.claim(item=item, by=person, key=key_of(request), at=at, declares_no_circumstance=declares)
    except DeclarationMissing as error:
        context = {"page": page, "refusal": refusals.of(error), "at": at, "signs": beside.signs(page, person, at)}
        return render(request, "web/declare.html", context, status=409)
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("The task is yours."))
    return redirect("item", item)


@login_required
@require_POST
def release(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Put a task back in its pool."""
    at = now()
    person = person_of(request)
    try:
        selectors.item_page(item, person, at)
        work.release(item=item, by=person, key=key_of(request), at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("The task is back in its pool."))
    return redirect("worklist")
