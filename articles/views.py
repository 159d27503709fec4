"""The readers' pages: frozen words alone. No view here reads an Article."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from articles import languages
from articles.models import Publication

HOME_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Edition:
    """One language of the page in hand: its address, or the address that says it is not there yet."""

    language: str
    url: str
    absolute: str
    current: bool
    exists: bool

    @property
    def name(self) -> str:
        return languages.own_name(self.language)


def article_url(language: str, slug: str) -> str:
    with override(language):
        return reverse("articles:article", args=[slug])


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = Publication.objects.live(request.LANGUAGE_CODE).for_readers()[:HOME_LENGTH]
    return render(
        request,
        "articles/home.html",
        {
            "readings": [publication.reading() for publication in newest],
            "canonical": request.build_absolute_uri(request.path),
            "homes": [(code, request.build_absolute_uri(f"/{code}/")) for code, _name in settings.LANGUAGES],
            "front": request.build_absolute_uri("/"),
        },
    )


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The article that was ever at `slug`, in the language of the address or, under a notice, in the one it has."""
    language = request.LANGUAGE_CODE
    live = Publication.objects.at(language, slug)
    if not live:
        raise Http404
    publication = next((row for row in live if row.language == language), live[0])
    reading = publication.reading()
    if reading.slug != slug:
        moved = HttpResponsePermanentRedirect if reading.language == language else HttpResponseRedirect
        return moved(article_url(language, reading.slug))
    editions = [_edition(request, code, live, reading.slug) for code, _name in settings.LANGUAGES]
    foreign = ""
    if reading.language != language:
        foreign = _("This article is not in %(language)s yet. You are reading it in %(original)s.") % {
            "language": languages.name(language),
            "original": languages.name(reading.language),
        }
    absolute = {edition.language: edition.absolute for edition in editions}
    return render(
        request,
        "articles/article.html",
        {
            "reading": reading,
            "home": reverse("articles:home"),
            "editions": editions,
            "canonical": absolute[reading.language],
            "first_edition": absolute[min(live, key=lambda row: (row.first_published, row.pk)).language],
            "foreign": foreign,
        },
    )


def _edition(request: HttpRequest, language: str, live: list[Publication], slug: str) -> Edition:
    own = next((row.live.slug for row in live if row.language == language and row.live), None)
    url = article_url(language, own or slug)
    return Edition(language, url, request.build_absolute_uri(url), language == request.LANGUAGE_CODE, own is not None)
