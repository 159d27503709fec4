"""Starting again from an old version: its words, in its language, with its citations; all else stays."""

from typing import Any

import pytest

from articles import cleaning, reverting, workflow
from articles.freezing import freeze
from articles.models import Article, Citation, Edit, Publication, ReviewStatus, Version
from articles.models.article import TRANSLATED
from tests import factories
from tests.articles.steps import edit, everything, now, refused
from tests.factories import Desk

pytestmark = pytest.mark.django_db

WORDS = [f"{name}_{code}" for name in TRANSLATED for code in ("vi", "en")]
EDITED = "Somebody edited this article meanwhile. Look again, then go back to this version."


@pytest.fixture
def article(desk: Desk) -> Article:
    """Three citations, marked out of order in English."""
    row = factories.article(desk.an, slug_en="the-story", translator_en="Hoa", claim_en="The claim.")
    for number in range(1, 4):
        factories.cite(row, desk.an, factories.source(f"s{number}"), quote=f"Quote {number}.", locator=f"p. {number}")
    row.body_en = '<p>One<sup data-cite="3"></sup> two<sup data-cite="1"></sup> three<sup data-cite="3"></sup></p>'
    row.save(by=desk.an)
    return Article.objects.get(pk=row.pk)


@pytest.fixture
def old(article: Article, desk: Desk) -> Version:
    """The first version, published; every English word was edited since."""
    version = factories.published(article, desk=desk).live
    assert version is not None
    words = {f"{name}_en": f"Later {name}" for name in TRANSLATED if name != "slug"}
    edit(article, desk.dung, **words | {"slug_en": "later", "body_en": "<p>Later.</p>"})
    return version


def seen(article: Article) -> int:
    return article.edits.latest("pk").pk


def reloaded(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def test_the_words_are_those_of_the_version_again(article: Article, old: Version, desk: Desk) -> None:
    reverting.revert(old, by=desk.an, seen=seen(article))
    row = reloaded(article)
    assert {name: getattr(row, f"{name}_en") for name in TRANSLATED if name != "body"} == {
        name: getattr(old, name) for name in TRANSLATED if name != "body"
    }
    again = freeze(row, "en")
    assert (again.version.digest, again.lost_marks) == (old.digest, [])


def test_a_claim_that_was_the_headline_goes_on_following_it(desk: Desk) -> None:
    row = factories.article(desk.an)
    version = factories.in_review(row, desk=desk).in_review
    assert version is not None
    assert version.claim == version.headline
    edit(row, desk.an, claim_en="A claim of its own.")
    reverting.revert(version, by=desk.an, seen=seen(row))
    assert reloaded(row).claim_en == ""


def test_marks_point_to_the_same_citations_though_their_numbers_moved(
    article: Article, old: Version, desk: Desk
) -> None:
    first, second, third = article.citations.order_by("key")
    for place, citation in enumerate((third, second, first), 1):
        citation.position = place
        citation.save(by=desk.an)
    reverting.revert(old, by=desk.an, seen=seen(article))
    row = reloaded(article)
    assert cleaning.marks(row.body_en) == [third.key, first.key, third.key]
    frozen = freeze(row, "en").version
    urls = {cited["number"]: cited["url"] for cited in frozen.citations}
    assert [urls[number] for number in cleaning.marks(frozen.body)] == [third.url, first.url, third.url]
    assert row.citations.count() == 3


def test_a_citation_that_is_gone_is_made_again_whole(article: Article, desk: Desk) -> None:
    origin = factories.source("origin")
    factories.cite(
        article, desk.an, factories.source("gone"), first_hand=False, origin=origin, quote="“Q”", locator="p. 9",
        title="Gone", title_language="vi", stance="contradicts", accessed="2026-11-20", archive_url="https://a.org/9",
    )  # fmt: skip
    row = reloaded(article)
    row.body_en += '<p>Four<sup data-cite="4"></sup></p>'
    row.save(by=desk.an)
    version = factories.in_review(row, desk=desk).in_review
    assert version is not None
    gone = row.citations.get(key=4)
    facts = {
        f.attname: getattr(gone, f.attname) for f in Citation._meta.fields if f.name not in {"id", "key", "position"}
    }
    gone.delete(by=desk.dung)
    edit(row, desk.dung, body_en="<p>Without.</p>")

    reverting.revert(version, by=desk.an, seen=seen(row))
    row = reloaded(article)
    made = row.citations.latest("key")
    assert made.key == 5  # a key is never given twice
    assert {name: getattr(made, name) for name in facts} == facts
    assert cleaning.marks(row.body_en) == [3, 1, 3, 5]
    assert row.citations.count() == 4
    assert freeze(row, "en").lost_marks == []


def test_two_citations_of_one_source_and_page_are_told_apart_by_their_stance(desk: Desk) -> None:
    row = factories.article(desk.an)
    for stance in ("supports", "contradicts"):
        factories.cite(row, desk.an, url="https://example.org/same", stance=stance)
    row = reloaded(row)
    row.body_en = '<p>A<sup data-cite="2"></sup></p>'
    row.save(by=desk.an)
    version = factories.in_review(row, desk=desk).in_review
    assert version is not None
    reverting.revert(version, by=desk.an, seen=seen(row))
    assert (cleaning.marks(reloaded(row).body_en), row.citations.count()) == ([2], 2)


def test_what_the_languages_share_and_the_other_language_stay(article: Article, old: Version, desk: Desk) -> None:
    other = factories.category()
    edit(article, desk.an, kind="opinion", machine="assisted", **{f"{name}_vi": f"moi-{name}" for name in TRANSLATED})
    reloaded(article).set_authors([factories.author("Somebody Else")], by=desk.an)
    newer = factories.cite(reloaded(article), desk.an, factories.source("newer"))
    before = reloaded(article)
    reverting.revert(old, by=desk.an, seen=seen(article))
    row = reloaded(article)
    assert {name: getattr(row, f"{name}_vi") for name in TRANSLATED} == {
        name: getattr(before, f"{name}_vi") for name in TRANSLATED
    }
    assert (row.kind, row.machine, row.category) == ("opinion", "assisted", other)
    assert [author.name for author in row.authors.all()] == ["Somebody Else"]
    assert row.citations.filter(pk=newer.pk).exists()


def test_it_is_an_edit_of_whoever_does_it_and_moves_nothing(article: Article, old: Version, desk: Desk) -> None:
    before, edits = everything(), Edit.objects.count()
    reverting.revert(old, by=desk.dung, seen=seen(article))
    after = everything()
    assert {name for name in after if after[name] != before[name]} == {"Article", "Edit"}
    [row] = Edit.objects.order_by("pk")[edits:]
    assert (row.by, row.language, set(row.fields)) == (desk.dung, "en", {f"{name}_en" for name in TRANSLATED})
    assert now(Publication.objects.get()).live == old
    # So whoever brought the words back is among those who wrote them.
    edit(article, desk.an, summary_en="And on.")
    again = factories.in_review(reloaded(article), desk=desk).in_review
    assert again is not None
    assert desk.dung.pk in {person["id"] for person in again.contributors}


def test_words_that_are_there_already_are_no_edit(desk: Desk) -> None:
    row = factories.article(desk.an)
    version = factories.in_review(row, desk=desk).in_review
    assert version is not None

    def words() -> dict[str, str]:
        return {name: text or "" for name, text in Article.objects.filter(pk=row.pk).values(*WORDS).get().items()}

    before, edits = words(), list(Edit.objects.all())
    reverting.revert(version, by=desk.an, seen=seen(row))
    assert (words(), list(Edit.objects.all())) == (before, edits)


@pytest.mark.parametrize("what", ["another language", "the byline", "a citation", "the same words"])
def test_a_stale_form_is_refused(article: Article, old: Version, desk: Desk, what: str) -> None:
    number = seen(article)
    changes: dict[str, Any] = {
        "another language": lambda: edit(article, desk.dung, summary_vi="Mới."),
        "the byline": lambda: reloaded(article).set_authors([], by=desk.dung),
        "a citation": lambda: article.citations.first().delete(by=desk.dung),  # type: ignore[union-attr]
        "the same words": lambda: reverting.revert(old, by=desk.dung, seen=number),
    }
    changes[what]()
    with refused(EDITED):
        reverting.revert(old, by=desk.an, seen=number)


@pytest.mark.parametrize("number", [0, -1, 10**9])
def test_a_number_that_was_made_up_is_refused(article: Article, old: Version, desk: Desk, number: int) -> None:
    with refused(EDITED):
        reverting.revert(old, by=desk.an, seen=number)


@pytest.mark.parametrize("who", ["binh", "chi", "em"])
def test_only_editors_may(article: Article, old: Version, desk: Desk, who: str) -> None:
    with refused("Only Editors may do this."):
        reverting.revert(old, by=getattr(desk, who), seen=seen(article))


def test_an_editor_who_left_may_not(article: Article, old: Version, desk: Desk) -> None:
    desk.an.is_active = False
    desk.an.save()
    with refused("Only Editors may do this."):
        reverting.revert(old, by=desk.an, seen=seen(article))


def test_even_the_words_of_a_withdrawn_text_may_be_worked_on_again_and_stay_unpublished(
    article: Article, old: Version, desk: Desk
) -> None:
    workflow.withdraw(Publication.objects.get(), by=desk.chi, version=1, note="Wrong.")
    reverting.revert(old, by=desk.an, seen=seen(article))
    assert reloaded(article).headline_en == old.headline
    assert Publication.objects.get().state == "withdrawn"
    assert ReviewStatus.objects.latest("pk").status == "withdrawn"
