"""Who holds what: the register of rights, one right with its use, and pages to appoint, lend and revoke."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from delegation.types import GrantKind
from workflow_app.appointments import selectors, services
from workflow_app.appointments.errors import AppointmentRefused, UnknownGrant
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import usage
from workflow_app.enforcement import explanation
from workflow_app.organisation import selectors as organisation
from workflow_app.web import refusals, words
from workflow_app.web.forms.fields import IsoDateField, SafeTextField
from workflow_app.web.forms.problems import Explained
from workflow_app.web.requests import key_of, new_key, now, person_of
from workflow_app.web.views.worklist import case_type_choices


class GrantFilter(forms.Form):
    """What the register is narrowed to."""

    type = forms.ChoiceField(label=gettext_lazy("Case type"), required=False, choices=case_type_choices)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=lambda: [("", gettext_lazy("All")), *words.ROLES.items()]
    )


class PeriodForm(Explained):
    """From which day until which: a right or an absence begins at once, or with a day, and ends when a day has."""

    first = IsoDateField(label=gettext_lazy("From"), help_text=gettext_lazy("Today means at once."))
    last = IsoDateField(label=gettext_lazy("Last day"))

    def period(self, at: datetime) -> tuple[datetime, datetime | None]:
        """Return when it begins and ends, in the authority's time."""
        first: date = self.cleaned_data["first"]
        last: date | None = self.cleaned_data["last"]
        begins = at if first == at.astimezone(STOCKHOLM).date() else _midnight(first)
        return begins, _midnight(last + timedelta(days=1)) if last else None


class AppointForm(PeriodForm):
    """Whom to appoint to what."""

    what = forms.ChoiceField(label=gettext_lazy("Role and case type"))
    person = SafeTextField(
        label=gettext_lazy("Staff code"), help_text=gettext_lazy("For example INSP-017."), max_length=24
    )
    field_order = ("what", "person", "first", "last")

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "what", offered)
        self.fields["last"].required = False


class LendForm(PeriodForm):
    """Which rows to lend, to whom."""

    rules = forms.MultipleChoiceField(label=gettext_lazy("Rows"), widget=forms.CheckboxSelectMultiple)
    person = forms.ChoiceField(label=gettext_lazy("To whom"))
    field_order = ("rules", "person", "first", "last")

    def __init__(self, *args: Any, rules: list[tuple[str, str]], persons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "rules", rules)
        choose(self, "person", [("", _("Choose")), *persons])


def choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Say what a field of a form may be chosen from, which hangs on who asks."""
    field: Any = form.fields[name]
    field.choices = choices


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=STOCKHOLM)


@login_required
@require_GET
def grants(request: HttpRequest) -> HttpResponse:
    """Show every grant in force now: who may act in which role, for which case type, by whom and until when."""
    at = now()
    narrowed = GrantFilter(request.GET)
    chosen = narrowed.cleaned_data if narrowed.is_valid() else {}
    # A register of hundreds of lines is read a case type at a time; without a choice it begins with ETV.
    case_type = chosen.get("type") or "ETV"
    rows = organisation.grants_register(at, case_type=case_type)
    if chosen.get("role"):
        rows = rows.filter(role=chosen["role"])
    used = usage.of_grants(row.pk for row in rows)
    person = person_of(request)
    context = {
        "grants": [(row, used.get(row.pk)) for row in rows],
        "filters": GrantFilter(initial={"type": case_type, "role": chosen.get("role", "")}),
        "at": at,
        "may_appoint": bool(selectors.appointable(person, at)),
        "may_lend": bool(selectors.lendable(person, at)),
        "has_lent": organisation.lent_by(person).exists(),
    }
    return render(request, "web/grants.html", context)


@login_required
@require_GET
def grant(request: HttpRequest, grant: uuid.UUID) -> HttpResponse:
    """Show one right, how it has been used, and the way to revoke it."""
    at = now()
    row = organisation.grant(grant)
    if row is None:
        return refusals.page(request, UnknownGrant())
    context = {
        "grant": row,
        "at": at,
        "over": row.valid_to is not None and row.valid_to <= at,
        "usage": usage.of_grants([row.pk]).get(row.pk),
        "quarters": usage.by_quarter(row, at),
        "may_revoke": row.pk in selectors.revocable([row], person_of(request), at),
        "key": new_key(),
    }
    return render(request, "web/grant.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, grant: uuid.UUID) -> HttpResponse:
    """End a right at once (R-28)."""
    try:
        services.revoke(grant=grant, by=person_of(request), key=key_of(request), at=now())
    except refusals.EXPECTED as error:
        return refused(request, error)
    messages.success(request, _("The right is revoked. What it alone reached is taken back and offered to others."))
    return redirect("grant", grant)


@login_required
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoint somebody to a role for a case type (G-5)."""
    at = now()
    person = person_of(request)
    offered = [
        (f"{one.role}/{case_type}", f"{words.of(one.role)}, {words.case_type(case_type)}")
        for one in selectors.appointable(person, at)
        for case_type in one.case_types
    ]
    form = AppointForm(request.POST or None, offered=offered, initial={"first": at.astimezone(STOCKHOLM).date()})
    context = {"form": form, "offered": offered, "at": at, "key": new_key()}

    def do() -> HttpResponse:
        role, _slash, case_type = form.cleaned_data["what"].partition("/")
        named = organisation.ids_by_code([form.cleaned_data["person"].strip()])
        if not named:
            form.add_error("person", _("Nobody has that staff code."))
            return _wrong(request, "web/appoint.html", context, form)
        (to,) = named.values()
        begins, ends = form.period(at)
        given = services.give(
            person=uuid.UUID(to),
            role=role,
            case_type=case_type,
            by=person,
            valid_from=begins,
            valid_to=ends,
            key=key_of(request),
            at=at,
        )
        messages.success(request, _("The appointment is made."))
        return redirect("grant", given.pk)

    return send(request, "web/appoint.html", context, form, do)


@login_required
@require_http_methods(["GET", "POST"])
def lend(request: HttpRequest, case_type: str = "", role: str = "") -> HttpResponse:
    """Lend rows of one's own right to a named person, for at most twelve months (R-59, R-60)."""
    at = now()
    person = person_of(request)
    rows = selectors.lendable(person, at)
    ways = sorted({(row.case_type, row.role) for row in rows})
    here = [row for row in rows if (row.case_type, row.role) == (case_type, role)]
    if not here:
        return render(request, "web/lend.html", {"ways": ways, "at": at})
    form = LendForm(
        request.POST or None,
        rules=[(row.rule, " – ".join(filter(None, (row.rule, row.title, row.condition)))) for row in here],
        persons=[(str(one.pk), one.display_name) for one in selectors.receivers(role, case_type, at, but=person)],
        initial={"first": at.astimezone(STOCKHOLM).date()},
    )
    context = {"form": form, "ways": ways, "case_type": case_type, "role": role, "at": at, "key": new_key()}

    def do() -> HttpResponse:
        begins, ends = form.period(at)
        given = services.give(
            person=uuid.UUID(form.cleaned_data["person"]),
            role=role,
            case_type=case_type,
            by=person,
            kind=GrantKind.SUB_DELEGATION,
            rules=tuple(form.cleaned_data["rules"]),
            on_behalf_of=here[0].on_behalf_of,
            valid_from=begins,
            valid_to=ends,
            key=key_of(request),
            at=at,
        )
        messages.success(request, _("The right is lent. You keep it yourself, and follow up how it is used."))
        return redirect("grant", given.pk)

    return send(request, "web/lend.html", context, form, do)


@login_required
@require_GET
def lent(request: HttpRequest) -> HttpResponse:
    """Show how the rights that a person has lent were used, quarter by quarter (domain 3.6)."""
    at = now()
    rows = [(row, usage.by_quarter(row, at)) for row in organisation.lent_by(person_of(request))]
    return render(request, "web/lent.html", {"rows": rows, "at": at})


def send(
    request: HttpRequest, template: str, context: dict[str, Any], form: Explained, do: Callable[[], HttpResponse]
) -> HttpResponse:
    """Show a form, or do what it asks for; what was written stays on the page when it is refused."""
    if request.method == "GET":
        return render(request, template, context)
    context["key"] = key_of(request)
    if not form.is_valid():
        return _wrong(request, template, context, form)
    try:
        return do()
    except refusals.EXPECTED as error:
        return refused(request, error, template=template, context=context)


def _wrong(request: HttpRequest, template: str, context: dict[str, Any], form: Explained) -> HttpResponse:
    return render(request, template, context | {"problems": form.problems()}, status=422)


def refused(
    request: HttpRequest, error: Exception, *, template: str = "", context: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer with every reason of a refusal in words; with a template, above the form that was sent."""
    told = [explanation.bar_sentence(bar) for bar in error.bars] if isinstance(error, AppointmentRefused) else []
    if not template:
        refusal = refusals.of(error)
        shown = {"refusal": refusal, "told": told}
        return render(request, "web/appointment_refused.html", shown, status=refusal.status)
    return refusals.page(request, error, template=template, context=(context or {}) | {"told": told})
