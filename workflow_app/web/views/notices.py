"""What a person has been told about work and has not yet read."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from workflow_app.cases.services import notifying
from workflow_app.web.requests import now, person_of


@login_required
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show the unread notices, or mark those that were shown as read."""
    person = person_of(request)
    if request.method == "GET":
        return render(request, "web/notices.html", {"notices": notifying.unread(person)})
    notifying.mark_read(person=person, at=now(), until=_until(request))
    messages.success(request, _("The notices are marked as read."))
    return redirect("notices")


def _until(request: HttpRequest) -> datetime:
    """Return the moment of the latest notice on the page: what came after it has not been read."""
    try:
        moment = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError as error:
        raise BadRequest("the form does not say which notices it showed; load the page again") from error
    if moment.tzinfo is None:
        raise BadRequest("the form does not say which notices it showed; load the page again")
    return moment
