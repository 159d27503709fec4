"""The desk's settings: the environment is read once, here, with types; nothing is decided elsewhere.

Facts of one deployment live here. Editorial judgement (constants, floors, who may do what) is code.
"""

import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from environs import Env
from js_asset import static_lazy

from newsroom import storage, trust

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

DEBUG: bool = env.bool("DEBUG", False)
SECRET_KEY: str = env.str("SECRET_KEY", "")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
TIME_ZONE: str = env.str("NEWSROOM_TIME_ZONE", "Asia/Ho_Chi_Minh")
NEWSROOM_SOLO_DESK: bool = env.bool("NEWSROOM_SOLO_DESK", False)  # one person writes and approves; badges say so
NEWSROOM_SECOND_FACTOR: bool = env.bool("NEWSROOM_SECOND_FACTOR", not DEBUG)  # of whoever reviews or publishes
NEWSROOM_CHECK_LINKS: bool = env.bool("NEWSROOM_CHECK_LINKS", not DEBUG)  # asked by the worker
NEWSROOM_DEAD_LINKS: int = env.int("NEWSROOM_DEAD_LINKS", 20)  # more than so many, and `health` tells of them
NEWSROOM_NAME: str = env.str("NEWSROOM_NAME", "Newsroom")
NEWSROOM_URL: str = env.str("NEWSROOM_URL", "http://127.0.0.1:8000").rstrip("/")  # links in mail start with it
NEWSROOM_SECURITY_CONTACT: str = env.str("NEWSROOM_SECURITY_CONTACT", "")  # where to report a hole; https: or mailto:
NEWSROOM_TRUST: list[str] = env.list("NEWSROOM_TRUST", [])  # lines of trust.txt: member=https://…,social=https://…
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'newsroom.sqlite3'}", conn_max_age=60)
}
if env.str("DATABASE_REPLICA_URL", ""):  # a copy that follows it, and answers readers while it keeps up
    DATABASES["replica"] = env.dj_db_url("DATABASE_REPLICA_URL", conn_max_age=60)
DATABASE_POOL: int = env.int("DATABASE_POOL", 0)  # connections that the threads of a process share; 0: each has its own
CACHES = {"pages": env.dj_cache_url("CACHE_URL", "dummy:" if DEBUG else "locmem:")}  # readers' pages; redis://…
EDGE_PURGE_URL: str = env.str("EDGE_PURGE_URL", "")  # of an edge that keeps pages, and takes PURGE with Surrogate-Key
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")  # who shows it may read /metrics; without one there is none
LOG_FORMAT: str = env.str("LOG_FORMAT", "")  # "json" for a line of JSON each
SLOW_QUERY_MS: float = env.float("SLOW_QUERY_MS", 0)  # statements that take so long are told in the log; 0: none
BREACHED_PASSWORDS: str = env.str("BREACHED_PASSWORDS", "")  # a file of SHA-1 hashes in their order
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", 0)  # of one's own, each of which adds to X-Forwarded-For
BAKED_ROOT: str = env.str("BAKED_ROOT", "")  # a folder in which readers' pages are kept, for a server of files
HTTPS: bool = env.bool("HTTPS", not DEBUG)
HTTPS_HEADER: str = env.str("HTTPS_HEADER", "")  # by which whoever ends TLS in front says "https": X-Forwarded-Proto

if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set SECRET_KEY in the environment, or DEBUG=1 on your own machine.")
    SECRET_KEY = "only for a desk on this very machine, never on a network " * 2

if NEWSROOM_SECURITY_CONTACT and not NEWSROOM_SECURITY_CONTACT.startswith(("https://", "mailto:")):
    raise ImproperlyConfigured("NEWSROOM_SECURITY_CONTACT is an address that starts with https:// or mailto:.")

try:
    NEWSROOM_TRUST = trust.checked(NEWSROOM_TRUST)
except ValueError as error:
    raise ImproperlyConfigured(f"NEWSROOM_TRUST: {error}.") from error

if EDGE_PURGE_URL and not EDGE_PURGE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("EDGE_PURGE_URL is an address that starts with http:// or https://.")

if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN has at least 20 characters, as nobody guesses them.")

if BREACHED_PASSWORDS and not Path(BREACHED_PASSWORDS).is_file():
    raise ImproperlyConfigured("BREACHED_PASSWORDS is a file, and there is none.")

if LOG_FORMAT not in ("", "json"):
    raise ImproperlyConfigured("LOG_FORMAT is json, or not set.")
if BAKED_ROOT and not (
    validate_host(urlsplit(NEWSROOM_URL).hostname or "", ALLOWED_HOSTS)
    and (NEWSROOM_URL.startswith("https") or not HTTPS)
):
    raise ImproperlyConfigured("With BAKED_ROOT, NEWSROOM_URL is the address that readers use: an allowed host, https.")

# --- what is installed -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth.account",
    "allauth.mfa",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "js_asset",
    "django_prose_editor",
    "newsroom",
    "sources",
    "articles",
]

MIDDLEWARE = [
    "newsroom.page_cache.PageCacheMiddleware",  # outermost: what it keeps is what all the others made of a page
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.middleware.PermissionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsroom.middleware.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "newsroom.accounts.middleware.SecondFactorMiddleware",
]

if SLOW_QUERY_MS:
    MIDDLEWARE.insert(0, "newsroom.slow.SlowQueryMiddleware")

if LOG_FORMAT:
    MIDDLEWARE.insert(0, "newsroom.logs.RequestMiddleware")  # around all that may have something to say
if LOG_FORMAT or not DEBUG:  # without, Django mails what fails to administrators that nobody named
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"newsroom.logs.{'JsonLines' if LOG_FORMAT else 'Lines'}"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": "INFO" if LOG_FORMAT else "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO"},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "INFO" if LOG_FORMAT else "ERROR"},  # a page that is not there is no fault
        },
    }

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context_processors.site",
            ],
        },
    }
]

# --- the database ------------------------------------------------------------------------------------

if len({each["ENGINE"] for each in DATABASES.values()}) > 1:
    raise ImproperlyConfigured("DATABASE_REPLICA_URL is a copy of DATABASE_URL, and of the same kind.")

for _database in DATABASES.values():
    if _database["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE: a writer waits its turn instead of failing half-way. TRUNCATE and EXTRA: durable on the
        # SQLite releases that lack the fix of the WAL reset; recursive triggers: REPLACE meets the guards too.
        # Not trusted_schema=OFF: Django checks JSON columns by json_valid(), which SQLite 3.40 then calls unsafe.
        _database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; "
                "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA;"
            ),
        }
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    else:
        # What is kept open is looked at before it is used, which for readers the stamp does (`routing`); whoever lies
        # dead is soon noticed.
        _database["CONN_HEALTH_CHECKS"] = True
        _database["OPTIONS"] = {
            "prepare_threshold": 5,  # see `articles.models.invalidation`
            "connect_timeout": 3,  # seconds
            "tcp_user_timeout": 10_000,  # milliseconds
            "options": "-c lock_timeout=20s",  # as long as on SQLite: behind a lock nobody hangs for ever
            **_database.get("OPTIONS", {}),  # ?sslmode=verify-full, say, behind the URL
        }
        if DATABASE_POOL:
            _database["CONN_MAX_AGE"] = 0
            _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 5}

if "replica" in DATABASES:
    DATABASE_ROUTERS = ["newsroom.routing.Router"]
    MIDDLEWARE.insert(1, "newsroom.routing.ReplicaMiddleware")

# --- the cache ---------------------------------------------------------------------------------------

# Two caches. What lies in that of pages can be made anew at any time: it may be emptied, stopped, each process's own.
# What is counted of attempts to sign in, and which codes were used, must be the same for all processes and survive
# them: each restart and each further process would be so many attempts more. So that is kept in the database, which is
# there whenever somebody can sign in at all. No reader's page counts anything. allauth takes the cache that is called
# "default", and no other.
CACHES["default"] = {"BACKEND": "newsroom.accounts.counting.Counters"}

match CACHES["pages"]["BACKEND"].rsplit(".", 1)[1]:
    case "LocMemCache":
        CACHES["pages"]["OPTIONS"] = {"MAX_ENTRIES": 1_000}  # in every process; a page has some 8 kB
    case "RedisCache":  # bytes as they are: nothing that lies in a cache becomes an object
        _seconds = {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}  # rather make the page than wait for it
        CACHES["pages"]["OPTIONS"] = {"serializer": "newsroom.page_cache.AsItIs", **_seconds}

# --- languages ---------------------------------------------------------------------------------------

_codes: list[str] = env.list("NEWSROOM_LANGUAGES", ["vi", "en"])  # the first is the site's; README: "Another language"
if unknown := [code for code in _codes if code not in LANG_INFO]:
    raise ImproperlyConfigured(f"NEWSROOM_LANGUAGES has what is no language's code: {', '.join(unknown)}.")
LANGUAGES = [(code, unicodedata.normalize("NFC", LANG_INFO[code]["name_local"])) for code in _codes]
LANGUAGE_CODE = _codes[0]
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
FORMAT_MODULE_PATH = ["newsroom.formats"]
USE_TZ = True
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGE_CODE
MODELTRANSLATION_ENABLE_FALLBACKS = False  # an article's words never stand in for another language's

# --- people ------------------------------------------------------------------------------------------

LOGIN_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of before, made anew at the next sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if BREACHED_PASSWORDS:
    _breached = {"path": BREACHED_PASSWORDS}
    AUTH_PASSWORD_VALIDATORS += [{"NAME": "newsroom.accounts.breached.BreachedPasswordValidator", "OPTIONS": _breached}]
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
ACCOUNT_ADAPTER = "newsroom.accounts.adapter.People"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; asked for by a check
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever makes the account writes the address in
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_METHODS = ["password"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}  # by address, then by account; the others are allauth's
ACCOUNT_FORMS = {
    "login": "newsroom.accounts.forms.Login",
    "reauthenticate": "newsroom.accounts.forms.Reauthenticate",
    "change_password": "newsroom.accounts.forms.ChangePassword",
    "reset_password": "newsroom.accounts.forms.AskForLink",
    "reset_password_from_key": "newsroom.accounts.forms.NewPassword",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "newsroom.accounts.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # none is ever verified
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = NEWSROOM_NAME
MFA_TOTP_TOLERANCE = 1  # a code is good for half a minute before its time, and after
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost: browsers know passkeys nowhere else without TLS
MFA_FORMS = {
    "authenticate": "newsroom.accounts.forms.Code",
    "authenticate_webauthn": "newsroom.accounts.forms.Passkey",
    "login_webauthn": "newsroom.accounts.forms.PasskeyAlone",
    "activate_totp": "newsroom.accounts.forms.FirstCode",
    "add_webauthn": "newsroom.accounts.forms.NewPasskey",
}
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # sixty citations have seventeen each; a conflict asks for a choice beside them
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # an oversized text comes back to its writer with a sentence

UPLOAD_MAX_SIZE = 20 * 1024 * 1024  # of all the files of a request
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_HANDLERS = [
    "newsroom.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640
DECODERS = BASE_DIR / "var" / "decoders"  # whose files are held by the pictures that this machine decodes at the moment

# --- mail --------------------------------------------------------------------------------------------

_mail = env.dj_email_url("EMAIL_URL", "console:" if DEBUG else "smtp://localhost")
EMAIL_BACKEND, EMAIL_FILE_PATH = _mail["EMAIL_BACKEND"], _mail["EMAIL_FILE_PATH"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", "newsroom@localhost")

# --- the browser -------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = (f"HTTP_{HTTPS_HEADER.upper().replace('-', '_')}", "https") if HTTPS_HEADER else None
SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]  # asked by machines beside this one
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "script-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "report-uri": ["/policy-report"],  # which every browser knows; by report-to the page would need a header more
    }
}

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "newsroom.stylesheet.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT: Path = env.path("MEDIA_ROOT", BASE_DIR / "media")  # pictures: never served from there
try:  # cards can all be drawn again; whoever draws one twice writes the same file
    _storages = storage.kept(env.str("STORAGE_URL", ""), cards=BASE_DIR / "var" / "cards")
except ValueError as error:
    raise ImproperlyConfigured(f"STORAGE_URL: {error}.") from None
STORAGES = {
    **_storages,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- the admin's look --------------------------------------------------------------------------------

DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("js/prose.js")],
        # The sanitiser is our own, so the extensions need not describe themselves to the editor's.
        "extensions": dict.fromkeys(("CitationMark", "TextPicture", "ForeignWords", "FieldLabel"), "builtins.id"),
    }
]
UNFOLD = {
    "SITE_TITLE": NEWSROOM_NAME,
    "SITE_HEADER": NEWSROOM_NAME,
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "href": lambda request: static("icon.svg"), "type": "image/svg+xml"}],
    "SITE_SYMBOL": "newspaper",
    "SHOW_HISTORY": False,
    "SHOW_LANGUAGES": True,
    "STYLES": [lambda request: static("css/desk.css")],
    "DASHBOARD_CALLBACK": "articles.admin.desk.dashboard",
    "ACCOUNT": {"navigation": [{"title": gettext_lazy("Your account"), "link": reverse_lazy("mfa_index")}]},
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
}
