"""The catalogue of rules for those who audit them, and the register of statutes that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from delegation.errors import UnknownLegalBasis
from delegation.legal_basis import LegalBasisRegistry, Reference
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.enforcement import selectors
from workflow_app.enforcement.catalogue import Entry, catalogue
from workflow_app.enforcement.rules import Chapter, chapters
from workflow_app.orders import selectors as orders
from workflow_app.web import refusals, words
from workflow_app.web.forms.fields import IsoDateField
from workflow_app.web.requests import now

YEAR = timedelta(days=365)


def _chapter_choices() -> list[tuple[str, object]]:
    language = get_language()
    return [("", _("All")), *((chapter.code, chapter.title(language)) for chapter in chapters())]


class RuleFilter(forms.Form):
    """What the catalogue is narrowed to, and the day whose law is shown."""

    text = forms.CharField(label=_("Text or rule"), required=False, max_length=100)
    chapter = forms.ChoiceField(label=_("Chapter"), required=False, choices=_chapter_choices)
    severity = forms.ChoiceField(
        label=_("What happens"), required=False, choices=[("", _("All")), *words.SEVERITIES.items()]
    )
    day = IsoDateField(label=_("The law as of"), required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One rule as the page shows it."""

    entry: Entry
    sentence: str
    #: What each legal basis is on the day asked about; ``None`` when it was in force neither as this nor as another.
    basis: tuple[tuple[str, Reference | None], ...]
    refused: int

    @property
    def tests(self) -> int | None:
        """How many tests and stories try to get round the rule; ``None`` where tests are not installed."""
        return None if self.entry.tests is None else len(self.entry.tests) + len(self.entry.stories)


@login_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Show every rule: what it says, on what ground, where it acts, and how often it has refused in a year."""
    at = now()
    narrowed = RuleFilter(request.GET)
    chosen = narrowed.cleaned_data if narrowed.is_valid() else {}
    day = chosen.get("day") or at.astimezone(STOCKHOLM).date()
    try:
        registry = orders.order_in_force(at).legal_basis
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    shown = _shown(registry, day=day, at=at)
    found = [
        (chapter.title(get_language()), [shown[rule.id] for rule in chapter.rules if _matches(shown[rule.id], chosen)])
        for chapter in _chosen_chapters(chosen.get("chapter", ""))
    ]
    context = {
        "chapters": [(title, listed) for title, listed in found if listed],
        "filters": narrowed if request.GET else RuleFilter(initial={"day": day}),
        "day": day,
        "tests_known": catalogue().entries[0].tests is not None,
    }
    return render(request, "web/rules.html", context, status=200 if narrowed.is_valid() else 400)


def _chosen_chapters(code: str) -> list[Chapter]:
    return [chapter for chapter in chapters() if code in ("", chapter.code)]


def _shown(registry: LegalBasisRegistry, *, day: date, at: datetime) -> dict[str, Shown]:
    refused = selectors.refusals(since=at - YEAR, until=at)
    return {
        entry.rule.id: Shown(
            entry=entry,
            sentence=entry.rule.sentence(get_language()),
            basis=tuple((key, _meaning(registry, key, day)) for key in entry.rule.basis),
            refused=refused[entry.rule.id],
        )
        for entry in catalogue().entries
    }


def _meaning(registry: LegalBasisRegistry, key: str, day: date) -> Reference | None:
    try:
        return registry.reference(key, day)
    except UnknownLegalBasis:
        return None


def _matches(shown: Shown, chosen: dict[str, str]) -> bool:
    rule = shown.entry.rule
    if chosen.get("severity") not in (None, "", rule.severity):
        return False
    wanted = (chosen.get("text") or "").casefold()
    said = (rule.id, shown.sentence, *rule.basis, *(one.text for _, one in shown.basis if one))
    return any(wanted in one.casefold() for one in said)


@login_required
@require_GET
def legal_basis(request: HttpRequest) -> HttpResponse:
    """Show every legal basis that the order in force knows, with the days on which each meaning holds."""
    at = now()
    try:
        registry = orders.order_in_force(at).legal_basis
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    today = at.astimezone(STOCKHOLM).date()
    listed = [(one, one.holds(today)) for one in registry.references]
    return render(request, "web/legal_basis.html", {"references": listed})
