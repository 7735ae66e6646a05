"""Note that a participant in a joint preparation was not heard in time (R-31, R-32)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workflow_app.cases import selectors
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.services import joint_preparation
from workflow_app.web import refusals
from workflow_app.web.explaining import refused
from workflow_app.web.requests import key_of, now, person_of


@login_required
@require_POST
def not_heard(request: HttpRequest, item: uuid.UUID) -> HttpResponse:
    """Close a place that nobody has answered in time."""
    at = now()
    person = person_of(request)
    try:
        page = selectors.item_page(item, person, at)
        joint_preparation.note_unheard(item=item, by=person, key=key_of(request), at=at)
    except NotAuthorised as refusal:
        return refused(request, refusal, at=at)
    except refusals.EXPECTED as error:
        return refusals.page(request, error)
    messages.success(request, _("It is noted that the participant was not heard. That is not agreement (R-32)."))
    return redirect("case", page.case.pk)
