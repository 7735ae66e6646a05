"""Hand the material of a case to a party (FL 10 §, R-77)."""

from __future__ import annotations

import re
import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from delegation.party_access import PARTIES, Reason
from delegation.recipients import Party
from workflow_app.cases import selectors
from workflow_app.cases.errors import ExportRefused, NotAuthorised
from workflow_app.letters import party_file as files
from workflow_app.web import refusals, words
from workflow_app.web.explaining import refused
from workflow_app.web.requests import key_of, new_key, now, person_of


@login_required
@require_http_methods(["GET", "POST"])
@cache_control(private=True, no_store=True)
def party_file(request: HttpRequest, case: uuid.UUID) -> HttpResponseBase:
    """Show what would be handed over, or hand it over."""
    at, person = now(), person_of(request)
    try:
        found = selectors.readable_case(case, person, at)
        material = files.pieces(found)
        if request.method == "GET":
            context = {
                "case": found,
                "material": material,
                "parties": [(code, words.PARTIES[code]) for code in sorted(PARTIES)],
                "reasons": words.KEPT_BACK.items(),
                "key": new_key(),
            }
            return render(request, "web/party_file.html", context)
        asked = {each.key: request.POST.get(f"keep_back_{each.key}", "") for each in material}
        body = files.hand_over(
            case=case,
            party=_party(request.POST.get("party", "")),
            blocked={key: _reason(code) for key, code in asked.items() if code},
            by=person,
            key=key_of(request),
            at=at,
        )
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    name = re.sub(r"[^\w-]+", "_", found.case_number)
    return StreamingHttpResponse(
        body,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"', "X-Content-Type-Options": "nosniff"},
    )


def _party(code: str) -> Party:
    if code not in list(Party):
        raise ExportRefused("there is no such party; choose one from the list")
    return Party(code)


def _reason(code: str) -> Reason:
    if code not in list(Reason):
        raise ExportRefused("there is no such reason to keep something back; choose from the list")
    return Reason(code)
