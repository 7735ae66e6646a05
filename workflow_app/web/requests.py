"""What every request that changes something carries: who, when, and under which idempotency key."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils import timezone


def person_of(request: HttpRequest) -> uuid.UUID:
    """Return the person behind the account; every view that asks is behind ``login_required``."""
    account: Any = request.user
    return uuid.UUID(str(account.person_id))


def now() -> datetime:
    """Read the clock, once for each request (the rooms below get the moment as an argument)."""
    return timezone.now()


def key_of(request: HttpRequest) -> str:
    """Return the form's idempotency key. Raises ``BadRequest`` when it is none of ours."""
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError as error:
        raise BadRequest("the form carries no key; load the page again") from error


def new_key() -> str:
    """Make the idempotency key of one form on one page: the same form sent twice is one command."""
    return str(uuid.uuid4())
