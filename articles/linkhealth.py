"""What becomes of a cited link after one more look at it: pure. A bad evening of a site kills no link, nor does one of
our own network; only what a reader would meet as well counts against it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sources import addresses
from sources.fetching import Fetched, Reason

EVERY = timedelta(days=7)
AGAIN = timedelta(days=1)  # after a failure
SOON = timedelta(hours=1)  # where nothing was learnt, as our own network was down
DEAD_AFTER = 3  # failures in a row,
DEAD_DAYS = timedelta(hours=44)  # the first and the last of them on days that have another between them
GONE = frozenset({404, 410})
UNREACHED = frozenset({Reason.NAME, Reason.CONNECT, Reason.TLS, Reason.TIME, Reason.BROKEN})


class LinkState(TextChoices):
    UNKNOWN = "unknown", _("not known")
    LIVE = "live", _("open to readers")
    MOVED = "moved", _("leads to another address")
    CHANGED = "changed", _("its words have changed")
    DEAD = "dead", _("no longer open to readers")


@dataclass(frozen=True, slots=True)
class Health:
    """`attempts` counts the failures in a row, the first at `failing_since`; `first_hash` is of what was first read."""

    next_check: datetime
    state: LinkState = LinkState.UNKNOWN
    status: int | None = None
    final_url: str = ""
    first_hash: str = ""
    text_hash: str = ""
    checked_at: datetime | None = None
    attempts: int = 0
    failing_since: datetime | None = None
    last_error: str = ""


def opened(found: Fetched) -> bool:
    """A page that answers is open, also where it is no text or too slow for us to read it whole."""
    return found.status is not None and 200 <= found.status < 300


def unreached(found: Fetched) -> bool:
    """Nobody answered, which may be because of our own network."""
    return found.status is None and found.reason in UNREACHED


def failed(found: Fetched) -> bool:
    """A reader would not get there either. Refusals (401, 403, 429 …) may be meant for machines alone."""
    if opened(found):
        return False
    gone = found.status is not None and (found.status in GONE or found.status >= 500)
    return gone or found.reason in UNREACHED | {Reason.REDIRECTS}


def after(url: str, health: Health, found: Fetched, at: datetime, *, connected: bool) -> Health:
    """The health of `url` after a look at it; `connected` says whether our own network was found to work."""
    if unreached(found) and not connected:
        return replace(health, next_check=at + SOON)
    seen = replace(health, checked_at=at, status=found.status, next_check=at + EVERY, last_error=found.reason or "")
    if opened(found):
        first = health.first_hash or found.text_hash
        changed = bool(found.text_hash) and found.text_hash != first
        state = LinkState.CHANGED if changed else LinkState.LIVE
        return replace(
            seen,
            state=LinkState.MOVED if _elsewhere(url, found.url) else state,
            final_url=found.url,
            first_hash=first,
            text_hash=found.text_hash or health.text_hash,
            attempts=0,
            failing_since=None,
        )
    if not failed(found):
        return replace(seen, next_check=at + (AGAIN if health.attempts else EVERY))
    attempts, since = health.attempts + 1, health.failing_since or at
    dead = attempts >= DEAD_AFTER and at - since >= DEAD_DAYS
    return replace(
        seen,
        state=LinkState.DEAD if dead else health.state,
        attempts=attempts,
        failing_since=since,
        next_check=at + (EVERY if dead else AGAIN),
    )


def _elsewhere(url: str, final_url: str) -> bool:
    """Not where it was asked for: http or https, "www." and a slash at the end make no difference."""
    try:
        return addresses.parse(url) != addresses.parse(final_url)
    except addresses.BadAddress:
        return True
