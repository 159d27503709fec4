"""Telling an edge which pages it may serve no longer, and summing up what it was told. What changed is noted by the
database, in the transaction of the change (`watching`). A move tells at once besides, and the worker once more: what
the edge was fetching at that very moment goes then.

Pages carry their keys in `Surrogate-Key`; the edge gets PURGE with the keys in the same header, at least once. The only
code that connects to it: the guarded fetcher serves strangers' addresses, and refuses those of a desk's own network.
"""

import logging
import secrets
import urllib.request
from collections.abc import Collection
from datetime import timedelta
from functools import partial
from http.client import HTTPException

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from articles.models import Address, Invalidation

SITE = "site"  # every page's key
LISTS = "lists"  # of every page that is of no one article
MOST = 1_000  # invalidations told at once
MOST_KEYS = 100  # in a request: edges bound the length of a header
TIMEOUT = 5.0
HURRY = 1.0  # seconds that whoever made a move waits for the edge
LONGEST_WAIT = timedelta(minutes=10)  # between two tries

log = logging.getLogger(__name__)


def key_at(slug: str) -> str:
    """Of the pages at a slug: those of any article that ever reserved it."""
    return f"at-{slug}"


def tell_at_once(article: int) -> None:
    """Once what is in hand is committed. Nothing is noted of it: it stays due."""
    if settings.EDGE_PURGE_URL:
        transaction.on_commit(partial(_tell, article), robust=True)


def _tell(article: int) -> None:
    try:
        _purge(_keys({article}), HURRY)
    except (OSError, HTTPException) as error:
        log.warning("the edge was not told at once: %s", error)


def purge_due() -> int:
    """Tell the edge of what is due, if there is one; sum up what was told. Returns how many invalidations were told."""
    rows = list(Invalidation.objects.due()[:MOST])
    if rows and settings.EDGE_PURGE_URL:
        try:
            _purge(_keys({row.article_id for row in rows}), TIMEOUT)
        except (OSError, HTTPException) as error:
            log.warning("the edge was not told: %s", error)
            wait = min(timedelta(seconds=5 * 2 ** min(rows[0].attempts, 10)), LONGEST_WAIT)
            Invalidation.objects.filter(pk__in=[row.pk for row in rows]).update(
                attempts=F("attempts") + 1, next_try=Now() + wait, last_error=f"{type(error).__name__}: {error}"[:500]
            )
            return 0
    if rows:
        _sum_up([row.pk for row in rows])
    return len(rows)


def forget() -> None:
    """Whatever is kept anywhere is of another state than this: for a database that was filled past its triggers."""
    Invalidation.objects.create(step=secrets.randbelow(1 << 32) + 1)


def _keys(articles: Collection[int | None]) -> list[str]:
    if None in articles:
        return [SITE]
    slugs = Address.objects.filter(article__in=articles).order_by("slug").values_list("slug", flat=True).distinct()
    return [LISTS, *map(key_at, slugs)]


def _purge(keys: list[str], timeout: float) -> None:
    for at in range(0, len(keys), MOST_KEYS):
        headers = {"Surrogate-Key": " ".join(keys[at : at + MOST_KEYS])}
        request = urllib.request.Request(settings.EDGE_PURGE_URL, method="PURGE", headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310 - the address is the desk's own setting
            pass


@transaction.atomic
def _sum_up(told: list[int]) -> None:
    """One row in the place of all that were told: of those of the site, and of those of articles. No sum changes,
    whoever else sums up beside us: a row counts for the one who deletes it.
    """
    there = Invalidation.objects.filter(pk__in=told) | Invalidation.objects.filter(told=True)
    rows = list(there.order_by("pk").select_for_update())
    Invalidation.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for of_all in (True, False):
        steps = [row.step for row in rows if (row.article_id is None) == of_all]
        if steps:
            Invalidation.objects.create(article_id=None if of_all else 0, step=sum(steps), told=True)
