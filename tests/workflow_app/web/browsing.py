"""Ask for pages as a person would, without a browser."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client

from workflow_app.organisation.models import Account

BACKEND = "django.contrib.auth.backends.ModelBackend"


def logged_in(login: str, **options: Any) -> Client:
    """Return a client that has logged in."""
    client = Client(**options)
    client.force_login(Account.objects.get(username=login), backend=BACKEND)
    return client


def written(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as a browser sends them: an unticked box is not sent at all, the rows of a list one by one."""
    sent: dict[str, Any] = {}
    for key, value in fields.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            sent[f"{key}-rows"] = len(value)
            for place, row in enumerate(value):
                sent |= {f"{key}-{place}-{name}": answer for name, answer in written(row).items()}
        elif value is not False:
            sent[key] = "on" if value is True else value.isoformat() if isinstance(value, date) else value
    return sent


def hidden(response: HttpResponse, name: str) -> str:
    """Return the value of a hidden field on a page."""
    found = re.search(rf'name="{name}" (?:id="\w+" )?value="([^"]*)"', response.content.decode())
    assert found, f"the page has no hidden field {name}"
    return found[1]


def new_key() -> str:
    """Return a key as a page makes it."""
    return str(uuid.uuid4())
