"""Tell whoever does background work that a commit has left a job, so that it need not wait for the next look."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

_listeners: list[Callable[[], None]] = []


def listener(wake: Callable[[], None]) -> Callable[[], None]:
    """Have ``wake`` called after each commit that left a job. It must be quick and must not raise."""
    if wake not in _listeners:
        _listeners.append(wake)
    return wake


def forget(wake: Callable[[], None]) -> None:
    """Undo ``listener``."""
    _listeners.remove(wake)


def after_commit() -> None:
    """Wake the listeners when the transaction commits; a rolled-back job wakes nobody."""
    if _listeners:
        transaction.on_commit(_wake_all)


def _wake_all() -> None:
    for wake in tuple(_listeners):
        wake()
