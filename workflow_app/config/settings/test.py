"""The test run: a throw-away database on SQLite, or the PostgreSQL that ``BEREDD_DATABASE_URL`` names."""

from __future__ import annotations

import os

from .base import *  # noqa: F403 - a settings module is the base and what differs
from .base import MIDDLEWARE as _ALL
from .base import VAR_DIR, database, env

VAR_DIR.mkdir(exist_ok=True)
SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES = {"default": database(env.str("DATABASE_URL", "sqlite:///var/test.sqlite3"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that threads meet in it as processes do in service; nothing in it outlives the run.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
# A slow hash protects people; the demo accounts of a test need no protection.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests of pages ask for no files, and nothing has collected any; the browser's tests start a real server.
MIDDLEWARE = [each for each in _ALL if not each.startswith("whitenoise.")]
