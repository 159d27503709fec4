"""The desk's own settings under test: nothing of this machine's `.env`, every query per row a failure."""

import os

os.environ |= {"DEBUG": "0", "HTTPS": "0", "SECRET_KEY": "for tests " * 6, "ALLOWED_HOSTS": "testserver,127.0.0.1"}
os.environ |= {
    "CACHE_URL": "locmem:",
    "EDGE_PURGE_URL": "",
    "BAKED_ROOT": "",
    "BREACHED_PASSWORDS": "",
    "HTTPS_HEADER": "",
    "LOG_FORMAT": "",
    "METRICS_TOKEN": "",
    "SLOW_QUERY_MS": "0",
    "NEWSROOM_CHECK_LINKS": "0",
    "NEWSROOM_DEAD_LINKS": "20",
    "CSRF_TRUSTED_ORIGINS": "",
    "NEWSROOM_NAME": "Newsroom",
    "NEWSROOM_SECOND_FACTOR": "0",
    "NEWSROOM_SECURITY_CONTACT": "",
    "NEWSROOM_TRUST": "",
    "NEWSROOM_LANGUAGES": "vi,en",
    "TRUSTED_PROXIES": "0",
    "NEWSROOM_TIME_ZONE": "Asia/Ho_Chi_Minh",
}
os.environ.setdefault("DATABASE_REPLICA_URL", "")  # of processes that a test gives one
os.environ |= {"NEWSROOM_URL": "https://desk.example.org/", "EMAIL_URL": "console:"}

from newsroom.settings import *  # noqa: F403
from newsroom.settings import BASE_DIR, CACHES, DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
ZEAL_ALLOWLIST = [{"model": "sessions.Session", "field": "get()"}]  # one's own: read, and read again to be deleted
CACHES = CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counters"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "cards": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}
DECODERS = BASE_DIR / "var" / f"decoders-{os.getpid()}"  # those of other runs are not waited for
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file of this run's own, so that threads and the live server hold connections and locks of their own; it
    # need not survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(BASE_DIR / "var" / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"
else:
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"  # the same
