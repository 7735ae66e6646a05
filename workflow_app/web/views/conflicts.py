"""Conflict of interest in a case: declare a circumstance, advise on it, rule on it (FL 16–18 §§, R-01..R-04)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from delegation.access import View
from workflow_app.cases import beside, reading, rulings
from workflow_app.cases.beside import ConflictPage
from workflow_app.cases.errors import FormRefused, NotAuthorised, RulingsClosed
from workflow_app.cases.services import conflicts
from workflow_app.web import refusals, words
from workflow_app.web.explaining import answer_beside, refused
from workflow_app.web.forms.fields import SafeTextField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, new_key, now, person_of
from workflow_app.web.views.grants import choose
from workflow_app.web.views.worklist import case_type_choices

LONGEST = 4_000


class AdviceForm(Explained):
    """The jurist's opinion."""

    opinion = SafeTextField(
        label=gettext_lazy("Your opinion on the circumstance"),
        help_text=gettext_lazy("Say which ground of 16 § you have tried. The opinion does not bind whoever rules."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class CircumstanceForm(Explained):
    """What the circumstance is. It may also be told to whoever rules in another way."""

    what = SafeTextField(
        label=gettext_lazy("What it is"),
        required=False,
        help_text=gettext_lazy("Sealed: read only by those who assess it. Write no personal numbers."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RulingForm(Explained):
    """The ruling and its reasons."""

    ruling = forms.ChoiceField(
        label=gettext_lazy("Ruling"),
        choices=[
            ("CONFLICT", gettext_lazy("Conflict of interest: the person takes no further part in the case")),
            ("NO_CONFLICT", gettext_lazy("No conflict of interest, or obviously immaterial: the person may go on")),
        ],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground that was tried"),
        choices=[("", gettext_lazy("Choose")), *words.GROUNDS.items()],
        help_text=gettext_lazy("Later rulings are found by it, so that like cases are ruled alike (R-07)."),
    )
    reasons = SafeTextField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("What decided the matter. Sealed: only those who assess circumstances read it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class NecessaryForm(Explained):
    """Which step somebody in conflict is called on for, and why nobody else can do it in time."""

    item = forms.ChoiceField(label=gettext_lazy("Step"))
    person = forms.ChoiceField(label=gettext_lazy("Person"))
    why = SafeTextField(
        label=gettext_lazy("Why nobody else can do it without considerable delay"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, page: ConflictPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "item", [(str(item.pk), item.name) for item in page.necessary])
        choose(self, "person", beside.in_conflict(page.case))


class RulingFilter(forms.Form):
    """What rulings are sought by."""

    type = forms.ChoiceField(label=gettext_lazy("Case type"), required=False, choices=case_type_choices)
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), required=False, choices=[("", gettext_lazy("All")), *words.GROUNDS.items()]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Ruling"),
        required=False,
        choices=[("", gettext_lazy("All")), *((kind, words.DECLARATIONS[kind]) for kind in rulings.RULED)],
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Whose role"),
        required=False,
        choices=lambda: [("", gettext_lazy("All")), *words.ROLES.items()],
    )
    q = SafeTextField(label=gettext_lazy("Words in the reasons"), required=False, max_length=100)


def _context(page: ConflictPage, **more: Any) -> dict[str, Any]:
    return {
        "case": page.case,
        "declared": page.declared,
        "opinions": page.opinions,
        "sealed": page.sealed,
        "signs": page.signs,
        "necessary_form": NecessaryForm(auto_id="id_necessary_%s", page=page) if page.necessary else None,
        "necessary_key": new_key(),
        "advice": answer_beside(page.advice),
        "ruling": answer_beside(page.ruling),
        "advice_form": AdviceForm(auto_id="id_advice_%s"),
        "ruling_form": RulingForm(auto_id="id_ruling_%s"),
        "advice_key": new_key(),
        "ruling_key": new_key(),
        **more,
    }


@login_required
@require_GET
def conflict(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Show the circumstances declared in a case, and who may advise and rule on them."""
    at = now()
    try:
        page = beside.conflict_page(case, person_of(request), at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    return render(request, "web/conflict_page.html", _context(page, at=at))


@login_required
@require_POST
def advise(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Give a jurist's opinion on a declared circumstance."""
    form = AdviceForm(request.POST, auto_id="id_advice_%s")

    def send() -> None:
        conflicts.advise(
            case=case, opinion=form.cleaned_data["opinion"], by=person_of(request), key=key_of(request), at=now()
        )
        messages.success(request, _("Your opinion is given."))

    return _send(request, case, form, "advice", send)


@login_required
@require_POST
def rule(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Rule on the declared circumstances of a case."""
    form = RulingForm(request.POST, auto_id="id_ruling_%s")

    def send() -> None:
        conflicts.rule(
            case=case,
            conflict=form.cleaned_data["ruling"] == "CONFLICT",
            ground=form.cleaned_data["ground"],
            reasons=form.cleaned_data["reasons"],
            by=person_of(request),
            key=key_of(request),
            at=now(),
        )
        messages.success(request, _("The ruling is made."))

    return _send(request, case, form, "ruling", send)


def _send(request: HttpRequest, case: uuid.UUID, form: Explained, part: str, send: Callable[[], None]) -> HttpResponse:
    """Check one of the two forms and do what it asks for; what was written stays on the page when it is refused."""
    at = now()
    try:
        page = beside.conflict_page(case, person_of(request), at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    context = _context(page, at=at, sent=part) | {f"{part}_form": form, f"{part}_key": key_of(request)}
    context["problems"] = form.problems()
    template = "web/conflict_page.html"
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        send()
    except FormRefused as error:
        for name, text in refusals.field_problems(error).items():
            form.add_error(name if name in form.fields else None, text)
        context["problems"] = form.problems()
        return render(request, template, context, status=422)
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at, template=template, context=context)
    except refusals.EXPECTED as error:
        return refusals.page(request, error, template=template, context=context)
    return redirect("conflict" if part == "advice" else "case", case)


@login_required
@require_http_methods(["GET", "POST"])
def circumstance(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Take a person's own word: a circumstance, on which somebody else rules (R-02, R-04), or that none is known."""
    at = now()
    person = person_of(request)
    try:
        if request.method == "GET":
            found, seen = reading.known_case(case, person, at, remember=False)
            title = found.title if seen is View.CONTENT else ""
            context = {
                "case": found,
                "title": title,
                "declared_none": beside.has_declared(found, person),
                "what_form": CircumstanceForm(),
            }
            return render(request, "web/conflict_declare.html", context)
        none = request.POST.get("declares") == "no_circumstance"
        what = CircumstanceForm(request.POST)
        if not what.is_valid():
            raise FormRefused({"what": "; ".join(map(str, what.errors["what"]))})
        conflicts.declare(
            case=case,
            by=person,
            circumstance=not none,
            what=what.cleaned_data["what"],
            key=key_of(request),
            at=at,
        )
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    if none:
        messages.success(request, _("Your declaration is registered. You may take part in the case."))
        return redirect("case", case)
    messages.success(request, _("Your declaration is registered. Somebody else rules on it."))
    return redirect("worklist")


@login_required
@require_POST
def necessary(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Call on somebody in conflict for a step that nobody else can do in time (R-05)."""
    at = now()
    try:
        page = beside.conflict_page(case, person_of(request), at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    form = NecessaryForm(request.POST, auto_id="id_necessary_%s", page=page)
    context = _context(page, at=at) | {"necessary_form": form, "necessary_key": key_of(request)}
    if not form.is_valid():
        return render(request, "web/conflict_page.html", context | {"problems": form.problems()}, status=422)
    try:
        conflicts.call_necessary(
            item=uuid.UUID(form.cleaned_data["item"]),
            person=uuid.UUID(form.cleaned_data["person"]),
            reasons=form.cleaned_data["why"],
            by=person_of(request),
            key=key_of(request),
            at=at,
        )
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at, template="web/conflict_page.html", context=context)
    except refusals.EXPECTED as error:
        return refusals.page(request, error, template="web/conflict_page.html", context=context)
    messages.success(request, _("The person may do the step, and nothing else in the case."))
    return redirect("conflict", case)


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Search rulings on conflict of interest (R-07)."""
    at = now()
    person = person_of(request)
    if not rulings.may_search(person, at):
        return refusals.page(request, RulingsClosed("rulings are searched by those who assess circumstances"))
    narrowed = RulingFilter(request.GET)
    chosen = narrowed.cleaned_data if narrowed.is_valid() else {}
    found = rulings.search(
        person,
        at,
        case_type=chosen.get("type", ""),
        ground=chosen.get("ground", ""),
        kind=chosen.get("kind", ""),
        role=chosen.get("role", ""),
        words=chosen.get("q", ""),
    )
    context = {"rulings": found, "filters": list(narrowed), "most": rulings.MOST, "at": at}
    return render(request, "web/rulings.html", context)
