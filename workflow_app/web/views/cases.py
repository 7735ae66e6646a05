"""Cases: the list, one case with everything that is in it, and how one is opened."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workflow_app.cases import beside, due, links, selectors
from workflow_app.cases.deadlines import BEGUN_BY_A_PARTY
from workflow_app.cases.services import looking, opening
from workflow_app.engine import selectors as engine
from workflow_app.letters import selectors as letters
from workflow_app.web import filling, order_changes, presenting, refusals, who_is_left
from workflow_app.web.explaining import answer_beside
from workflow_app.web.filling import Sheet
from workflow_app.web.forms.fields import SafeTextField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.forms.step_form import StepForm
from workflow_app.web.requests import key_of, now, person_of
from workflow_app.web.views.worklist import case_type_choices
from workflow_app.worklist import selectors as worklist

#: How many entries of the ledger a page shows before it folds the rest.
LATEST = 12


class CaseFilter(forms.Form):
    """What the list of cases is narrowed to."""

    type = forms.ChoiceField(label=gettext_lazy("Case type"), required=False, choices=case_type_choices)


class TitleForm(Explained):
    """What the case is called in the diary."""

    title = SafeTextField(
        label=gettext_lazy("What the case is about"),
        help_text=gettext_lazy("Short, and without personal data."),
        max_length=120,
    )


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases that the person may know of (R-73)."""
    at = now()
    narrowed = CaseFilter(request.GET)
    chosen = narrowed.cleaned_data.get("type") if narrowed.is_valid() else None
    found = selectors.cases(person_of(request), at, case_type=chosen or None)
    return render(request, "web/cases.html", {"cases": found, "filters": [narrowed["type"]], "at": at})


@login_required
@require_GET
def case(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Show a case."""
    at = now()
    try:
        outline, steps = selectors.outline(case, person_of(request), at)
        if not outline.is_open:
            context = {"case": outline, "steps": steps, "plans_a_year": worklist.plans_a_year(case), "at": at}
            return render(request, "web/case_outline.html", context)
        page = selectors.case_page(case, person_of(request), at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    looking.opened(case=case, by=person_of(request), part="PAGE_OF_CASE", at=at)
    files = engine.files(page.case.definition_id)
    net = engine.net(page.case.definition_id)
    passed = {act.node for act in page.acts}
    intake = engine.form(page.case.definition_id, opening.INTAKE_FORM)
    intake_words = presenting.form_words(files, first=intake or "")
    asked = [part.key for part in presenting.schema_of(intake).fields()] if intake else []
    elsewhere = presenting.COMPUTED | presenting.OF_ONE_ACT | set(page.proposal_fields)
    timeline = presenting.timeline(page, net)
    prepared = presenting.preparation(page, files, net)
    amending = beside.amending(page.case, person_of(request), at)
    context = {
        "page": page,
        "case": page.case,
        "proposal": page.case.proposal,
        "said": presenting.proposal(page.proposal_fields, files=files, net=net),
        "intake": presenting.said(
            intake_words.labelled({key: page.facts.get(key) for key in asked}, leave_out=presenting.COMPUTED)
        ),
        "registered": presenting.registered(
            page.facts,
            files=files,
            nodes=[node for node in net.nodes if node.id in passed],
            leave_out=elsewhere.union(asked),
        ),
        "preparation": [each for each in prepared if each.in_force],
        "oral": presenting.oral(page),
        "prepared_before": [each for each in prepared if not each.in_force],
        "latest": timeline[:LATEST],
        "earlier": timeline[LATEST:],
        "steps": presenting.steps(net, here=page.stands_at, done=passed),
        "diagram": presenting.diagram(page, files, passed=passed),
        "declared": beside.declared(page.case),
        "letters": letters.letters(page.case),
        "links": links.links(page.case, person_of(request), at),
        "plans_a_year": worklist.plans_a_year(case),
        "carried": presenting.carried_over(page),
        "deadlines": due.of_case(page.case, at),
        "begun_by_a_party": page.case.case_type in BEGUN_BY_A_PARTY,
        "amending": answer_beside(amending) if amending else None,
        "order_changes": order_changes.shown(page.timeline),
        "nobody_left": who_is_left.nobody_left(page.case, at),
        "at": at,
    }
    return render(request, "web/case.html", context)


def _intake(case_type: str) -> Sheet:
    """Return the form that opens a case of a type. Raises ``EngineError`` when there is no process for it."""
    definition = engine.current_definition(case_type)
    description = engine.form(definition, opening.INTAKE_FORM) or '{"id": "intake", "components": []}'
    return Sheet(
        schema=presenting.schema_of(description),
        facts={},
        words=presenting.form_words({"forms/intake.json": description}),
        template="web/new_case.html",
        context={"case_type": case_type},
        url=f"{reverse('new-case')}?{urlencode({'type': case_type})}",
        preview_url=f"{reverse('new-case-preview')}?{urlencode({'type': case_type})}",
    )


@login_required
@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case from what has arrived."""
    at = now()
    case_type = request.GET.get("type", "")
    if not case_type:
        return render(request, "web/new_case.html", {"at": at, "choices": engine.deployed_case_types()})
    try:
        sheet = _intake(case_type)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    if request.method == "GET":
        return render(request, sheet.template, sheet.page(form=StepForm(sheet.schema), beside=TitleForm(), at=at))
    title = TitleForm({"title": request.POST.get("title", "")})
    opened: list[uuid.UUID] = []

    def do(answers: Mapping[str, Any]) -> None:
        name, key, person = title.cleaned_data["title"], key_of(request), person_of(request)
        opened.append(opening.open_case(case_type=case_type, title=name, fields=answers, by=person, key=key, at=at).pk)

    answer = filling.send(request, sheet, do, at=at, beside=title)
    if answer is not None:
        return answer
    messages.success(request, _("The case is open."))
    return redirect("case", opened[0])


@login_required
@require_POST
def new_case_preview(request: HttpRequest) -> HttpResponse:
    """Draw anew what an answer or a button changes in the form; nothing is saved."""
    try:
        sheet = _intake(request.GET.get("type", ""))
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    return filling.preview(request, sheet)
