"""What the article's page says of its confidence, as plain lines for a terminal: the same rows, in the same words."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _

from articles import wording
from articles.addressing import ARTICLE, PAGE, RECORD
from articles.models import Correction, Publication
from articles.models.publication import answering
from articles.reading import Cited, Reading, Review
from articles.states import LiveState


def found(url: str) -> Publication | None:
    """The public article whose page or record is at `url`, whole or without its host; None where there is none."""
    try:
        path = urlsplit(url.strip()).path
        language = get_language_from_path(path)
        with override(language):
            match = resolve(path)
    except (ValueError, Resolver404):
        return None
    if match.view_name not in [f"articles:{name}" for name in (ARTICLE, PAGE, RECORD)]:
        return None
    return answering(Publication.objects.at(language or "", match.kwargs["slug"]), language or "")


def lines(publication: Publication) -> Iterator[str]:
    """In the active language; what people wrote stays in theirs."""
    corrections = Correction.objects.told([publication])
    if publication.state == LiveState.LIVE:
        yield from _of_reading(publication.reading(tuple(row.notice() for row in corrections)))
        return
    yield _("This article was withdrawn")
    yield from _told(corrections)


def _of_reading(reading: Reading) -> Iterator[str]:
    yield reading.headline
    yield ""
    if reading.shows_number:
        yield from _workings(reading)
    else:
        kind = capfirst(str(reading.kind.label))
        yield _("%(kind)s: makes no claim of fact that a number could be of") % {"kind": kind}
    yield ""
    if reading.review:
        yield from _review(reading.review)
    if reading.notices:
        yield _("Corrections")
        yield from _told(reading.notices)
    else:
        yield _("Corrections: none so far")
    yield _("Version %(number)d, SHA-256 %(digest)s") % {"number": reading.number, "digest": reading.digest}


def _workings(reading: Reading) -> Iterator[str]:
    workings, cited = reading.workings, {each.number: each for each in reading.citations}
    yield _("The claim:") + f" “{reading.claim}”"
    yield wording.meaning(workings)
    if reading.rated:
        yield _(
            "If its sources are more or less reliable than their records say, it could be anything from %(low)s to "
            "%(high)s%%."
        ) % {"low": workings.low, "high": workings.high}
        yield _("It rests on %(basis)s.") % {"basis": wording.BASES[workings.basis]}
        yield ""
        yield _points(_("Start: any claim before its sources"), str(workings.start_percent))
    for row in workings.rows:
        points = (f"+{row.points}" if row.points >= 0 else f"−{-row.points}") if reading.rated else ""
        yield _points(_line(cited[row.number], wording.why_counted(row)), points)
    for left in workings.uncounted:
        yield _points(_line(cited[left.number], wording.why_uncounted(left)), "–" if reading.rated else "")
    if reading.rated:
        yield _points(_("Confidence"), f"{workings.percent}%")
    if workings.prospects:
        yield ""
        yield _("What would change it:")
        for each in workings.prospects:
            yield f"  {workings.percent} → {each.percent}% {wording.what_would_change(each)}"
    yield _("Computed from the citations by policy %(policy)s; nobody can type a number.") % {"policy": workings.policy}


def _line(cited: Cited, why: str) -> str:
    return f"[{cited.number}] {cited.title or cited.url} · {cited.source}: {why}"


def _points(text: str, points: str) -> str:
    return f"  {points:>4}  {text}" if points else f"  {text}"


def _review(review: Review) -> Iterator[str]:
    by = review.by or _("a reviewer of this desk")
    named = {"by": by, "day": _day(review.at)}
    if review.self_review:
        yield _("Self-reviewed: %(by)s, %(day)s, exactly these words") % named
    else:
        yield _("Reviewed: %(by)s, %(day)s, exactly these words") % named
    if review.note:
        yield f"  {_one_line(review.note)}"
    if again := review.reassessed:
        by = again.by or _("a reviewer of this desk")
        yield _("Confidence assessed again: %(by)s, %(day)s") % {"by": by, "day": _day(again.at)}
        yield f"  {_one_line(again.note)}"


def _told(notices: Iterable[Any]) -> Iterator[str]:
    """Of corrections or of their notices, the newest first."""
    for each in notices:
        kind = each.get_kind_display() if isinstance(each, Correction) else each.kind.label
        yield f"  {_day(each.at)}, {kind}: {_one_line(each.note)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
