"""How a picture's bytes are answered: as what they are, to be drawn and nothing else."""

from csp.constants import NONE
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

POLICY = dict.fromkeys(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]) | {"default-src": [NONE], "sandbox": True}


def stored(file: FieldFile, content_type: str, cache: str) -> FileResponse:
    response = FileResponse(file.open(), content_type=content_type)
    _told(response, cache)
    return response


def drawn(data: str, content_type: str, cache: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    _told(response, cache)
    return response


def _told(response: HttpResponseBase, cache: str) -> None:
    response._csp_replace = POLICY  # type: ignore[attr-defined]
    response["Cache-Control"] = cache
