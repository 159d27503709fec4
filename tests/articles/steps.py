"""What the tests of the moves say again and again: the whole state, a refusal that changed none of it, an edit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models, transaction

from articles import refusing
from articles.models import (
    Address,
    Article,
    ArticlePhoto,
    Audit,
    Citation,
    Correction,
    Edit,
    Notification,
    Publication,
    Remark,
    ReviewStatus,
    Schedule,
    SearchEntry,
    SearchWords,
    Verdict,
    Verification,
    Version,
    VersionAuthor,
    VersionPhoto,
    VersionSource,
)
from articles.workflow import Refused
from sources.models import SourceOutcome

State = dict[str, list[tuple[Any, ...]]]
WRITTEN: tuple[type[models.Model], ...] = (
    Address, Article, ArticlePhoto, Audit, Citation, Correction, Edit, Notification, Publication, Remark, ReviewStatus,
    Schedule, SearchEntry, SearchWords, SourceOutcome, Verdict, Verification, Version, VersionAuthor, VersionPhoto,
    VersionSource,
)  # fmt: skip


def everything() -> State:
    """Every column of every row that a move could write."""
    with connection.cursor() as cursor:

        def rows(model: type[models.Model]) -> list[tuple[Any, ...]]:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY {model._meta.pk.column}')
            return cursor.fetchall()

        return {model.__name__: rows(model) for model in WRITTEN}


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """The block is refused with exactly this sentence, and no row is any different after it."""
    before = everything()
    with pytest.raises(Refused) as caught:
        yield
    assert (caught.value.reason, str(caught.value)) == (reason, reason)
    assert everything() == before


@contextmanager
def refused_by_the_database(says: str) -> Iterator[None]:
    """The block, past every door of ours, is refused by the database with these words, and no row is different."""
    before = everything()
    with pytest.raises(IntegrityError, match=says), transaction.atomic():
        yield
    assert everything() == before


def edit(article: Article, by: User, **fields: Any) -> None:
    """Another person's save of the working copy as it stands now."""
    row = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(by=by)


def now(publication: Publication) -> Publication:
    """The row of this language as the database has it."""
    return refusing.publication_of(Article.objects.get(pk=publication.article_id), publication.language)


def ledger(*fields: str) -> list[tuple[Any, ...]]:
    """The ledger from its first row on."""
    return list(ReviewStatus.objects.order_by("pk").values_list(*fields))
