"""An address that is cited, once for all who cite it, and what was found there: written by `linking`, judged by
`linkhealth`. Whoever cites makes the row.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.linkhealth import Health, LinkState
from sources import addresses
from sources.fetching import Reason
from sources.pagetext import Facts

REST = timedelta(seconds=1)  # between two links of one host
FIRST = timedelta(minutes=10)  # from citing to the first look: the writer is still at it
TAKEN = timedelta(minutes=15)  # whoever takes a link and is not heard of again has had it for so long
ASKED_AGAIN = timedelta(hours=1)  # an editor who asks gets what was found within so long
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)  # due before whatever else is: somebody is waiting


def key_of(url: str) -> str:
    """What a link is found by: the address itself is longer than an index takes."""
    return hashlib.sha256(url.strip().encode()).hexdigest()


class LinkQuerySet(models.QuerySet["Link"]):
    def of(self, urls: Iterable[str]) -> Self:
        return self.filter(key__in={key_of(url) for url in urls})

    def by_url(self, urls: Iterable[str]) -> dict[str, "Link"]:
        """The rows of these, in one query."""
        return {link.url: link for link in self.of(urls)}

    def keep(self, urls: Iterable[str]) -> None:
        """A row for each of these, where there is none."""
        due = timezone.now() + FIRST
        rows: list[Any] = [Link.to(url, due) for url in urls]
        self.bulk_create(rows, batch_size=500, ignore_conflicts=True)

    def ask(self, url: str) -> None:
        """Have this looked at within seconds: not what was looked at just now, nor what is failing, whose days are what
        the judgement rests on.
        """
        self.keep([url])
        rows = self.of([url]).filter(attempts=0).exclude(taken_at__gt=timezone.now() - ASKED_AGAIN)
        rows.update(next_check=BEFORE_ALL)

    def dead(self) -> Self:
        return self.filter(state=LinkState.DEAD)

    def due(self, now: datetime) -> Self:
        return self.filter(next_check__lte=now).order_by("next_check", "pk")

    def rested(self, now: datetime) -> Self:
        """On hosts that were not asked just now."""
        return self.exclude(host__in=Link.objects.filter(taken_at__gt=now - REST).values("host"))


class Link(models.Model):
    key = models.CharField(max_length=64, unique=True)
    url = models.CharField(_("URL"), max_length=addresses.LONGEST)
    host = models.CharField(_("host"), max_length=addresses.LONGEST_HOST)
    state = models.CharField(_("state"), max_length=10, choices=LinkState, default=LinkState.UNKNOWN)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    final_url = models.CharField(_("leads to"), max_length=addresses.LONGEST, blank=True)
    first_hash = models.CharField(max_length=64, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("fails since"), null=True)
    last_error = models.CharField(_("why it failed"), max_length=20, choices=Reason, blank=True)
    facts = models.JSONField(default=dict)  # what the page said of itself when it was last read
    checked_at = models.DateTimeField(_("checked"), null=True)
    next_check = models.DateTimeField(_("next check"), default=timezone.now)
    taken_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=LinkState.values), name="link_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=LinkState.DEAD) | models.Q(failing_since__isnull=False),
                name="link_dead_since",
            ),
        )
        indexes = (
            models.Index(fields=("next_check", "id"), name="link_due"),
            models.Index(fields=("taken_at",), name="link_taken"),
            models.Index(fields=("failing_since",), condition=models.Q(state=LinkState.DEAD), name="link_dead"),
        )

    def __str__(self) -> str:
        return self.url

    @classmethod
    def to(cls, url: str, next_check: datetime) -> "Link":
        """An unsaved row, not yet looked at."""
        url, host = url.strip(), ""
        with suppress(addresses.BadAddress):  # the fetcher says so of it
            host = addresses.parse(url).host
        return cls(key=key_of(url), url=url, host=host, next_check=next_check)

    @property
    def awaited(self) -> bool:
        """An editor asked for it, and no answer is kept yet: nobody has looked, or somebody is looking."""
        return self.next_check == BEFORE_ALL or bool(self.taken_at and self.next_check == self.taken_at + TAKEN)

    @property
    def said(self) -> Facts:
        return Facts(**self.facts)

    @property
    def health(self) -> Health:
        return Health(**{name: getattr(self, name) for name in asdict(Health(self.next_check))})
