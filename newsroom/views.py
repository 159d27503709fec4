"""The door, what it tells machines, and the two pages that stand where a page should be."""

import errno
import hmac
import sys
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from articles.models import Heartbeat
from articles.views import structure
from newsroom import health, reports
from newsroom.context_processors import site

RETRY_AFTER = "30"  # seconds


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def front(request: HttpRequest) -> HttpResponse:
    """To the home page in the reader's language."""
    return HttpResponseRedirect(f"/{get_language_from_request(request)}/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """All may be read by machines but the desk, and what was handed out to one person."""
    closed = ["/admin/", "/accounts/", *(f"/{code}/preview/" for code, _name in settings.LANGUAGES)]
    maps = [request.build_absolute_uri(reverse(name)) for name in ("sitemap", "news-sitemap")]
    return _lines(
        "User-agent: *", *(f"Disallow: {path}" for path in closed), "", *(f"Sitemap: {address}" for address in maps)
    )


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a hole (RFC 9116), for less than a year from now, as the standard asks."""
    if not settings.NEWSROOM_SECURITY_CONTACT:
        raise Http404
    expires = datetime.combine(timezone.now().astimezone(UTC), time(), UTC) + timedelta(days=365)
    return _lines(
        f"Contact: {settings.NEWSROOM_SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {request.build_absolute_uri(reverse('security'))}",
    )


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Whom the desk is related to, where it says what of itself, and how to reach it (JournalList's trust.txt)."""
    desks = [structure.desk(request, code) for code, _name in settings.LANGUAGES]
    disclosures = [f"disclosure={address}" for desk in desks for address in desk.policies.values()]
    contacts = [f"contact={address}" for address in [*(desk.contact for desk in desks), *_security_contact()]]
    return _lines(*settings.NEWSROOM_TRUST, *disclosures, *contacts)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For whoever asks at the door without reading a page."""
    return HttpResponseRedirect(static("favicon.ico"))


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers; nobody else is asked."""
    return _lines("ok")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 where readers get no pages; with `?all`, also where anything else is not as it should be. What is wrong, the
    log and the command `health` say.
    """
    faults = health.lately()
    wanting = [check for check, fault in faults.items() if fault and (check in health.NEEDED or "all" in request.GET)]
    lines = [f"{check}: {'failed' if fault else 'ok'}" for check, fault in faults.items()]
    return _lines(*lines, status=503 if wanting else 200)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """What can be counted, for Prometheus and whoever reads its format; for who shows the token."""
    shown = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN:
        raise Http404
    if not hmac.compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return _lines(*health.measures())


@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """How the desk runs, and what failed: for superusers, in the admin."""
    if not request.user.is_superuser:
        raise PermissionDenied
    context = {
        "title": _("How the desk runs"),
        "faults": [(health.LABELS[name], fault) for name, fault in health.all_faults().items()],
        "heard": Heartbeat.objects.first(),
        "failures": health.failures(),
    }
    return TemplateResponse(request, "admin/running.html", {**admin.site.each_context(request), **context})


@csrf_exempt  # by browsers, of themselves: none has a token, and nothing is changed
@require_POST
@never_cache
def policy_report(request: HttpRequest) -> HttpResponse:
    """What a browser reports of a page of ours; see `reports`."""
    body = request.read(reports.LARGEST + 1)
    if len(body) > reports.LARGEST or request.content_type not in reports.TYPES:
        return HttpResponseBadRequest()
    try:
        told = reports.told(request.content_type, body)
    except reports.Unread:
        return HttpResponseBadRequest()
    for report in told:
        reports.lines.tell(report)
    return HttpResponse(status=204)


def _security_contact() -> list[str]:
    return [settings.NEWSROOM_SECURITY_CONTACT] if settings.NEWSROOM_SECURITY_CONTACT else []


def _lines(*lines: str, status: int = 200) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8", status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, and of the request its address alone: either may be what failed. 503 where the
    database or the disk is stopped, locked or full, which passes.
    """
    error = sys.exc_info()[1]
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    passes = full or isinstance(error, OperationalError | InterfaceError)
    context = site(request) | {"at_desk": request.path.startswith(reverse("admin:index"))}
    response = render(None, "500.html", context, status=503 if passes else 500)
    if passes:
        response["Retry-After"] = RETRY_AFTER
    return response
