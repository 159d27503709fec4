"""The addresses that machines are told beside the words: of the desk, its policies, cards and authors."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from articles import cards, drawing, structured, wording
from articles.addressing import record_url, url_in
from articles.drawing import Card
from articles.kinds import CONTACT_PAGE, POLICY_PAGES
from articles.models import Author
from articles.reading import Reading
from articles.structured import Desk, Picture, Place, Told

from .editions import Edition


def card_url(reading: Reading, card: Card) -> str:
    return url_in(reading.language, "card", reading.slug, cards.key(card))


def picture(request: HttpRequest, reading: Reading) -> Picture:
    """The card of a reading, as pages name it."""
    card = cards.card(reading)
    address = request.build_absolute_uri(card_url(reading, card))
    return Picture(address, drawing.WIDTH, drawing.HEIGHT, cards.alt(card))


def desk(request: HttpRequest, language: str) -> Desk:
    """Who publishes, with the pages of `language` about it."""

    def at(name: str, *arguments: str) -> str:
        return request.build_absolute_uri(url_in(language, name, *arguments))

    return Desk(
        name=settings.NEWSROOM_NAME,
        url=request.build_absolute_uri("/"),
        logo=cards.sign(request),
        policies={
            "publishingPrinciples": at("confidence"),
            **{policy: at("about", slug) for policy, slug in POLICY_PAGES.items()},
        },
        contact=at("about", CONTACT_PAGE),
    )


def of_article(request: HttpRequest, reading: Reading, card: Picture, editions: Iterable[Edition], first: str) -> Told:
    """What machines read of an article, in the language of its words; `first` is the language published first."""
    language = reading.language
    others = {each.language: each.absolute for each in editions if each.exists}
    page = others.pop(language)
    place = Place(
        page=page,
        record=request.build_absolute_uri(record_url(language, reading.slug)),
        card=card,
        authors={
            each.number: request.build_absolute_uri(url_in(language, "author-by-number", each.number))
            for each in reading.byline
        },
        translations=others if first == language else {},
        original={} if first == language else {first: others[first]},
        zone=timezone.get_current_timezone(),
    )
    with override(language):
        why = wording.meaning(reading.workings) if reading.shows_number else ""
        return structured.article(reading, desk(request, language), place, why=why)


def of_home(request: HttpRequest) -> Told:
    language = request.LANGUAGE_CODE
    url = request.build_absolute_uri(reverse("articles:home"))
    return structured.home(url=url, search=f"{url}search/", language=language, desk=desk(request, language))


def of_author(request: HttpRequest, author: Author, about: str, expertise: str) -> Told:
    language = request.LANGUAGE_CODE
    return structured.author(
        name=author.name,
        url=request.build_absolute_uri(reverse("articles:author", args=[author.slug])),
        about=about,
        expertise=expertise,
        language=language,
        desk=desk(request, language),
    )
