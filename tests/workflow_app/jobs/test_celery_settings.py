"""The broker may lose or double messages; these settings make that harmless."""

from __future__ import annotations

import importlib

import pytest


@pytest.fixture
def settings_for(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("BEREDD_BROKER_URL", "redis://127.0.0.1:1/0")
    return importlib.import_module("workflow_app.config.celery").settings


@pytest.mark.parametrize("broker", ["amqp://guest:guest@127.0.0.1:1//", "redis://127.0.0.1:1/0"])
def test_a_message_is_acknowledged_late_and_leaves_no_result(settings_for, broker: str) -> None:  # type: ignore[no-untyped-def]
    chosen = settings_for(broker)

    assert chosen["task_acks_late"]
    assert chosen["task_reject_on_worker_lost"]
    assert chosen["task_ignore_result"]
    assert "result_backend" not in chosen
    assert chosen["accept_content"] == ["json"]


def test_rabbitmq_queues_are_quorum_queues(settings_for) -> None:  # type: ignore[no-untyped-def]
    assert settings_for("amqp://guest:guest@127.0.0.1:1//")["task_default_queue_type"] == "quorum"


def test_another_broker_is_refused_by_name(settings_for) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="unknown scheme `sqla`"):
        settings_for("sqla://x")
