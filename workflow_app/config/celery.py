"""The Celery application: ``celery -A workflow_app.config.celery worker`` (and ``beat``).

The broker carries wake-up calls only (DESIGN §5): no results, no delayed messages, nothing that would be missed.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workflow_app.config.settings.production")

#: How often beat asks for due jobs: the longest a job waits when its wake-up call is lost.
SECONDS_BETWEEN_LOOKS = 5.0
QUEUE = "beredd.jobs"


def settings(broker_url: str) -> dict[str, Any]:
    """Return Celery's settings for a RabbitMQ (``amqp://``) or Redis (``redis://``) broker.

    Raises ``ValueError`` for any other broker.
    """
    scheme = broker_url.partition("://")[0]
    if scheme not in {"amqp", "amqps", "redis", "rediss"}:
        raise ValueError(f"BEREDD_BROKER_URL: unknown scheme `{scheme}`; use amqp:// (RabbitMQ) or redis://")
    shared: dict[str, Any] = {
        "broker_url": broker_url,
        "broker_connection_retry_on_startup": True,
        "task_default_queue": QUEUE,
        "task_default_exchange": QUEUE,
        "task_default_exchange_type": "topic",
        "task_default_routing_key": QUEUE,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": 300,
        "task_time_limit": 330,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 30.0,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "timezone": "UTC",
        "beat_schedule": {
            "due-jobs": {
                "task": "beredd.run_due_jobs",
                "schedule": SECONDS_BETWEEN_LOOKS,
                # The broker drops it when the next one is sent: calls never pile up while workers are down.
                "options": {"expires": SECONDS_BETWEEN_LOOKS},
            }
        },
    }
    if scheme.startswith("amqp"):
        shared |= {
            "task_default_queue_type": "quorum",
            "worker_detect_quorum_queues": True,
            "broker_transport_options": {"confirm_publish": True},
        }
    return shared


def connect() -> None:
    """Let this process send wake-up calls; the web's entry points do so when a broker is configured."""
    from workflow_app.jobs import tasks  # noqa: F401 - it registers itself, and needs Django's apps ready


app = Celery("beredd", include=["workflow_app.jobs.tasks"])
app.conf.update(settings(os.environ.get("BEREDD_BROKER_URL", "")))
app.set_default()
