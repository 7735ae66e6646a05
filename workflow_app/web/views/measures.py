"""How often cases are returned for more preparation, with each figure's definition beside it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from workflow_app.statistics import definitions, selectors
from workflow_app.statistics.errors import StatisticsError
from workflow_app.statistics.events import ZONE
from workflow_app.web import refusals
from workflow_app.web.forms.fields import IsoDateField
from workflow_app.web.requests import now
from workflow_app.web.views.worklist import case_type_choices

#: No ledger begins earlier; a day later than this leaves no room to count from.
WITHIN = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31)))


class PeriodForm(forms.Form):
    """The period and the forum that are measured."""

    first = IsoDateField(label=_("First day"), validators=WITHIN)
    last = IsoDateField(label=_("Last day"), validators=WITHIN)
    forum = forms.ChoiceField(label=_("Forum"), choices=[("OPS", _("OPS")), ("OLG", _("OLG"))])
    type = forms.ChoiceField(label=_("Case type"), required=False, choices=case_type_choices)


@login_required
@require_GET
def measures(request: HttpRequest) -> HttpResponse:
    """Show M-01 to M-05 for a period."""
    today = now().astimezone(ZONE).date()
    usual = {"first": today - timedelta(days=364), "last": today, "forum": "OPS", "type": ""}
    form = PeriodForm(
        request.GET if "first" in request.GET else {**usual, "first": str(usual["first"]), "last": str(today)}
    )
    context: dict[str, Any] = {"filters": form, "counting": definitions.COUNTING}
    if not form.is_valid():
        return render(request, "web/measures.html", context, status=400)
    chosen = form.cleaned_data
    try:
        context["report"] = selectors.report(
            first=chosen["first"],
            last=chosen["last"],
            forum=chosen["forum"],
            case_types=[chosen["type"]] if chosen["type"] else [],
        )
    except StatisticsError as error:
        return refusals.page(request, error, template="web/measures.html", context=context)
    return render(request, "web/measures.html", context)
