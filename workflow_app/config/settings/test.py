"""The test run: a throw-away database on SQLite, or the PostgreSQL that ``BEREDD_DATABASE_URL`` names."""

from __future__ import annotations

from .base import *  # noqa: F403 - a settings module is the base and what differs
from .base import database, env

SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES = {"default": database(env.str("DATABASE_URL", "sqlite:///var/test.sqlite3"))}
# A slow hash protects people; the demo accounts of a test need no protection.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
