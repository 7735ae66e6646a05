"""Addresses: everything a person meets lives in ``web``."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("workflow_app.web.urls"))]
