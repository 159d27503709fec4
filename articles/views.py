"""The readers' pages: frozen words alone. No view here reads an Article."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import conditional_page, require_safe

from articles import calibration, cleaning, digest, languages, ledger, method, outcomes, policies, previewing, register
from articles import record as published_record
from articles.confidence import POLICY
from articles.kinds import CorrectionKind
from articles.models import Correction, Publication, ReviewStatus
from articles.models.publication import answering
from articles.outdated import behind
from articles.states import LiveState, Status

HOME_LENGTH = 30
LONGEST_QUERY = 100
LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Edition:
    """One language of the page in hand: its address, or the address that says why it is not there."""

    language: str
    url: str
    absolute: str
    current: bool
    exists: bool
    withdrawn: bool = False

    @property
    def name(self) -> str:
        return languages.own_name(self.language)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The change of substance in another language that the words on the page have not caught up with."""

    kind: CorrectionKind
    at: datetime
    edition: Edition

    @property
    def language(self) -> str:
        return languages.name(self.edition.language)


def article_url(language: str, slug: str) -> str:
    with override(language):
        return reverse("articles:article", args=[slug])


def record_url(language: str, slug: str) -> str:
    with override(language):
        return reverse("articles:record", args=[slug])


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
    publication, public, live = _found(language, slug)
    if publication.state == LiveState.WITHDRAWN:
        return _withdrawn(request, publication, public, slug)
    if publication.live and publication.live.slug != slug:
        moved = HttpResponsePermanentRedirect if publication.language == language else HttpResponseRedirect
        return moved(article_url(language, publication.live.slug))
    corrections = list(Correction.objects.told(public))
    own = tuple(row.notice() for row in corrections if row.publication_id == publication.pk)
    reading = publication.reading(own)
    editions = _editions(request, public, reading.slug)
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
            "home": reverse("articles:home"),
            "record": record_url(reading.language, reading.slug),
            "editions": editions.values(),
            "canonical": editions[reading.language].absolute,
            "first_edition": editions[min(live, key=lambda row: (row.first_published, row.pk)).language].absolute,
            "foreign": foreign,
            "overtaken": _overtaken(publication, public, corrections, editions),
        },
    )


@require_safe
@conditional_page
def record_of_article(request: HttpRequest, slug: str) -> HttpResponse:
    """All that a stranger needs to check the article at `slug`, in the canonical form that its digest is made of."""
    publication, _public, _live = _found(request.LANGUAGE_CODE, slug)
    version, own = publication.live, publication.language == request.LANGUAGE_CODE
    if version and publication.state == LiveState.LIVE and not (own and version.slug == slug):
        moved = HttpResponsePermanentRedirect if own else HttpResponseRedirect
        return moved(record_url(publication.language, version.slug))
    told = published_record.of(publication, Correction.objects.told([publication]).with_versions())
    response = HttpResponse(digest.canonical(told), content_type="application/json")
    response["ETag"] = f'"{digest.sha256(told)}"'
    response["Cache-Control"] = "no-cache"  # kept, but asked for anew: it changes with a reassessment
    return response


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """The ledger's head, to be noted and compared later; and whether it holds a fingerprint noted earlier."""
    noted = cleaning.line(request.GET.get("fingerprint", "")).lower()
    return render(
        request,
        "articles/record.html",
        {
            "head": ledger.head(),
            "noted": noted[:64],
            "found": ReviewStatus.objects.filter(hash=noted).only("at").first() if noted else None,
            "canonical": request.build_absolute_uri(request.path),
        },
    )


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The register, by tier; with `q`, those of that name."""
    listed = register.entries(request.LANGUAGE_CODE)
    query = cleaning.line(request.GET.get("q", ""))[:LONGEST_QUERY]
    found = register.matching(listed, query) if query else listed
    context = {"query": query, "any": bool(listed), "count": len(found), "tiers": register.by_tier(found)}
    return render(request, "articles/sources.html", context | _in_each_language(request, "sources"))


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    about = register.about(slug, request.LANGUAGE_CODE)
    if about is None:
        if (now_at := register.moved(slug)) is None:
            raise Http404
        return HttpResponsePermanentRedirect(reverse("articles:source", args=[now_at]))
    return render(request, "articles/source.html", {"about": about, **_in_each_language(request, "source", slug)})


@require_safe
def source_by_number(request: HttpRequest, pk: int) -> HttpResponse:
    """To a source's page from an article's, which knows numbers alone: an address may change, frozen words do not."""
    slug = register.slug_of(pk)
    if slug is None:
        raise Http404
    return HttpResponseRedirect(reverse("articles:source", args=[slug]))


@require_safe
def confidence(request: HttpRequest) -> HttpResponse:
    """The method, from the arithmetic itself."""
    context = {
        "method": method.method(policies.current()),
        "policies": policies.published(),
        "first": POLICY.version,
        "calibration": calibration.calibrated(outcomes.judged()),
        **_in_each_language(request, "confidence"),
    }
    return render(request, "articles/method.html", context)


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """One version for whoever holds the link. Kept nowhere, found by no search engine, told to no other site."""
    link = previewing.of_token(token, request.LANGUAGE_CODE)
    closed = previewing.closed(link) if link else ""
    if link and not closed:
        if request.method == "GET":
            previewing.opened(link)  # the one thing a GET writes here: a link handed out is answered for
        context = {
            "link": link,
            "reading": previewing.reading_of(link.version),
            "was_public": link.version.statuses.filter(status=Status.PUBLISHED).exists(),
        }
        response = render(request, "articles/preview.html", context)
    else:
        response = render(request, "articles/preview-closed.html", {"closed": closed}, status=410 if link else 404)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _found(language: str, slug: str) -> tuple[Publication, list[Publication], list[Publication]]:
    """Whose page `slug` is in `language`, every public language of it, and those that are live. Raises Http404."""
    public = Publication.objects.at(language, slug)
    if (publication := answering(public, language)) is None:
        raise Http404
    return publication, public, [row for row in public if row.state == LiveState.LIVE]


def _withdrawn(
    request: HttpRequest, publication: Publication, public: Iterable[Publication], slug: str
) -> HttpResponse:
    """The notice in the place of the words, none of which is on it."""
    withdrawal = Correction.objects.told([publication]).filter(kind=CorrectionKind.WITHDRAWAL).first()
    editions = _editions(request, public, slug)
    context = {"withdrawal": withdrawal, "language": publication.language, "editions": editions.values()}
    response = render(request, "articles/withdrawn.html", context, status=410)
    response["Cache-Control"] = "no-cache"  # left unsaid, a cache may keep a 410; these words may come back
    return response


def _in_each_language(request: HttpRequest, name: str, *arguments: str) -> dict[str, object]:
    """What the head and the header of a page need that is there in every language under the same address."""
    editions = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            url = reverse(f"articles:{name}", args=arguments)
        current = code == request.LANGUAGE_CODE
        editions.append(Edition(code, url, request.build_absolute_uri(url), current, exists=True))
    return {"editions": editions, "canonical": request.build_absolute_uri(request.path)}


def _editions(request: HttpRequest, public: Iterable[Publication], slug: str) -> dict[str, Edition]:
    """Each language of the site; one without words, for itself, is at the address of the words in hand: a slug, too,
    is made of words.
    """
    rows = {row.language: row for row in public}
    live = {code: row.live.slug for code, row in rows.items() if row.state == LiveState.LIVE and row.live}
    editions = {}
    for code, _name in settings.LANGUAGES:
        url = article_url(code, live.get(code, slug))
        editions[code] = Edition(
            language=code,
            url=url,
            absolute=request.build_absolute_uri(url),
            current=code == request.LANGUAGE_CODE,
            exists=code in live,
            withdrawn=code in rows and code not in live,
        )
    return editions


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
