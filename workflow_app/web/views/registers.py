"""The registers: their lists, each entry with its cases, suggestions to pick from, and import of files."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workflow_app.cases.about import about
from workflow_app.registry import columns, csv_file, selectors, services
from workflow_app.registry.errors import FileRefused, RegistryError, UnknownEntry
from workflow_app.web import refusals
from workflow_app.web.forms.fields import SafeTextField
from workflow_app.web.requests import now, person_of

if TYPE_CHECKING:
    from workflow_app.registry.models import Register

LONGEST_SEARCH = 100
#: More than these of a file are counted and not listed.
MOST_LISTED = 200


class SearchForm(forms.Form):
    """What a register is searched for."""

    q = SafeTextField(label=gettext_lazy("Code or name"), required=False, max_length=LONGEST_SEARCH)


class FileForm(forms.Form):
    """The file that is sent."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("UTF-8, with semicolons or commas, at most 8 MB."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


def _named(request: HttpRequest, name: str) -> Register:
    """Return the register of an address. Raises ``UnknownEntry`` also for one that registrars alone read (R-06)."""
    named = selectors.register_named(name)
    if selectors.is_closed(named) and not services.may_import(person_of(request), now()):
        raise UnknownEntry("there is no such register, or it is not yours to read")
    return named


@login_required
@require_GET
def registers(request: HttpRequest) -> HttpResponse:
    """List the registers."""
    counts = selectors.counts(closed=services.may_import(person_of(request), now()))
    return render(request, "web/registers.html", {"registers": counts.items()})


@login_required
@require_GET
def register(request: HttpRequest, register: str) -> HttpResponse:
    """Show a page of a register, narrowed to what was searched for."""
    search = SearchForm(request.GET)
    text = search.cleaned_data["q"] if search.is_valid() else ""
    try:
        named = _named(request, register)
    except RegistryError as error:
        return refusals.page(request, error)
    page = selectors.page(named, text=text, after=request.GET.get("after", "")[:24])
    may_import = services.may_import(person_of(request), now())
    context = {
        "register": named,
        "page": page,
        "text": text,
        "filters": [search["q"]],
        "may_import": may_import,
        "waiting": selectors.waiting_files(named) if may_import else (),
    }
    return render(request, "web/register.html", context)


@login_required
@require_GET
def entry(request: HttpRequest, register: str, code: str) -> HttpResponse:
    """Show an entry of a register and what the reader may know of its cases."""
    at = now()
    try:
        named = _named(request, register)
        found = selectors.entry(named, code)
    except RegistryError as error:
        return refusals.page(request, error)
    context = {
        "register": named,
        "entry": found,
        "active": found.is_active(selectors.day_of(at)),
        "about": about(found, person_of(request), at),
        "units": selectors.units_of(found),
        "history": selectors.history(named, code),
    }
    return render(request, "web/register_entry.html", context)


@login_required
@require_GET
def suggestions(request: HttpRequest, register: str) -> HttpResponse:
    """Return the entries in force that match what has been typed in a field; ``name`` says in which."""
    try:
        named = _named(request, register)
    except RegistryError as error:
        return refusals.page(request, error)
    name = request.GET.get("name", "")
    text = request.GET.get(name, "")[:LONGEST_SEARCH]
    found = selectors.search(named, text, on=selectors.day_of(now()))
    chosen = next((each for each in found if each.code == text.strip()), None)
    context = {"found": [] if chosen else found, "chosen": chosen, "text": text.strip(), "field": f"id_{name}"}
    return render(request, "web/form/suggestions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest, register: str) -> HttpResponse:
    """Take a file, and show what it would change before anything is."""
    try:
        named = _named(request, register)
    except RegistryError as error:
        return refusals.page(request, error)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    context: dict[str, Any] = {
        "register": named,
        "form": form,
        "columns": columns.COLUMNS[named],
        "most": MOST_LISTED,
    }
    if not form.is_valid():
        return render(request, "web/register_import.html", context, status=422 if form.is_bound else 200)
    # One byte more than is read tells that there is more.
    data = form.cleaned_data["file"].read(csv_file.MOST_BYTES + 1)
    try:
        context["plan"] = services.check(register=named, data=data, by=person_of(request), at=now())
    except FileRefused as error:
        context["wrong"] = error.problems
        return render(request, "web/register_import.html", context, status=422)
    except RegistryError as error:
        return refusals.page(request, error)
    return render(request, "web/register_import.html", context)


@login_required
@require_POST
def import_checked(request: HttpRequest, register: str, file: uuid.UUID) -> HttpResponse:
    """Import the file whose changes have been shown."""
    try:
        plan = services.import_checked(file=file, by=person_of(request), at=now())
    except FileRefused as error:
        context = {"register": _named(request, register), "form": FileForm(), "wrong": error.problems}
        return render(request, "web/register_import.html", context, status=409)
    except RegistryError as error:
        return refusals.page(request, error)
    told = _("%(added)s new entries and %(changed)s changed ones have been imported.")
    messages.success(request, told % {"added": len(plan.added), "changed": len(plan.changed)})
    return redirect("register", plan.register)


@login_required
@require_POST
def discard_file(request: HttpRequest, register: str, file: uuid.UUID) -> HttpResponse:
    """Throw away a file that waits to be imported."""
    try:
        of = services.discard(file=file, by=person_of(request), at=now())
    except RegistryError as error:
        return refusals.page(request, error)
    messages.success(request, _("The file has been thrown away. Nothing in the register has changed."))
    return redirect("register", of)
