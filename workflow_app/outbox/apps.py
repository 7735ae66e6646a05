from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "workflow_app.outbox"
    label = "outbox"
