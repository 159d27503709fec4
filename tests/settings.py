"""The desk's own settings under test: nothing of this machine's `.env`, every query per row a failure."""

import os

os.environ |= {
    "DEBUG": "0",
    "HTTPS": "0",
    "SECRET_KEY": "for tests " * 6,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
}

from newsroom.settings import *  # noqa: F403
from newsroom.settings import INSTALLED_APPS, MIDDLEWARE, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
