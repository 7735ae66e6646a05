"""Addresses: everything a person meets lives in ``web``."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("workflow_app.web.urls"))]

handler400 = "workflow_app.web.views.stopped.bad_request"
handler403 = "workflow_app.web.views.stopped.forbidden"
handler404 = "workflow_app.web.views.stopped.not_found"
handler500 = "workflow_app.web.views.stopped.broken"
