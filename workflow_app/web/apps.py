from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "workflow_app.web"
    label = "web"
