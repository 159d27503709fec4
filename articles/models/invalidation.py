"""That something changed which readers see, and since when an edge is to be told. Written by the database itself, see
`watching`, so that no door forgets it; told and summed up by `purging`.

The sum of the steps names the state of everything that readers see. It is over as many rows as were committed: nobody
who writes waits for another, as they would for one row that all of them raise. A step is drawn by lot, so that a
database that was restored comes to no sum under which a cache still has other words.
"""

from typing import Self

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Q
from django.db.models.functions import Now

SITE = "SELECT COALESCE(SUM(step), 0) FROM articles_invalidation"
# Whose page is at an address hangs on every article that ever reserved it, in whatever language.
ARTICLE = f"""SELECT publication.id, publication.stamp, ({SITE} WHERE article_id IS NULL)
    FROM articles_address AS address JOIN articles_publication AS publication USING (article_id)
    WHERE address.slug = %s ORDER BY publication.id"""  # noqa: S608 - of constants


def stamp(database: str = DEFAULT_DB_ALIAS) -> str:
    """Of every page there is, in one query: the same as long as nothing changed that any of them shows."""
    return _asked(database, SITE)


def frame() -> str:
    """Of what is on the pages of all articles, and no article's own."""
    return _asked(DEFAULT_DB_ALIAS, f"{SITE} WHERE article_id IS NULL")


def stamp_at(slug: str, database: str = DEFAULT_DB_ALIAS) -> str:
    """Of the pages of the article at `slug`, whichever it is, in one query; "" where there never was one."""
    return _asked(database, ARTICLE, slug)


def _asked(database: str, sql: str, *arguments: str) -> str:
    """Past the models: this is what every request of a reader waits for. PostgreSQL binds it itself, and so plans it
    once a connection: a known page takes a third less time. Of all else that gained nothing, and Django lets a number
    that is no Int4 run over in it.
    """
    with connections[database].cursor() as cursor:
        if connections[database].vendor == "postgresql":
            from django.db.backends.postgresql.base import ServerBindingCursor

            cursor.cursor = ServerBindingCursor(cursor.connection)  # type: ignore[call-arg]
        cursor.execute(sql, arguments)
        rows = cursor.fetchall()
    return str(rows) if rows else ""


class InvalidationQuerySet(models.QuerySet["Invalidation"]):
    def untold(self) -> Self:
        return self.filter(told=False).order_by("pk")

    def due(self) -> Self:
        """Of which the edge is to be told now, by the database's clock."""
        return self.untold().filter(next_try__lte=Now())


class Invalidation(models.Model):
    """Of the pages of `article_id`, or where it is None of all. One that is `told` may stand for many, by their sum."""

    article_id = models.BigIntegerField(null=True)  # no key: it stands for itself, whatever becomes of the rest
    step = models.BigIntegerField()
    told = models.BooleanField(db_default=False)
    at = models.DateTimeField(db_default=Now())
    next_try = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(db_default=0)
    last_error = models.TextField(db_default="")

    objects = InvalidationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("next_try",), condition=Q(told=False), name="invalidation_due"),)

    def __str__(self) -> str:
        return f"{self.article_id or 'all'}: {self.step}"
