"""Sources merged while others are at the same rows: one outcome, and no citation without a source that counts."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from articles import joining
from articles.models import Article, Citation
from sources.models import Source
from sources.standing import heads
from tests import factories
from tests.articles.racing import DONE, at_once
from tests.articles.steps import edit

pytestmark = pytest.mark.django_db(transaction=True)

CHANGED = "Something changed while you were reading. Look again, then merge."


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    return factories.desk()


def test_of_two_mergers_in_opposite_directions_one_happens(desk: factories.Desk) -> None:
    one, two = factories.source("one"), factories.source("two")
    article = factories.article(desk.an)
    for source in (one, two):
        factories.cite(article, desk.an, source)
    there, back = joining.merger(one, two).seen, joining.merger(two, one).seen
    outcomes = at_once(
        lambda: joining.merge(one, two, by=desk.chi, seen=there),
        lambda: joining.merge(two, one, by=desk.chi, seen=back),
    )
    assert sorted(outcome == DONE for outcome in outcomes) == [False, True]
    [refusal] = [outcome for outcome in outcomes if outcome != DONE]
    assert refusal in {"“One” was merged into “Two” already.", "“Two” was merged into “One” already."}
    [merged] = Source.objects.exclude(merged_into=None)
    assert set(Citation.objects.values_list("source", flat=True)) == {merged.merged_into_id}


def test_who_cites_and_edits_at_the_same_time_loses_nothing(desk: factories.Desk) -> None:
    old, new = factories.source("old"), factories.source("new")
    article, other = factories.article(desk.an), factories.article(desk.an, "Beta")
    factories.cite(article, desk.an, old)
    seen = joining.merger(old, new).seen
    outcomes = at_once(
        lambda: joining.merge(old, new, by=desk.chi, seen=seen),
        lambda: factories.cite(Article.objects.get(pk=article.pk), desk.an, old, url="https://old.org/second"),
        lambda: factories.cite(Article.objects.get(pk=other.pk), desk.an, old, url="https://old.org/third"),
        lambda: edit(article, desk.dung, headline_en="Edited"),
    )
    assert outcomes[0] in {DONE, CHANGED}
    assert outcomes[1:] == [DONE] * 3
    cited = dict(Citation.objects.values_list("url", "source"))
    assert set(cited) == {"https://old.org/1", "https://old.org/second", "https://old.org/third"}
    stays = new.pk if outcomes[0] == DONE else old.pk
    assert set(heads(set(cited.values())).values()) == {stays}
    assert Article.objects.get(pk=article.pk).headline_en == "Edited"
