"""When a translation is behind: the pure rule in a table, and the database's answer, which is the same."""

from itertools import product

import pytest

from articles import outdated, workflow
from articles.kinds import SUBSTANCE, CorrectionKind
from articles.models import Article, Correction, Publication
from tests import factories
from tests.articles.steps import edit, now


@pytest.mark.parametrize(
    ("live", "made_from", "left", "reached", "behind"),
    [
        (2, 1, 1, 3, True),  # made beside version 1, which was corrected by 3
        (4, 3, 1, 3, False),  # made beside the correction
        (4, 1, 1, 3, True),  # submitted after the correction, but made beside what it corrected
        (2, None, 1, 3, True),  # beside nothing: what was submitted later than it is news to it
        (4, None, 1, 3, False),
        (2, 1, 1, None, True),  # what it was made beside is withdrawn
        (4, 3, 1, None, False),
        (2, None, 1, None, False),  # withdrawn, and this one is newer and stands alone
        (2, None, 2, None, True),
        (2, None, 3, None, True),
        # a translation made from 5
        (8, 5, 5, 9, True),  # 5 was corrected by 9
        (8, 5, 5, 7, True),  # by 7, which was submitted before the translation but was not what it was made from
        (8, 5, 3, 5, False),  # what it was made from is the corrected one
        (8, 5, 9, 12, True),  # a later correction, too
        (14, 12, 9, 12, False),  # made anew from the corrected one
        # the original, made beside nothing
        (2, None, 4, 6, True),
        (7, None, 4, 6, False),  # submitted after the corrected one
        # withdrawals
        (8, 5, 5, None, True),
        (8, 5, 9, None, True),  # corrected, then withdrawn: twice behind
        (12, None, 9, None, False),  # made after the withdrawal, beside nothing
        (2, None, 4, None, True),
        (14, 12, 9, None, False),  # made from what took the place of the withdrawn
    ],
)
def test_behind(live: int, made_from: int | None, left: int, reached: int | None, behind: bool) -> None:
    assert outdated.behind(live, made_from, left, reached) is behind


def by_the_rule() -> set[int]:
    found = set()
    for row in Publication.objects.filter(state="live").select_related("live"):
        assert row.live
        for change in Correction.objects.filter(publication__article=row.article_id):
            if (
                change.publication_id != row.pk
                and change.is_news
                and outdated.behind(row.live.pk, row.live.made_from_id, change.from_version_id, change.to_version_id)
            ):
                found.add(row.pk)
    return found


def newer(article: Article, language: str, desk: factories.Desk, kind: str) -> None:
    stamp = Publication.objects.get(article=article, language=language).stamp
    edit(article, desk.an, **{f"summary_{language}": f"Changed {stamp}."})
    row = factories.approved(Article.objects.get(pk=article.pk), language, desk=desk)
    assert row.approved
    workflow.correct(row, by=desk.chi, version=row.approved.number, kind=kind, note="Why.")


@pytest.mark.parametrize("kind", [kind for kind in CorrectionKind if kind != CorrectionKind.WITHDRAWAL])
def test_only_a_change_of_substance_puts_the_other_language_behind(kind: str, desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    vi, en = (factories.published(article, code, desk=desk) for code in ("vi", "en"))
    assert set(Publication.objects.out_of_date()) == set()
    newer(article, "en", desk, kind)
    assert set(Publication.objects.out_of_date()) == ({vi} if kind in SUBSTANCE else set())
    newer(article, "vi", desk, "typo")  # made beside the corrected version
    assert set(Publication.objects.out_of_date()) == set()
    assert en.pk


def test_of_many_histories_the_database_says_what_the_rule_says(desk: factories.Desk) -> None:
    """Every order of three steps in two languages, an article each; nothing of one leaks into another."""

    def publish(article: Article, code: str) -> None:
        row = Publication.objects.filter(article=article, language=code).first()
        if row is None:
            factories.published(article, code, desk=desk)
        elif row.state == "live":
            newer(article, code, desk, "update")

    def withdraw(article: Article, code: str) -> None:
        row = Publication.objects.filter(article=article, language=code, state="live").first()
        if row and row.live:
            workflow.withdraw(row, by=desk.chi, version=row.live.number, note="Why.")

    steps = [(do, code) for do in (publish, withdraw) for code in ("vi", "en")]
    for number, path in enumerate(product(steps, repeat=3)):
        if path[0][0] is withdraw:
            continue
        article = factories.article(desk.an, f"Number{number}")
        for do, code in path:
            do(article, code)
    expected = by_the_rule()
    assert {row.pk for row in Publication.objects.out_of_date()} == expected
    assert 0 < len(expected) < Publication.objects.filter(state="live").count()


def test_an_edit_after_the_freezing_is_newer_in_draft_in_its_language_or_in_both_if_shared(
    desk: factories.Desk,
) -> None:
    article, other = factories.article(desk.an), factories.article(desk.an, "Beta")
    vi, en = (factories.published(article, code, desk=desk) for code in ("vi", "en"))
    factories.published(other, desk=desk)
    assert list(Publication.objects.newer_in_draft()) == []
    edit(article, desk.an, headline_en="Newer")
    assert list(Publication.objects.newer_in_draft()) == [en]
    in_review = factories.in_review(Article.objects.get(pk=article.pk), desk=desk)
    assert list(Publication.objects.newer_in_draft()) == []  # on its way
    workflow.recall(in_review, by=desk.an, version=2)
    assert list(Publication.objects.newer_in_draft()) == [en]
    newer(article, "en", desk, "typo")
    assert list(Publication.objects.newer_in_draft()) == []
    factories.cite(Article.objects.get(pk=article.pk), desk.an)
    assert set(Publication.objects.newer_in_draft()) == {vi, en}
    live = now(en).live
    assert live
    workflow.withdraw(en, by=desk.chi, version=live.number, note="Why.")
    assert list(Publication.objects.newer_in_draft()) == [vi]


@pytest.mark.parametrize("first", ["vi", "en"])
def test_what_brings_the_same_change_to_the_other_language_puts_nobody_behind(first: str, desk: factories.Desk) -> None:
    second = "en" if first == "vi" else "vi"
    article = factories.article(desk.an)
    vi, en = (factories.published(article, code, desk=desk) for code in ("vi", "en"))
    rows = {"vi": vi, "en": en}
    newer(article, first, desk, "correction")
    assert set(Publication.objects.out_of_date()) == {rows[second]}
    newer(article, second, desk, "correction")
    assert set(Publication.objects.out_of_date()) == set()
    told = Correction.objects.order_by("pk")
    assert [row.follows for row in told] == [None, told[0]]
    # What comes next is news again.
    newer(article, second, desk, "update")
    assert set(Publication.objects.out_of_date()) == {rows[first]}
