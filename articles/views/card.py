"""The card picture of an article, drawn of what is live alone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from articles import cards, purging
from articles.models import Publication
from articles.models.publication import answering
from articles.states import LiveState

from .structure import card_url

FOR_EVER = "public, max-age=31536000, immutable"  # another picture has another address


@require_safe
def card(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The picture of the article at `slug`; whoever asks by an old `key` or slug is sent to the present one."""
    publication = answering(Publication.objects.at(request.LANGUAGE_CODE, slug), request.LANGUAGE_CODE)
    if publication is None:
        raise Http404
    if publication.state == LiveState.WITHDRAWN:
        return _unkept(HttpResponse(status=410))
    reading = publication.reading()
    drawn = cards.card(reading)
    if (now_at := card_url(reading, drawn)) != request.path:
        return _unkept(HttpResponseRedirect(now_at))
    response = HttpResponse(cards.picture(drawn), content_type="image/png", headers={"Cache-Control": FOR_EVER})
    if settings.EDGE_PURGE_URL:  # the headline is on it
        response["Surrogate-Key"] = f"{purging.SITE} {purging.key_at(slug)}"
    return response


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    return response
