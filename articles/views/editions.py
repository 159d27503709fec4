"""Which languages a page is there in, and at which addresses. What is on the page is no matter of this module's."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect

from articles import languages
from articles.addressing import article_url, url_in
from articles.models import Publication
from articles.states import LiveState


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

    @property
    def named(self) -> str:
        """In the reader's language."""
        return languages.name(self.language)


def moved(url: str, *, for_ever: bool) -> HttpResponse:
    """From an address that a page had, or `for_ever` False, that it has in another language. Never kept: a page may
    move back, and a browser that remembers both ways would go round in circles.
    """
    response = (HttpResponsePermanentRedirect if for_ever else HttpResponseRedirect)(url)
    response["Cache-Control"] = "no-cache"
    return response


def in_each_language(request: HttpRequest, name: str, *arguments: object) -> dict[str, object]:
    """What the head and the header of a page need that is there in every language under the same address."""
    return at_addresses(request, {code: url_in(code, name, *arguments) for code, _name in settings.LANGUAGES})


def at_addresses(request: HttpRequest, urls: Mapping[str, str]) -> dict[str, object]:
    """The same, of a page whose address is another in each language."""
    editions = [
        Edition(code, url, request.build_absolute_uri(url), code == request.LANGUAGE_CODE, exists=True)
        for code, url in urls.items()
    ]
    return {"editions": editions, "canonical": next(each.absolute for each in editions if each.current)}


def first_language(live: Iterable[Publication]) -> str:
    """That in which these live languages of an article were published first: for whoever reads none of them."""
    return min(live, key=lambda row: (row.first_published, row.pk)).language


def editions_of(
    request: HttpRequest,
    public: Iterable[Publication],
    slug: str,
    kind: str,
    address: Callable[[str, str, str], str] = article_url,
) -> dict[str, Edition]:
    """Each language of the site; one without words, for itself, is at the address of the words in hand: a slug, too,
    is made of words. `address` is that of the page in hand, by language, slug and kind.
    """
    rows = {row.language: row for row in public}
    live = {
        code: (row.live.slug, row.live.kind) for code, row in rows.items() if row.state == LiveState.LIVE and row.live
    }
    editions = {}
    for code, _name in settings.LANGUAGES:
        url = address(code, *live.get(code, (slug, kind)))
        editions[code] = Edition(
            language=code,
            url=url,
            absolute=request.build_absolute_uri(url),
            current=code == request.LANGUAGE_CODE,
            exists=code in live,
            withdrawn=code in rows and code not in live,
        )
    return editions
