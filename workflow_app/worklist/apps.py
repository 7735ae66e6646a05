from __future__ import annotations

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "workflow_app.worklist"
    label = "worklist"
