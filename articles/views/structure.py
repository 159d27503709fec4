"""The addresses that machines are told beside the words: of the desk, its policies, cards and authors."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from articles import cards, drawing, pixels, structured, wording
from articles.addressing import picture_url, record_url, url_in
from articles.drawing import Card
from articles.kinds import CONTACT_PAGE, POLICY_PAGES
from articles.models import Author
from articles.reading import Pictured, Reading
from articles.structured import Desk, Picture, Place, Told

from .editions import Edition


def card_url(reading: Reading, card: Card) -> str:
    return url_in(reading.language, "card", reading.slug, cards.key(card))


def picture(request: HttpRequest, reading: Reading) -> Picture:
    """The card of a reading, as pages name it to whoever shares them, also where there is a lead picture: it has the
    size that they ask for, where they would cut a crop of 16:9 once more, and it carries the three facts along.
    """
    card = cards.card(reading)
    address = request.build_absolute_uri(card_url(reading, card))
    return Picture(address, drawing.WIDTH, drawing.HEIGHT, cards.alt(card))


def crops(request: HttpRequest, lead: Pictured) -> tuple[Picture, ...]:
    """A lead picture in each ratio that search engines ask for."""
    return tuple(
        Picture(
            request.build_absolute_uri(picture_url(lead, width, "jpeg", ratio)), width, pixels.height_of(width, ratio)
        )
        for ratio, width in lead.told.items()
    )


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


def of_article(
    request: HttpRequest, reading: Reading, card: Picture, editions: Iterable[Edition], first: str, *, cropped: bool
) -> Told:
    """What machines read of an article, in the language of its words; `first` is the language published first;
    `cropped`, whether the crops of its lead picture are made.
    """
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
        crops=crops(request, reading.lead) if reading.lead and cropped else (),
    )
    with override(language):
        why = wording.meaning(reading.workings) if reading.shows_number else ""
        return structured.article(reading, desk(request, language), place, why=why)


def of_home(request: HttpRequest) -> Told:
    language = request.LANGUAGE_CODE
    url = request.build_absolute_uri(reverse("articles:home"))
    return structured.home(url=url, search=f"{url}search/", language=language, desk=desk(request, language))


def of_author(request: HttpRequest, author: Author, about: str, expertise: str, portrait: Pictured | None) -> Told:
    language = request.LANGUAGE_CODE
    address = portrait and request.build_absolute_uri(picture_url(portrait, portrait.widths[-1], "jpeg"))
    return structured.author(
        name=author.name,
        url=request.build_absolute_uri(reverse("articles:author", args=[author.slug])),
        about=about,
        expertise=expertise,
        language=language,
        desk=desk(request, language),
        portrait=Picture(address, portrait.widths[-1], portrait.height) if portrait and address else None,
    )
