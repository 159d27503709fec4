"""What became of an article since it was first published: every change to it, and each version as it was."""

from collections.abc import Iterable
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import history as past
from articles import languages
from articles.addressing import article_url, history_url, url_in, version_url
from articles.models import Publication
from articles.states import LiveState

from .article import found, in_canonical_form
from .editions import Edition, editions_of, first_language, moved
from .lists import before_row, page


@require_safe
@conditional_page
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change to what readers had, the newest first; of a withdrawn article without a word of it."""
    language = request.LANGUAGE_CODE
    publication, public, languages_live = found(language, slug)
    live = publication.live if publication.state == LiveState.LIVE else None
    if live and live.slug != slug:
        return moved(history_url(language, live.slug), for_ever=publication.language == language)
    assert publication.live is not None  # it was published
    before = before_row(request)
    runs, older = past.page(publication, before)
    foreign = ""
    if live and publication.language != language:
        foreign = _("This article is not in %(language)s yet. This is the history of its %(original)s text.") % {
            "language": languages.name(language),
            "original": languages.name(publication.language),
        }
    own = history_url(publication.language, slug)
    editions = _editions(request, publication, public, slug)
    context = {
        "runs": runs,
        "before": before is not None,
        "older": older,
        "live": live,
        "language": publication.language,
        "foreign": foreign,
        "article": article_url(language, slug, publication.live.kind),
        "versions": own,  # each of them is below it
        "canonical": request.build_absolute_uri(own),
        "editions": editions.values(),
        "first_edition": editions[first_language(languages_live)].absolute if live else "",
    }
    return page(request, "history", context, status=200 if live else 410)


@require_safe
@conditional_page
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version as it was published, to be cited."""
    publication, public, _live = found(request.LANGUAGE_CODE, slug)
    try:
        edition = _edition(publication, number)
    except past.Gone as gone:
        return _gone(request, publication, public, slug, number, gone)
    if elsewhere := _elsewhere(request, publication, slug, "version", number):
        return elsewhere
    editions = _editions(request, publication, public, slug)
    article = article_url(publication.language, slug, edition.reading.kind)
    context = {
        "edition": edition,
        "reading": edition.reading,
        "newest": publication.live and publication.live.number,
        "article": article,
        "history": history_url(publication.language, slug),
        "record": url_in(publication.language, "version-record", slug, number),
        "canonical": request.build_absolute_uri(version_url(publication.language, slug, number)),
        "editions": [replace(each, url=request.path) if each.current else each for each in editions.values()],
    }
    return page(request, "version", context)


@require_safe
@conditional_page
def record_of_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """All that a stranger needs to check this version, in the canonical form that its digest is made of."""
    publication, public, _live = found(request.LANGUAGE_CODE, slug)
    try:
        edition = _edition(publication, number)
    except past.Gone as gone:
        return _gone(request, publication, public, slug, number, gone)
    return _elsewhere(request, publication, slug, "version-record", number) or in_canonical_form(edition.record())


def _elsewhere(
    request: HttpRequest, publication: Publication, slug: str, name: str, number: int
) -> HttpResponse | None:
    """To the version's own address; None where that is the one asked for."""
    live, own = publication.live, publication.language == request.LANGUAGE_CODE
    if live is None or (own and live.slug == slug):
        return None
    return moved(url_in(publication.language, name, live.slug, number), for_ever=own)


def _edition(publication: Publication, number: int) -> past.Edition:
    """Raises Http404 on a version that was never public, whether or not there is one; Gone on withdrawn words."""
    edition = past.edition(publication, number)
    if edition is None:
        raise Http404
    return edition


def _gone(
    request: HttpRequest,
    publication: Publication,
    public: Iterable[Publication],
    slug: str,
    number: int,
    gone: past.Gone,
) -> HttpResponse:
    """The reason in the place of the words."""
    context = {
        "number": number,
        "notice": gone.notice,
        "language": publication.language,
        "history": history_url(request.LANGUAGE_CODE, slug),
        "editions": _editions(request, publication, public, slug).values(),
    }
    return page(request, "version-withdrawn", context, status=410)


def _editions(
    request: HttpRequest, publication: Publication, public: Iterable[Publication], slug: str
) -> dict[str, Edition]:
    """Of the history, which is at the same address whatever kind its words are of."""
    assert publication.live is not None  # it was published
    return editions_of(
        request, public, slug, publication.live.kind, lambda language, slug, _kind: history_url(language, slug)
    )
