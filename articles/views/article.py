"""One article: its page, its notice where it was withdrawn, and its record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import digest, languages
from articles import record as published_record
from articles.addressing import article_url, history_url, record_url
from articles.kinds import CorrectionKind
from articles.models import Correction, Publication
from articles.models.publication import PublicationQuerySet, answering
from articles.outdated import behind
from articles.states import LiveState

from . import structure
from .editions import Edition, editions_of, first_language, moved


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The change of substance in another language that the words on the page have not caught up with."""

    kind: CorrectionKind
    at: datetime
    edition: Edition

    @property
    def language(self) -> str:
        return languages.name(self.edition.language)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The article that was ever at `slug`, in the language of the address or, under a notice, in the one it has; be it
    asked for among the articles or among the pages about ourselves.
    """
    language = request.LANGUAGE_CODE
    publication, public, live = found(language, slug, Publication.objects.with_crops())
    if publication.state == LiveState.WITHDRAWN:
        return _withdrawn(request, publication, public, slug)
    assert publication.live is not None
    here = article_url(language, publication.live.slug, publication.live.kind)
    if request.path != here:
        return moved(here, for_ever=publication.language == language)
    corrected = [row for row in public if row.corrected]  # type: ignore[attr-defined]
    corrections = list(Correction.objects.told(corrected)) if corrected else []
    own = tuple(row.notice() for row in corrections if row.publication_id == publication.pk)
    reading = publication.reading(own)
    editions = editions_of(request, public, reading.slug, reading.kind)
    first = first_language(live)
    card = structure.picture(request, reading)
    foreign = ""
    if reading.language != language:
        foreign = _("This article is not in %(language)s yet. You are reading it in %(original)s.") % {
            "language": languages.name(language),
            "original": languages.name(reading.language),
        }
    return render(
        request,
        "articles/article.html",
        {
            "reading": reading,
            "words_language": reading.language,  # of the title and the description
            "home": reverse("articles:home"),
            "record": record_url(reading.language, reading.slug),
            "history": history_url(language, reading.slug),
            "editions": editions.values(),
            "canonical": editions[reading.language].absolute,
            "first_edition": editions[first].absolute,
            "card": card,
            "structured": structure.of_article(
                request, reading, card, editions.values(), first, cropped=publication.cropped
            ),
            "foreign": foreign,
            "overtaken": _overtaken(publication, public, corrections, editions),
        },
    )


@require_safe
@conditional_page
def record_of_article(request: HttpRequest, slug: str) -> HttpResponse:
    """All that a stranger needs to check the article at `slug`, in the canonical form that its digest is made of."""
    publication, _public, _live = found(request.LANGUAGE_CODE, slug)
    version, own = publication.live, publication.language == request.LANGUAGE_CODE
    if version and publication.state == LiveState.LIVE and not (own and version.slug == slug):
        return moved(record_url(publication.language, version.slug), for_ever=own)
    told = published_record.of(publication, Correction.objects.told([publication]).with_versions())
    return in_canonical_form(told)


def in_canonical_form(told: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(digest.canonical(told), content_type="application/json")
    response["ETag"] = f'"{digest.sha256(told)}"'
    response["Cache-Control"] = "no-cache"  # kept, but asked for anew: it changes with a reassessment
    return response


def found(
    language: str, slug: str, rows: PublicationQuerySet | None = None
) -> tuple[Publication, list[Publication], list[Publication]]:
    """Whose page `slug` is in `language`, every public language of it, and those that are live, among `rows` if any are
    given. Raises Http404.
    """
    public = (Publication.objects.all() if rows is None else rows).at(language, slug)
    if (publication := answering(public, language)) is None:
        raise Http404
    return publication, public, [row for row in public if row.state == LiveState.LIVE]


def _withdrawn(
    request: HttpRequest, publication: Publication, public: Iterable[Publication], slug: str
) -> HttpResponse:
    """The notice in the place of the words, none of which is on it."""
    withdrawal = Correction.objects.told([publication]).filter(kind=CorrectionKind.WITHDRAWAL).first()
    assert publication.live is not None  # its words are kept, and no longer told
    editions = editions_of(request, public, slug, publication.live.kind)
    context = {
        "withdrawal": withdrawal,
        "language": publication.language,
        "editions": editions.values(),
        "history": history_url(request.LANGUAGE_CODE, slug),
    }
    response = render(request, "articles/withdrawn.html", context, status=410)
    response["Cache-Control"] = "no-cache"  # left unsaid, a cache may keep a 410; these words may come back
    return response


def _overtaken(
    publication: Publication,
    public: Iterable[Publication],
    corrections: Iterable[Correction],
    editions: dict[str, Edition],
) -> Overtaken | None:
    """The newest change elsewhere that the words of `publication` are behind."""
    version, rows = publication.live, {row.pk: row for row in public}
    assert version is not None
    for row in corrections:
        elsewhere = row.publication_id != publication.pk and row.is_news
        if elsewhere and behind(version.pk, version.made_from_id, row.from_version_id, row.to_version_id):
            edition = editions[rows[row.publication_id].language]
            return Overtaken(CorrectionKind(row.kind), row.at, edition)
    return None
