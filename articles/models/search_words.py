"""The words by which readers find what is live, in a table of the database's own kind: on SQLite a full-text index
(FTS5), on PostgreSQL text with a tsvector made of it. Either finds the same; in what order is its own affair.

The migration makes the table, `searching` writes it. Its key is that of the publication: the newest has the highest.
"""

from datetime import datetime
from typing import Any, Self

from django.db import connections, models
from django.db.models import Exists, F, Func, Q, Value
from django.db.models.sql.compiler import SQLCompiler

from articles.terms import Query

from .search_entry import SearchEntry
from .version_source import VersionSource

Sql = tuple[str, tuple[Any, ...]]
RECENT = 1_000
WEIGHTS = (8.0, 2.0, 1.0)  # of a word in the headline, in the summary, in the body


class SearchWordsQuerySet(models.QuerySet["SearchWords"]):
    def matching(self, query: Query) -> Self:
        """Those that have every part of `query`, of which there is one at least."""
        phrases = [part for part in query.parts if len(part) > 1]
        if self._on_sqlite or not phrases:
            return self.filter(Found(query))
        # PostgreSQL keeps the places of a text's first words alone, and few of a word that comes often.
        spelt = Q()
        for part in phrases:
            line = f" {' '.join(part)} "
            spelt &= Q(headline__contains=line) | Q(summary__contains=line) | Q(body__contains=line)
        return self.filter(Found(query, loosely=True)).filter(Found(query) | Q(entry__crowded=True) & spelt)

    def of_language(self, language: str) -> Self:
        return self.filter(entry__language=language)

    def in_category(self, category: int) -> Self:
        return self.filter(entry__category=category)

    def of_tier(self, tier: int) -> Self:
        return self.filter(entry__tier=tier)

    def citing(self, source: int) -> Self:
        """Of which the live version cites this source, or one that was merged into it."""
        cited = VersionSource.objects.cited().filter(Q(source=source) | Q(source__merged_into=source))
        return self.filter(entry__publication__live__in=cited.values("version"))

    def since(self, start: datetime) -> Self:
        return self.filter(entry__first_published__gte=start)

    def until(self, end: datetime) -> Self:
        return self.filter(entry__first_published__lt=end)

    def newest(self, query: Query, most: int) -> "models.QuerySet[Any]":
        """The newest of these, `most` at most, in no order; each with its `rank`, the better the higher.

        SQLite walks its index from the newest on and stops. PostgreSQL would walk every row for a word that few of them
        have, and read every row's words for one that most have: it looks through the newest RECENT, and only where
        they have fewer, asks its index for all.
        """
        if self._on_sqlite:
            return self.annotate(rank=Rank(query)).order_by("-pk")[:most]
        recent = self.filter(pk__in=self.model.objects.order_by("-pk").values("pk")[:RECENT]).order_by().values("pk")
        rest = self.filter(~Exists(recent.order_by("-pk")[most - 1 : most])).order_by().values("pk")
        return self.model.objects.filter(pk__in=recent.union(rest).order_by("-pk")[:most]).annotate(rank=Rank(query))

    @property
    def _on_sqlite(self) -> bool:
        return connections[self.db].vendor == "sqlite"


class SearchWords(models.Model):
    entry = models.OneToOneField(
        SearchEntry, on_delete=models.PROTECT, primary_key=True, db_column="rowid", db_constraint=False,
        related_name="words",
    )  # fmt: skip
    headline = models.TextField()
    summary = models.TextField()
    body = models.TextField()

    objects = SearchWordsQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "articles_searchwords"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.headline.strip()}"


class _Asked(Func):
    """What the engine makes of a query, of the table of words as it is called in the statement at hand."""

    def __init__(self, query: Query, loosely: bool = False) -> None:
        super().__init__(F("pk"), Value(_match(query)), Value(_tsquery(query, loosely)))

    def _as_sql(self, compiler: SQLCompiler, asked: int, template: str) -> Sql:
        key, *asks = self.get_source_expressions()
        sql, params = compiler.compile(asks[asked])
        table = compiler.quote_name_unless_alias(key.alias)
        return template.format(table=table, asks=sql), tuple(params)


class Found(_Asked):
    """Whether a row has what is asked for."""

    output_field = models.BooleanField()
    conditional = True

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        return self._as_sql(compiler, 0, "{table} MATCH {asks}")

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        return self._as_sql(compiler, 1, "{table}.vector @@ {asks}::tsquery")


class Rank(_Asked):
    """How well a row answers."""

    output_field = models.FloatField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        return f"-bm25({SearchWords._meta.db_table}, {', '.join(map(str, WEIGHTS))})", ()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        headline, summary, body = (weight / max(WEIGHTS) for weight in WEIGHTS)
        weights = f"{{{{{body}, {body}, {summary}, {headline}}}}}"  # of D, C, B and A
        return self._as_sql(compiler, 1, f"ts_rank('{weights}', {{table}}.vector, {{asks}}::tsquery)")


def _match(query: Query) -> str:
    """As FTS5 asks, between quotes: AND and NEAR are words too."""
    asked = [f'"{" ".join(part)}"' for part in query.parts]
    return " AND ".join(asked) + (" *" if query.unfinished else "")


def _tsquery(query: Query, loosely: bool) -> str:
    """As PostgreSQL asks; `loosely`, the words of a phrase may stand anywhere."""
    asked = [f"({(' & ' if loosely else ' <-> ').join(part)})" for part in query.parts]
    return " & ".join([*asked[:-1], f"{query.parts[-1][0]}:*"] if query.unfinished else asked)
