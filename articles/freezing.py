"""From the working copy to what submitting would freeze: the words cleaned, the names and citations as they are now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from articles import cleaning
from articles.kinds import Kind
from articles.models import Article, Author, Citation, Photo, Version
from articles.models.citation import web_address
from sources.models import Source


@dataclass(frozen=True, slots=True)
class Frozen:
    """An unsaved version, and the keys of marks in its text whose citation is gone; the numbers of pictures in its text
    that the desk has not, and of those that stand in more than one place.
    """

    version: Version
    lost_marks: list[int]
    lost_pictures: list[int]
    repeated: list[int]


def freeze(article: Article, language: str) -> Frozen:
    """What `article` reads in `language` now. Raises ValidationError as `frozen` does."""
    citations = list(article.citations.select_related("source", "origin"))
    return frozen(article, language, citations, article.authors.order_by("name", "pk"))


def frozen(article: Article, language: str, citations: Sequence[Citation], authors: Iterable[Author]) -> Frozen:
    """`freeze` of an article with these citations and authors, in their order: no query, but for the
    pictures of its text. Raises ValidationError when
    its text is beyond all bounds, and when a citation's address is none that a reader could follow.
    """

    def words(field: str) -> str:
        return cleaning.line(getattr(article, f"{field}_{language}") or "")

    numbers = {citation.key: number for number, citation in enumerate(citations, 1)}
    body = cleaning.rich(getattr(article, f"body_{language}") or "")
    lost = [key for key in cleaning.marks(body) if key not in numbers]
    shown = cleaning.pictures(body)
    photos = Photo.objects.select_related("file").in_bulk(shown) if shown else {}
    leads = [article.lead] if article.lead else []
    inside = [photos[pk] for pk in dict.fromkeys(shown) if pk in photos and pk != article.lead_id]
    places = Counter([*(lead.pk for lead in leads), *shown])
    category = article.category if article.kind != Kind.PAGE else None  # a page about ourselves stands in none
    heading = category.named(language) if category else None
    version = Version(
        article=article,
        language=language,
        headline=words("headline"),
        summary=words("summary"),
        body=body if lost else cleaning.renumbered(body, numbers),
        slug=words("slug"),
        claim=words("claim") or words("headline"),
        kind=article.kind,
        machine=article.machine,
        translator=words("translator"),
        category=category,
        category_name=cleaning.line(heading.text) if heading and heading.language == language else "",
        byline=[{"id": author.pk, "name": cleaning.line(author.name)} for author in authors],
        citations=cited(citations, language),
        pictures=[
            _pictured(number, "lead" if photo in leads else "text", photo, language)
            for number, photo in enumerate([*leads, *inside], 1)
        ],
        contributors=[],
    )
    version.digest = version.computed_digest()
    return Frozen(
        version,
        sorted(set(lost)),
        sorted({*shown} - photos.keys()),
        sorted(pk for pk, count in places.items() if count > 1),
    )


def cited(citations: Iterable[Citation], language: str) -> list[dict[str, Any]]:
    """These in their order, as a version keeps them. Raises ValidationError on an address that is none."""
    return [_cited(number, citation, language) for number, citation in enumerate(citations, 1)]


def _cited(number: int, citation: Citation, language: str) -> dict[str, Any]:
    return {
        "number": number,
        "url": _address(citation.url),
        "title": cleaning.line(citation.title),
        "title_language": citation.title_language,
        "source": _named(citation.source, language),
        "origin": _named(citation.origin, language) if citation.origin and not citation.first_hand else None,
        "stance": str(citation.stance),
        "first_hand": citation.first_hand,
        "quote": cleaning.line(citation.quote),
        "locator": cleaning.line(citation.locator),
        "accessed": citation.accessed.isoformat() if citation.accessed else "",
        "archive_url": citation.archive_url and _address(citation.archive_url),
    }


def _pictured(number: int, place: str, photo: Photo, language: str) -> dict[str, Any]:
    def words(field: str) -> str:
        return cleaning.line(getattr(photo, f"{field}_{language}") or "")

    return {
        "number": number,
        "place": place,
        "photo": photo.pk,
        "hash": photo.file_id,
        "width": photo.file.width,
        "height": photo.file.height,
        "colour": photo.file.colour,
        "focal_x": photo.focal_x,
        "focal_y": photo.focal_y,
        "alt": "" if photo.decorative else words("alt"),
        "decorative": photo.decorative,
        "caption": words("caption"),
        "credit": cleaning.line(photo.credit),
        "licence": cleaning.line(photo.licence),
        "source_url": photo.source_url and _address(photo.source_url),
    }


def _address(url: str) -> str:
    web_address(url)
    return url.strip()


def _named(source: Source, language: str) -> dict[str, Any]:
    name = source.named(language)
    return {"id": source.pk, "name": cleaning.line(name.text), "language": name.language}
