"""Looks at the links that are cited, and keeps what it found. How a page is fetched safely is `sources.fetching`'s,
what follows from an answer `linkhealth`'s.

Any number of workers may run at once: a link is taken by a conditional update before it is looked at, and each is
saved by itself, so that whoever is stopped has lost one look. Nothing is held open while a stranger answers.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone

from articles import linkhealth
from articles.models import Citation, Link, Publication, Version
from articles.models.link import TAKEN, key_of
from sources.fetching import Fetched

Fetch = Callable[[str], Fetched]
PROVEN = timedelta(hours=1)  # an answer of another host shows for so long that our own network works
CITING = ("live", "scheduled__version", "approved", "in_review")
BATCH = 500

log = logging.getLogger(__name__)


def keep_cited() -> None:
    """Make a row for each link cited by a working copy or by a version that is public or on its way; drop the rows of
    what is cited no more.
    """
    cited = {key_of(url): url for url in _cited()}
    kept = dict(Link.objects.values_list("key", "pk"))
    Link.objects.keep(url for key, url in cited.items() if key not in kept)
    dropped = [pk for key, pk in kept.items() if key not in cited]
    for start in range(0, len(dropped), BATCH):
        Link.objects.filter(pk__in=dropped[start : start + BATCH]).delete()


def _cited() -> Iterator[str]:
    yield from Citation.objects.order_by().values_list("url", flat=True).iterator()
    for name in CITING:
        versions = Version.objects.filter(pk__in=Publication.objects.order_by().values(name))
        for citations in versions.order_by().values_list("citations", flat=True).iterator():
            yield from (cited["url"] for cited in citations)


def hasten() -> None:
    """Make everything due, but for what is failing: its days are what the judgement rests on."""
    Link.objects.filter(attempts=0).update(next_check=timezone.now())


def look(fetch: Fetch) -> Link | None:
    """Look at the link that has been due the longest, of a host not asked just now. None where there is none."""
    now = timezone.now()
    while link := Link.objects.due(now).rested(now).first():
        untaken = Link.objects.filter(pk=link.pk, next_check=link.next_check)
        if untaken.update(next_check=now + TAKEN, taken_at=now):
            _looked_at(link, fetch)
            return link
    return None


def _looked_at(link: Link, fetch: Fetch) -> None:
    try:
        found = fetch(link.url)
        connected = not linkhealth.unreached(found) or _connected(link, fetch)
    except Exception:  # whatever it was, the others are looked at; this one again when it counts as taken no more
        log.exception("link %d could not be looked at", link.pk)
        return
    health = linkhealth.after(link.url, link.health, found, timezone.now(), connected=connected)
    said = {"facts": found.facts._asdict()} if any(found.facts) else {}
    Link.objects.filter(pk=link.pk).update(**asdict(health), **said)
    link.refresh_from_db()


def _connected(link: Link, fetch: Fetch) -> bool:
    """Whether some other host answers: it did just now, or one of those that last did does when asked."""
    others = Link.objects.filter(status__isnull=False).exclude(host=link.host)
    if others.filter(checked_at__gt=timezone.now() - PROVEN).exists():
        return True
    now = timezone.now()
    other = others.rested(now).order_by("?").first()
    if other is None:
        return False
    Link.objects.filter(pk=other.pk).update(taken_at=now)
    return not linkhealth.unreached(fetch(other.url))
