"""The secrecy of a case: whom pseudonyms stand for, who needs to know, who is let in by name (R-73..R-75)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from delegation.access import Exceptional
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import secrecy as selectors
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.services import exceptions, sealed, walls
from workflow_app.organisation import selectors as organisation
from workflow_app.web import refusals, words
from workflow_app.web.forms.fields import IsoDateField, SafeTextField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, new_key, now, person_of

TEMPLATE = "web/secrecy.html"
LONGEST_REASON = 500


class ReasonForm(Explained):
    """Why a sealed name is to be read."""

    reason = SafeTextField(
        label=gettext_lazy("Why you need to know who it is"),
        help_text=gettext_lazy("Your reason is kept with your name, and can be read by those who audit."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PersonForm(Explained):
    """A person by staff code."""

    person = SafeTextField(label=gettext_lazy("Staff code"), max_length=24)

    def clean_person(self) -> uuid.UUID:
        """Raise ``ValidationError`` for a code that nobody has."""
        code = self.cleaned_data["person"].strip().upper()
        found = organisation.ids_by_code([code]).get(code)
        if found is None:
            raise forms.ValidationError(_("Nobody has that staff code."))
        return uuid.UUID(found)


class ExceptionForm(PersonForm):
    """Whom to let in, to what, until when and why."""

    what = forms.ChoiceField(label=gettext_lazy("To"))
    until = IsoDateField(label=gettext_lazy("Last day"))
    reason = SafeTextField(
        label=gettext_lazy("Why"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, may_give: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = self.fields["what"]
        what.choices = [(code, words.EXCEPTIONS[code]) for code in may_give]  # type: ignore[attr-defined]


def _context(page: selectors.Secrecy, at: datetime) -> dict[str, Any]:
    return {
        "page": page,
        "case": page.case,
        "reason_form": ReasonForm(auto_id="id_reason_%s"),
        "person_form": PersonForm(auto_id="id_knowing_%s"),
        "exception_form": ExceptionForm(auto_id="id_exception_%s", may_give=page.may_give),
        "key": new_key(),
        "at": at,
    }


@login_required
@require_GET
@cache_control(private=True, no_store=True)
def secrecy(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Show what is kept apart in a case."""
    at = now()
    try:
        page = selectors.secrecy(case, person_of(request), at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    return render(request, TEMPLATE, _context(page, at))


@login_required
@require_http_methods(["POST"])
@cache_control(private=True, no_store=True)
def identity(request: HttpRequest, case: uuid.UUID, name: uuid.UUID) -> HttpResponse:
    """Show whom a pseudonym stands for, once, after the reason is on record (R-74)."""
    form = ReasonForm(request.POST, auto_id="id_reason_%s")
    shown: dict[str, str] = {}

    def do(values: Mapping[str, Any], at: datetime) -> None:
        shown["name"] = sealed.read_identity(
            name=name, reason=values["reason"], by=person_of(request), key=key_of(request), at=at
        )

    answer = _send(request, case, {"reason_form": form, "asked": name}, form, do)
    if answer is not None:
        return answer
    at = now()
    page = selectors.secrecy(case, person_of(request), at)
    return render(request, TEMPLATE, _context(page, at) | {"asked": name, "shown": shown["name"]})


@login_required
@require_http_methods(["POST"])
def wall(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Wall the case, take the wall down, or change who needs to know (R-75)."""
    todo = request.POST.get("do", "")
    by = person_of(request)
    form = PersonForm(request.POST, auto_id="id_knowing_%s") if todo == "let_know" else None

    def do(values: Mapping[str, Any], at: datetime) -> None:
        key = key_of(request)
        if todo == "put_up":
            walls.put_up(case=case, by=by, key=key, at=at)
        elif todo == "take_down":
            walls.take_down(case=case, by=by, key=key, at=at)
        elif todo == "let_know":
            walls.let_know(case=case, person=values["person"], by=by, key=key, at=at)
        else:
            walls.keep_out(case=case, person=uuid.UUID(todo), by=by, key=key, at=at)

    return _send(request, case, {"person_form": form} if form else {}, form, do) or redirect("secrecy", case)


@login_required
@require_http_methods(["POST"])
def let_in(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Let a person into the case by name until a day, or end it before."""
    at = now()
    by = person_of(request)
    try:
        page = selectors.secrecy(case, by, at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    ending = request.POST.get("end", "")
    form = None if ending else ExceptionForm(request.POST, auto_id="id_exception_%s", may_give=page.may_give)

    def do(values: Mapping[str, Any], at: datetime) -> None:
        if ending:
            number = int(ending) if ending.isdecimal() and len(ending) < 18 else 0
            exceptions.end(exception=number, by=by, key=key_of(request), at=at)
            return
        exceptions.give(
            case=case,
            to=values["person"],
            what=Exceptional(values["what"]),
            until=_end_of(values["until"]),
            reason=values["reason"],
            by=by,
            key=key_of(request),
            at=at,
        )

    return _send(request, case, {"exception_form": form} if form else {}, form, do) or redirect("secrecy", case)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)


def _send(
    request: HttpRequest,
    case: uuid.UUID,
    sent: Mapping[str, Any],
    form: Explained | None,
    do: Callable[[Mapping[str, Any], datetime], None],
) -> HttpResponse | None:
    """Do what a form asks; return the page with what is wrong, or ``None`` when it is done."""
    at = now()
    try:
        page = selectors.secrecy(case, person_of(request), at)
        context = _context(page, at) | dict(sent) | {"key": key_of(request)}
        if form is not None and not form.is_valid():
            return render(request, TEMPLATE, context | {"problems": form.problems()}, status=422)
        do(form.cleaned_data if form is not None else {}, at)
    except FormRefused as error:
        if form is None:
            raise
        for name, text in refusals.field_problems(error).items():
            form.add_error(name if name in form.fields else None, text)
        return render(request, TEMPLATE, context | {"problems": form.problems()}, status=422)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("Done. It is in the ledger."))
    return None
