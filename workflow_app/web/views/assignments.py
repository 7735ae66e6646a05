"""Proposed inspectors for the homes of a yearly plan: seen, asked for and laid before the homes."""

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
from django.views.decorators.http import require_GET, require_POST

from workflow_app.cases.errors import NotAuthorised
from workflow_app.web import refusals
from workflow_app.web.explaining import answer_to
from workflow_app.web.requests import key_of, now, person_of
from workflow_app.worklist import selectors, services, words
from workflow_app.worklist.selectors import PlanPage

TEMPLATE = "web/assignments.html"
#: How many homes a page shows.
PAGE_SIZE = 50


class AskForm(forms.Form):
    """What a plan is asked for with."""

    seed = forms.IntegerField(
        label=gettext_lazy("Seed of the lots"),
        help_text=gettext_lazy("The same seed and the same year give the same plan."),
        min_value=1,
        max_value=999_999,
        initial=1,
    )


def _teams(page: PlanPage, *, mine: bool) -> list[dict[str, Any]]:
    """Return each team in words; the reader is "you"."""
    rows = []
    for each in page.proposal.teams if page.proposal else ():
        both = (each.team.lead, each.team.second)
        if mine and page.own not in both:
            continue
        told = [
            words.because(each.because[code], name=None if code == page.own else page.people.get(code, code))
            for code in both
        ]
        rows.append({"home": page.homes.get(each.team.home, each.team.home), "code": each.team.home, "told": told})
    return rows


def _page(request: HttpRequest, case: uuid.UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    at = now()
    page = selectors.plan_page(case, person_of(request), at)
    mine = "mine" in request.GET
    rows = _teams(page, mine=mine)
    after = request.GET.get("after", "")
    left = [row for row in rows if row["code"] > after]
    lacking = page.proposal.shortages if page.proposal else ()
    context = {
        "page": page,
        "case": page.case,
        "plan": page.plan,
        "mine": mine,
        "count": len(rows),
        "teams": left[:PAGE_SIZE],
        "more": left[PAGE_SIZE - 1]["code"] if len(left) > PAGE_SIZE else None,
        "shortages": [(page.homes.get(each.home, each.home), words.RULES[each.rule]) for each in lacking],
        "form": AskForm(),
        "at": at,
    }
    return render(request, TEMPLATE, context | more, status=status)


@login_required
@require_GET
def assignments(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Show the newest plan."""
    try:
        return _page(request, case)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)


@login_required
@require_POST
def ask(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Ask for a plan; a job makes it."""
    form = AskForm(request.POST)
    try:
        if not form.is_valid():
            return _page(request, case, status=422, form=form)
        services.ask(case=case, seed=form.cleaned_data["seed"], by=person_of(request), at=now())
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("A plan is being made. It takes up to half a minute; load the page again."))
    return redirect("assignments", case)


@login_required
@require_POST
def accept(request: HttpRequest, case: uuid.UUID, plan: uuid.UUID) -> HttpResponse:
    """Lay a plan before the homes."""
    declares = request.POST.get("declares") == "no_circumstance"
    try:
        services.accept(
            plan=plan, by=person_of(request), key=key_of(request), at=now(), declares_no_circumstance=declares
        )
    except NotAuthorised as refusal:
        answer = answer_to(refusal.verdict, act=refusal.request.act)
        return _page(request, case, status=403, refused=answer.words.reasons)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(
        request, _("The plan is laid before the homes. Each team is asked about again when it is assigned.")
    )
    return redirect("assignments", case)
