"""The stories of the demo: what to try, where, and as whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflow_app.modeler import stories as told


@login_required
@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """List each story with its cases; there are none outside the demo."""
    if not settings.BEREDD_DEMO:
        raise Http404("stories belong to the demo")
    rows = sorted(told.read(settings.BEREDD_BPMN_DIR), key=lambda story: story.number)
    return render(request, "web/stories.html", {"stories": [(story, list(told.cases_of(story))) for story in rows]})
