from __future__ import annotations

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "workflow_app.organisation"
    label = "organisation"
