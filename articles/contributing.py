"""Who made the words of a version, and what they were made beside. Asked by the moves and by their refusals."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from articles import outdated
from articles.models import Correction, Edit, Photo, Publication, Version
from articles.states import LiveState


def contributors(publication: Publication, version: Version, *, by: User) -> list[dict[str, Any]]:
    """Who made the words of `version`, which `by` submits: editors of this language or of what is shared since the one
    that was last approved was frozen, whoever ever described a picture of it, the people of the byline, and `by`.

    Edits made while that version was in review are not in it and count for the next: hence its last edit, not a time.
    """
    base = publication.approved or publication.live
    edits = publication.article.edits.filter(language__in=(publication.language, Edit.SHARED))
    if base:
        edits = edits.filter(pk__gt=base.last_edit_id)
    photos = [picture["photo"] for picture in version.pictures]
    people = (
        User.objects.filter(models.Q(pk=by.pk) | models.Q(author__articles=publication.article_id))
        | User.objects.filter(pk__in=edits.values("by"))
        | User.objects.filter(pk__in=Photo.hands.through.objects.filter(photo__in=photos).values("user"))
    ).distinct()
    return named(people.order_by("pk"))


def named(people: Iterable[User]) -> list[dict[str, Any]]:
    """These, as a version keeps its contributors."""
    return [{"id": user.pk, "name": user.get_full_name() or user.get_username()} for user in people]


def wrote(version: Version, by: User) -> bool:
    """Whether `by` contributed to it or stands in its byline: an account may be given to an author later."""
    author = getattr(by, "author", None)
    named = author is not None and author.pk in {person["id"] for person in version.byline}
    return named or by.pk in {person["id"] for person in version.contributors}


def ever_contributed(article_id: int) -> set[int]:
    return set(Edit.objects.filter(article=article_id).values_list("by", flat=True)) | set(
        User.objects.filter(author__articles=article_id).values_list("pk", flat=True)
    )


def translated_from(publication: Publication) -> Version | None:
    """The version of another language that this one was made beside: the newest that went through review. None where
    that was withdrawn: this one stands alone.
    """
    rows = Publication.objects.of(publication.article_id).exclude(language=publication.language)
    return newest_beside(publication, rows.select_related("live", "approved"))


def newest_beside(publication: Publication, rows: Iterable[Publication]) -> Version | None:
    """The same, among `rows`, those of its article."""
    others = [row for row in rows if row.language != publication.language and row.state != LiveState.WITHDRAWN]
    versions = [version for other in others if (version := other.live or other.approved)]
    return max(versions, key=lambda version: version.pk, default=None)


def caught_up(publication: Publication, before: Version, version: Version) -> Correction | None:
    """The newest change in another language that `version` was made beside and `before` was behind."""

    def behind(one: Version, change: Correction) -> bool:
        return outdated.behind(one.pk, one.made_from_id, change.from_version_id, change.to_version_id)

    news = Correction.objects.news(publication)
    return next((change for change in news if behind(before, change) and not behind(version, change)), None)
