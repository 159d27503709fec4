"""The desk's own settings, as a production server has them, and the templates of what it is measured beside."""

from newsroom.settings import *  # noqa: F403
from newsroom.settings import BASE_DIR, TEMPLATES

TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "bench" / "templates"]
WSGI_APPLICATION = "tests.bench.wsgi.application"
