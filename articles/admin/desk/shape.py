"""What a list of the desk is: whose rows, in which order, what is said of each, and a stretch of it as it is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models.publication import PublicationQuerySet
from articles.models.working_language import working_languages

LENGTH = 15  # of each list on the front page
WHOLE_LENGTH = 50  # of a page of a list of its own

Row = dict[str, Any]
R = TypeVar("R", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks, when, and what they want to see of the review queue, or of another `list` that has filters."""

    user: User
    language: str = ""
    who: str = ""
    category: str = ""
    coverage: str = ""
    list: str = "waiting"
    now: datetime = field(default_factory=timezone.now)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def theirs(self, rows: R) -> R:
        """What of these, publications or versions, is in a language that they work in."""
        own = working_languages(self.user)
        return rows.filter(language__in=own) if own else rows

    def url(self, **other: str) -> str:
        """The address of the list with these filters, but for the `other` ones."""
        chosen = {name: getattr(self, name) for name in ("language", "who", "category", "coverage")} | other
        query = urlencode({name: value for name, value in chosen.items() if value})
        return list_url(self.list) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class DeskList:
    """`dressed` says of all rows of a page at once what its template shows: no query for each row."""

    name: str
    title: Promise | str
    empty: Promise | str
    rows: Callable[[Asked], QuerySet[Any]]
    dressed: Callable[[list[Any], Asked], list[Row]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of a list, from row `start`, of `total` rows."""

    name: str
    title: Promise | str
    empty: Promise | str
    rows: list[Row]
    start: int
    total: int

    @property
    def template(self) -> str:
        return f"admin/articles/desk/{self.name}.html"

    @property
    def url(self) -> str:
        return list_url(self.name)

    @property
    def more(self) -> bool:
        return self.total > len(self.rows)

    @property
    def bulk(self) -> bool:
        return any(row.get("may_publish") for row in self.rows)


def list_url(name: str) -> str:
    return reverse("admin:articles_publication_list", args=[name])


def shown(each: DeskList, asked: Asked, start: int = 0, length: int = LENGTH) -> Shown:
    """Which rows, and how many there are in all, is asked of bare rows; what is shown of them then of these alone."""
    rows = each.rows(asked)
    keys = dict(rows.annotate(total=Window(Count("*"))).values_list("pk", "total")[start : start + length])
    total = next(iter(keys.values())) if keys else start and rows.count()
    by_key = rows.in_bulk(list(keys))
    return Shown(each.name, each.title, each.empty, each.dressed([by_key[key] for key in keys], asked), start, total)


def with_version(rows: PublicationQuerySet, name: str, *more: str) -> PublicationQuerySet:
    """With the version of that name, but for its long texts, in the same query."""
    return rows.select_related(name, *more).defer(f"{name}__body", f"{name}__citations")


def name_of(person: User) -> str:
    return person.get_full_name() or person.get_username()


def waits(since: datetime, now: datetime) -> str:
    """As in "waits 3 h"."""
    minutes = max(0, (now - since) // timedelta(minutes=1))
    if minutes < 60:
        return _("waits %(count)d min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("waits %(count)d h") % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("waits %(count)d day", "waits %(count)d days", days) % {"count": days}
