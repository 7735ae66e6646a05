"""A person's own machine: SQLite under ``var/``, no broker, a key of its own."""

from __future__ import annotations

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403 - a settings module is the base and what differs
from .base import VAR_DIR, env

VAR_DIR.mkdir(exist_ok=True)
_key = VAR_DIR / "secret_key"
if not _key.exists():
    _key.write_text(get_random_secret_key(), encoding="utf-8")
    _key.chmod(0o600)

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _key.read_text(encoding="utf-8")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
BEREDD_DEMO = True
