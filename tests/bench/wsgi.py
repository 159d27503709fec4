"""The desk, and beside it in the same process what it is measured by, under /bench/: a constant answer without any
middleware, views as one would write them by hand under the middleware that Django starts a project with, and rows
streamed as they come.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

desk = get_wsgi_application()
USUAL = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class Beside(WSGIHandler):
    """Django with middleware and addresses of its own."""

    def __init__(self, middleware: list[str]) -> None:
        with override_settings(MIDDLEWARE=middleware):
            super().__init__()

    def get_response(self, request: Any) -> Any:
        request.urlconf = "tests.bench.views"
        return super().get_response(request)


bare, usual = Beside([]), Beside(USUAL)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path.startswith("/bench/constant/"):
        return bare(environ, start_response)
    return (usual if path.startswith("/bench/") else desk)(environ, start_response)
