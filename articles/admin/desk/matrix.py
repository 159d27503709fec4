"""Article by language: how far each language of each article has come, and what is to be translated next."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages, standing
from articles.coverage import Coverage, coverage
from articles.models import Article, Publication
from articles.models.article import ArticleQuerySet, covered
from articles.models.publication import to_translate_from
from articles.models.working_language import working_languages, works_in

from .queue import Choice, Facet
from .shape import Asked, DeskList, Row

CODES = [code for code, _label in settings.LANGUAGES]
BODIES = [f"body_{code}" for code in CODES]
TO_DO = {Coverage.MISSING, Coverage.OUTDATED}


@dataclass(frozen=True, slots=True)
class Cell:
    """One language of an article. `url` leads to where it is written beside the language `source`; "" where no other
    language has words to translate, or the person may write none.
    """

    language: str
    name: str
    states: list[Coverage]
    source: str
    url: str

    @property
    def to_do(self) -> bool:
        return bool(TO_DO & {*self.states})


def _cells(found: list[Article], asked: Asked) -> dict[int, list[Cell]]:
    """By article, in the order of the languages; in a fixed number of queries."""
    published = Publication.objects.filter(article__in=found)
    behind = set(published.out_of_date().values_list("pk", flat=True))
    newer = set(published.newer_in_draft().values_list("pk", flat=True))
    may = [code for code in CODES if asked.user.has_perm("articles.change_article") and works_in(asked.user, code)]
    rows: dict[int, list[Publication]] = defaultdict(list)
    for row in published:
        rows[row.article_id].append(row)

    def cell(article: Article, code: str) -> Cell:
        here = next((row for row in rows[article.pk] if row.language == code), Publication(language=code))
        source = to_translate_from(rows[article.pk], code)
        worded = getattr(article, f"worded_{code}")
        return Cell(
            language=code,
            name=languages.name(code),
            states=coverage(here.places, worded=worded, newer=here.pk in newer, behind=here.pk in behind),
            source=languages.name(source.language) if source else "",
            url=standing.translate_url(article.pk, source.language, code) if source and code in may else "",
        )

    return {article.pk: [cell(article, code) for code in CODES] for article in found}


def _dressed(found: list[Article], asked: Asked) -> list[Row]:
    cells = _cells(found, asked)
    return [{"article": article, "cells": cells[article.pk]} for article in found]


def _next(found: list[Article], asked: Asked) -> list[Row]:
    """Each with the languages that are to be made or brought up to date, of the person's own."""
    return [
        row | {"cells": [cell for cell in row["cells"] if cell.to_do and works_in(asked.user, cell.language)]}
        for row in _dressed(found, asked)
    ]


def _rows(rows: ArticleQuerySet) -> ArticleQuerySet:
    return rows.with_words().defer(*BODIES)


def _asked_for(asked: Asked) -> ArticleQuerySet:
    """A language and what holds of it, together; one of them alone, or none that there is, leaves all."""
    if asked.language in CODES and asked.coverage in Coverage.values:
        return Article.objects.covered(asked.language, Coverage(asked.coverage))
    return Article.objects.all()


def facets(asked: Asked) -> list[Facet]:
    """For each language how many articles there are of each state, in one query."""
    counts = Article.objects.aggregate(
        **{f"{code}_{each}": Count("pk", filter=covered(code, each)) for code in CODES for each in Coverage},
        all=Count("pk"),
    )
    whole = Choice(
        _("all"), counts["all"], asked.url(language="", coverage=""), not (asked.language and asked.coverage)
    )
    return [
        Facet(_("Articles"), [whole]),
        *(
            Facet(
                capfirst(languages.name(code)),
                [
                    Choice(
                        str(each.label),
                        counts[f"{code}_{each}"],
                        asked.url(language=code, coverage=each.value),
                        (code, each) == (asked.language, asked.coverage),
                    )
                    for each in Coverage
                ],
            )
            for code in CODES
        ),
    ]


NEXT = DeskList(
    "translate",
    gettext_lazy("Translate next"),
    gettext_lazy("Whatever is live is live in every language, and up to date."),
    lambda asked: _rows(Article.objects.to_translate(working_languages(asked.user) or CODES)),
    _next,
)
MATRIX = DeskList(
    "languages",
    gettext_lazy("Articles by language"),
    gettext_lazy("There is no such article."),
    lambda asked: _rows(_asked_for(asked)),
    _dressed,
)
