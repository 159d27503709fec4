"""Where an article stands and what can be done with it now, for the desk's screens. Derived, never stored."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles import addressing, languages, refusing, remarks
from articles.assessing import Assessment, assess
from articles.contributing import newest_beside
from articles.freezing import cited
from articles.models import Article, Citation, Publication, ReviewStatus, Version
from articles.models.publication import to_translate_from
from articles.states import MOVES, LiveState, Move, Place, Status

SCREENS = (Move.APPROVE, Move.REASSESS)  # where notes are resolved and citations verified


@dataclass(frozen=True, slots=True)
class Offer:
    """A move, and the reason why it is not open to this person now (None: it is). `url` is empty for a submission.

    A submission may be tried all the same when what is missing can be what was typed since: it saves first. So may the
    moves of SCREENS: what stands in their way can be cleared there.
    """

    move: Move
    reason: str | None
    url: str
    may_try: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One language of an article: its places, the last word said about it, and the moves."""

    language: str
    name: str
    publication: Publication
    places: list[Place]
    sent_back: ReviewStatus | None
    offers: list[Offer]
    public_url: str
    judge_url: str  # where it is judged whether the claim stood; "" of what was never public
    threads: list[remarks.Thread]  # notes on its text that are open
    no_answer: str | None
    no_resolution: str | None
    source: str  # the language that this one is best made from, by name; "" where there is none
    translate_url: str
    beside: Version | None  # what a submission from here newly counts as made beside, whether or not it was looked at


def of(article: Article, *, by: User) -> list[Standing]:
    """The standing of each language of `article`, with the moves that `by` may or may not make."""
    standing_rows = Publication.objects.of(article.pk).with_versions().select_related("article")
    rows = {row.language: row for row in standing_rows}
    notes = [thread for thread in remarks.threads(rows.values()) if not thread.resolved]
    return [
        _standing(
            rows.get(code) or Publication(article=article, language=code),
            by,
            notes,
            rows.values(),
        )
        for code, _name in settings.LANGUAGES
    ]


def in_words(publications: Iterable[Publication]) -> str:
    """As in "vi: live, in review · en: draft"."""
    places = {row.language: row.places for row in publications}
    return " · ".join(
        f"{code}: {', '.join(str(place.label) for place in places.get(code, [Place.DRAFT]))}"
        for code, _name in settings.LANGUAGES
    )


def preview(article: Article, citations: Iterable[Citation] | None = None) -> Assessment | list[str]:
    """The confidence that the working copy would have, with these in place of its citations; or the sentences that say
    why it cannot be computed.
    """
    if citations is None:
        citations = article.citations.select_related("source", "origin")
    try:
        kept = cited(citations, settings.LANGUAGES[0][0])
        return assess(Version(article=article, citations=kept, contributors=[]))
    except ValidationError as error:
        return error.messages


def public_url(publication: Publication) -> str:
    if publication.state != LiveState.LIVE or publication.live is None:
        return ""
    return addressing.article_url(publication.language, publication.live.slug, publication.live.kind)


def change_url(article: Article) -> str:
    return article_url(article.pk)


def article_url(pk: int) -> str:
    return reverse("admin:articles_article_change", args=[pk])


def translate_url(pk: int, source: str, language: str) -> str:
    """The screen on which `language` of the article is written beside its `source` language."""
    return reverse("admin:articles_article_translate", args=[pk, source, language])


def review_url(publication: Publication) -> str:
    return reverse("admin:articles_publication_review", args=[publication.pk])


def reassess_url(publication: Publication) -> str:
    return reverse("admin:articles_publication_reassess", args=[publication.pk])


def judge_url(publication: Publication, version: int) -> str:
    return reverse("admin:articles_publication_judge", args=[publication.pk, version])


def move_url(publication: Publication, move: Move) -> str:
    if move == Move.APPROVE:
        return review_url(publication)
    if move == Move.REASSESS:
        return reassess_url(publication)
    return reverse("admin:articles_publication_move", args=[publication.pk, move.value]) if publication.pk else ""


def _standing(
    publication: Publication, by: User, notes: list[remarks.Thread], rows: Collection[Publication]
) -> Standing:
    source, beside = to_translate_from(rows, publication.language), newest_beside(publication, rows)
    before = publication.approved or publication.live
    here = set(publication.places)
    if not publication.in_review:
        here.add(Place.DRAFT)
    return Standing(
        language=publication.language,
        name=languages.name(publication.language),
        publication=publication,
        places=publication.places,
        sent_back=_sent_back(publication),
        offers=[_offer(publication, move, by) for move, rule in MOVES.items() if rule.start in here],
        public_url=public_url(publication),
        judge_url=judge_url(publication, publication.live.number) if publication.live else "",
        threads=[thread for thread in notes if thread.first.publication_id == publication.pk],
        no_answer=remarks.answer_refusal(publication, by),
        no_resolution=remarks.resolve_refusal(publication, by),
        source=languages.name(source.language) if source else "",
        translate_url=translate_url(publication.article_id, source.language, publication.language) if source else "",
        beside=None if beside and before and before.made_from_id == beside.pk else beside,
    )


def _offer(publication: Publication, move: Move, by: User) -> Offer:
    reason = refusing.refusal(publication, move, by)
    if move == Move.SUBMIT:
        return Offer(move, reason, "", refusing.not_you(publication, move, by) is None and not publication.in_review)
    looked_at = move in SCREENS and refusing.not_you(publication, move, by) is None
    return Offer(move, reason, move_url(publication, move), reason is None or looked_at)


def _sent_back(publication: Publication) -> ReviewStatus | None:
    """The request for changes that nobody has answered yet: the last word on this language, if it is one."""
    if publication.in_review or not publication.pk:
        return None
    last = (
        ReviewStatus.objects.filter(version__article=publication.article_id, version__language=publication.language)
        .order_by("-pk")
        .first()
    )
    return last if last and last.status == Status.CHANGES_REQUESTED else None
