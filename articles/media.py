"""How a picture's bytes are answered: as what they are, to be drawn and nothing else."""

from io import BytesIO

from csp.constants import NONE
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from articles import storing
from articles.imaging import Unusable

NOT_KEPT = "no-store"
POLICY = dict.fromkeys(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]) | {"default-src": [NONE], "sandbox": True}


def stored(file: FieldFile, content_type: str, cache: str) -> HttpResponse | FileResponse:
    """Read whole before anything is answered: a storage that fails in the middle would leave half a picture, kept for
    ever. Never a redirect to the storage: pages let pictures come from this site alone.
    """
    response: HttpResponse | FileResponse
    try:
        response = FileResponse(BytesIO(storing.read(file)), content_type=content_type)
    except FileNotFoundError as lost:
        raise Http404 from lost
    except Unusable as unusable:
        response = HttpResponse(unusable.reason, "text/plain; charset=utf-8", 503, headers={"Retry-After": "60"})
        cache = NOT_KEPT
    _told(response, cache)
    return response


def drawn(data: str, content_type: str, cache: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    _told(response, cache)
    return response


def _told(response: HttpResponseBase, cache: str) -> None:
    response._csp_replace = POLICY  # type: ignore[attr-defined]
    response["Cache-Control"] = cache
