"""Notes on the paragraphs of a text in review: written, answered, resolved; and where each stands in a later version.

The sole writer of Remark. Each write locks the article's publications, as the moves do: so no note slips in behind
an approval, which asks under the same lock whether one is open (`refusing`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from articles import cleaning, diff
from articles.contributing import wrote
from articles.models import Publication, Remark
from articles.refusing import Refused, not_you, refusal
from articles.states import MOVES, Move

LONGEST = 4_000  # characters
WHOLE = 0  # the number of the paragraph that is all of them

_MARKS = re.compile(r"\s*\[[0-9]+\]")  # a citation that changed its number changed no words


@dataclass(frozen=True, slots=True)
class Thread:
    """A first remark, what was said to it, and the paragraph it is about now: None where its words are gone."""

    first: Remark
    answers: list[Remark]
    paragraph: int | None

    @property
    def resolved(self) -> bool:
        return any(answer.resolves for answer in self.answers)


# --- refusals ----------------------------------------------------------------------------------------


def write_refusal(publication: Publication, by: User) -> str | None:
    """Why `by` cannot write a note now, or None: as for a request for changes, which is also a word to the author."""
    return refusal(publication, Move.REQUEST_CHANGES, by)


def answer_refusal(publication: Publication, by: User) -> str | None:
    """Why `by` cannot answer notes, or None; a text that was sent back is answered too."""
    moves = (Move.SUBMIT, Move.REQUEST_CHANGES)
    if all(not_you(publication, move, by) for move in moves):
        roles = get_text_list([str(MOVES[move].role.label) for move in moves], _("or"))
        return _("Only %(role)s may do this.") % {"role": roles}
    return None


def resolve_refusal(publication: Publication, by: User) -> str | None:
    """Why `by` cannot resolve notes now, or None."""
    if reason := refusal(publication, Move.REQUEST_CHANGES, by):
        return reason
    version = publication.in_review
    if version and wrote(version, by) and not settings.NEWSROOM_SOLO_DESK:
        return _("You contributed to this version, so somebody else has to resolve its notes.")
    return None


# --- writing -----------------------------------------------------------------------------------------


@transaction.atomic
def write(publication: Publication, *, by: User, version: int, paragraph: int, text: str) -> Remark:
    """Note `text` on a paragraph of the version numbered `version`, which is in review. Raises Refused."""
    publication = _held(publication)
    if reason := write_refusal(publication, by):
        raise Refused(reason)
    subject = publication.in_review
    assert subject is not None  # write_refusal refused otherwise
    if subject.number != version:
        raise Refused(_("Version %(number)d took its place meanwhile. Look again.") % {"number": subject.number})
    lines = diff.lines(subject.body)
    if not WHOLE <= paragraph <= len(lines):
        raise Refused(_("This version has no paragraph %(number)d.") % {"number": paragraph})
    return Remark.objects.create(
        publication=publication,
        version=subject,
        paragraph=paragraph,
        excerpt=lines[paragraph - 1] if paragraph else "",
        text=_written(text),
        by=by,
    )


@transaction.atomic
def answer(first: Remark, *, by: User, text: str, resolves: bool = False) -> Remark:
    """Answer the note `first`, or resolve it, with a word or without. Raises Refused."""
    publication = _held(first.publication)
    if reason := (resolve_refusal if resolves else answer_refusal)(publication, by):
        raise Refused(reason)
    if not Remark.objects.open().filter(pk=first.pk).exists():
        raise Refused(_("This note is resolved already. Write a new one."))
    return Remark.objects.create(
        publication=publication,
        version=publication.in_review or first.version,
        paragraph=first.paragraph,
        text="" if resolves and not cleaning.plain(text) else _written(text),
        by=by,
        thread=first,
        resolves=resolves,
    )


def _held(publication: Publication) -> Publication:
    """As it is now, locked with its siblings until the transaction ends."""
    rows = Publication.objects.of(publication.article_id).select_for_update(of=("self",)).select_related("in_review")
    return next(row for row in rows if row.pk == publication.pk)


def _written(text: str) -> str:
    clean = cleaning.plain(text)
    if not clean:
        raise Refused(_("Write what you have to say."))
    if len(clean) > LONGEST:
        raise Refused(
            _("This is %(length)d characters long; at most %(most)d can be kept.")
            % {"length": len(clean), "most": LONGEST}
        )
    return clean


# --- reading -----------------------------------------------------------------------------------------


def threads(publications: Iterable[Publication]) -> list[Thread]:
    """All that was noted on these, the oldest first; each where it stands in what is in review. One query."""
    in_review = {row.pk: row.in_review for row in publications if row.pk}
    found: dict[int, Thread] = {}

    @cache
    def lines(publication: int) -> list[str]:
        version = in_review[publication]
        return diff.lines(version.body) if version else []

    for remark in Remark.objects.filter(publication__in=list(in_review)).select_related("by", "version").order_by("pk"):
        if remark.thread_id:
            found[remark.thread_id].answers.append(remark)
            continue
        sent_back = in_review[remark.publication_id] is None  # then it stands where it was noted
        place = remark.paragraph if sent_back else placed(remark, lines(remark.publication_id))
        found[remark.pk] = Thread(remark, [], place)
    return list(found.values())


def placed(remark: Remark, lines: Sequence[str]) -> int | None:
    """The number of the paragraph that reads as the noted one did, the nearest to where it stood; None if none does."""
    if remark.paragraph == WHOLE:
        return WHOLE
    words = _MARKS.sub("", remark.excerpt)
    same = [number for number, line in enumerate(lines, 1) if _MARKS.sub("", line) == words]
    return min(same, key=lambda number: abs(number - remark.paragraph), default=None)
