"""What the desk knows of an address while it is being cited: whose it is, and what its page was found to say of itself.
Nothing is fetched here: a worker looks, by `linking`, and here it is only asked to.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from articles import languages, quoting
from articles.kinds import Kind
from articles.models import Article, Link
from sources import addresses, proposing
from sources.models import Source
from sources.pagetext import NOTHING, Facts


class Look(StrEnum):
    """How far the look at a page has come."""

    OFF = "off"  # by the desk's settings
    UNASKED = "unasked"
    AWAITED = "awaited"
    FOUND = "found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Known:
    """`bad` says why the address is none to cite; `source` has its tier; `place` is where one would be known, `near`
    whom it may be of then.
    """

    bad: str = ""
    source: Source | None = None
    place: addresses.Place | None = None
    near: Sequence[proposing.Proposal] = ()
    look: Look = Look.UNASKED
    link: Link | None = None
    facts: Facts = NOTHING
    archive_doubt: str = ""

    @property
    def said(self) -> bool:
        return any(self.facts)

    @property
    def published(self) -> date | None:
        return date.fromisoformat(self.facts.published) if self.facts.published else None

    @property
    def new_source(self) -> str:
        """A name for a source that is not known yet. A platform is never the source of a post: its author is."""
        if self.source or self.place is None:
            return ""
        return self.facts.author if self.place.path else self.facts.site


def ask(url: str) -> None:
    """Have a worker look at `url` within seconds, where this desk looks at links at all."""
    with suppress(addresses.BadAddress):
        addresses.parse(url)
        if settings.NEWSROOM_CHECK_LINKS:
            Link.objects.ask(url)


def known(url: str, archive_url: str = "") -> Known:
    try:
        source = proposing.source_of(url)
        place = addresses.account(url) if source is None else None
    except addresses.BadAddress as error:
        return Known(bad=str(error))
    link = Link.objects.of([url]).first()
    return Known(
        source=source and Source.objects.with_tier().get(pk=source.pk),
        place=place,
        near=[] if source else proposing.proposals(url),
        look=_look(link),
        link=link,
        facts=link.said if link else NOTHING,
        archive_doubt=archive_doubt(url, archive_url),
    )


def _look(link: Link | None) -> Look:
    if not settings.NEWSROOM_CHECK_LINKS:
        return Look.OFF
    if link and link.awaited:
        return Look.AWAITED
    if link is None or link.taken_at is None:
        return Look.UNASKED
    return Look.FOUND if link.status == 200 and not link.last_error else Look.FAILED


def archive_doubt(url: str, archive_url: str) -> str:
    """Why `archive_url` may be no archived copy of `url`; "" where nothing speaks against it."""
    try:
        page, copy = addresses.parse(url), addresses.parse(archive_url)
    except addresses.BadAddress:
        return ""
    if url.strip() == archive_url.strip():
        return _("This is the address of the page itself, not of a copy: when the page changes, so does this.")
    if page.host == copy.host:
        text = _("This is on %(host)s as well: when the page goes, this may go with it. A copy belongs elsewhere.")
        return text % {"host": page.host}
    return ""


def unmarked(article: Article) -> list[tuple[str, str, list[str]]]:
    bodies = {code: getattr(article, f"body_{code}") for code, _label in settings.LANGUAGES}
    return unmarked_in(article.kind, bodies)


def unmarked_in(kind: str, bodies: Mapping[str, str]) -> list[tuple[str, str, list[str]]]:
    """For each language with a text: its code, its name, and how each paragraph without a citation's mark begins; none
    of a page about ourselves, for which nobody else has to vouch.
    """
    if kind == Kind.PAGE:
        return []
    return [(code, languages.name(code), quoting.unmarked(body)) for code, body in bodies.items() if body]
