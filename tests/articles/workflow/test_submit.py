"""Submitting: what is lacking, contradicts itself, is nothing new or beyond all bounds is named and refused."""

import time

import pytest

from articles import workflow
from articles.models import Address, Article, Category, Publication, Version
from tests import factories
from tests.articles.steps import edit, everything, refused

pytestmark = pytest.mark.django_db

LABELS = {"headline": "headline", "summary": "summary", "body": "text"}
EMPTY = [*((field, empty) for field in LABELS for empty in ("", " \u200b\t")), ("body", "<p> <br></p>")]


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    return factories.article(desk.an)


def submit(article: Article, language: str = "en", *, desk: factories.Desk) -> Version:
    return workflow.submit(Article.objects.get(pk=article.pk), language, by=desk.an)


# --- what is lacking ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("field", "empty"), EMPTY)
def test_an_empty_field_is_named_and_the_other_language_can_be_submitted(
    language: str, field: str, empty: str, article: Article, desk: factories.Desk
) -> None:
    edit(article, desk.an, **{f"{field}_{language}": empty})
    name, other = {"vi": ("Vietnamese", "en"), "en": ("English", "vi")}[language]
    with refused(f"{name} is incomplete. Missing: {LABELS[field]}."):
        submit(article, language, desk=desk)
    assert submit(article, other, desk=desk).number == 1


def test_every_missing_field_is_named_at_once(desk: factories.Desk) -> None:
    article = Article(headline_vi="Chỉ có tiêu đề")
    article.save(by=desk.an)
    with refused(
        "English is incomplete. "
        "Missing: headline, summary, text, address, category, with a name in this language and author."
    ):
        submit(article, desk=desk)
    with refused(
        "Vietnamese is incomplete. Missing: summary, text, category, with a name in this language and author."
    ):
        submit(article, "vi", desk=desk)


def test_a_category_without_a_name_in_this_language_lacks_there_alone(article: Article, desk: factories.Desk) -> None:
    Category.objects.filter(pk=article.category_id).update(name_en="")
    with refused("English is incomplete. Missing: category, with a name in this language."):
        submit(article, desk=desk)
    assert submit(article, "vi", desk=desk).category_name == "Công nghệ"


def test_a_text_of_marks_alone_is_no_text(article: Article, desk: factories.Desk) -> None:
    key = factories.cite(article, desk.an).key
    edit(article, desk.an, body_en=f'<p><sup data-cite="{key}"></sup></p>')
    with refused("English is incomplete. Missing: text."):
        submit(article, desk=desk)


# --- what contradicts itself -------------------------------------------------------------------------


def test_a_mark_whose_citation_is_gone_is_named(article: Article, desk: factories.Desk) -> None:
    first, second = factories.cite(article, desk.an), factories.cite(article, desk.an)
    edit(article, desk.an, body_en='<p>One<sup data-cite="1"></sup>, nine<sup data-cite="9"></sup>, two'
                                   '<sup data-cite="2"></sup> and nine<sup data-cite="9"></sup>.</p>')  # fmt: skip
    second.delete(by=desk.an)
    with refused("The text has marks whose citation is gone: [2], [9]. Remove the marks or add the citations."):
        submit(article, desk=desk)
    assert submit(article, "vi", desk=desk).citations[0]["url"] == first.url


def test_a_key_is_never_given_again_so_that_no_mark_changes_its_meaning(article: Article, desk: factories.Desk) -> None:
    gone = factories.cite(article, desk.an)
    edit(article, desk.an, body_en=f'<p>Said<sup data-cite="{gone.key}"></sup>.</p>')
    gone.delete(by=desk.an)
    factories.cite(Article.objects.get(pk=article.pk), desk.an)
    with refused("The text has marks whose citation is gone: [1]. Remove the marks or add the citations."):
        submit(article, desk=desk)


def test_a_save_of_what_was_loaded_earlier_gives_no_key_again(article: Article, desk: factories.Desk) -> None:
    stale = Article.objects.get(pk=article.pk)
    gone = factories.cite(article, desk.an)
    gone.delete(by=desk.an)
    stale.headline_en = "Loaded before the citation"
    stale.save(by=desk.an)
    for row in (stale, Article.objects.get(pk=article.pk)):
        assert factories.cite(row, desk.an).key > gone.key
    assert list(article.citations.values_list("key", flat=True)) == [2, 3]


def test_an_address_of_another_article_is_refused_in_its_language_alone(article: Article, desk: factories.Desk) -> None:
    submit(article, "en", desk=desk)
    other = factories.article(desk.an, "Beta", slug_en="headline-alpha", slug_vi="headline-alpha")
    with refused("The address “headline-alpha” belongs to another article. Choose another one."):
        submit(other, "en", desk=desk)
    submit(other, "vi", desk=desk)
    assert list(Address.objects.order_by("pk").values_list("language", "slug", "article")) == [
        ("en", "headline-alpha", article.pk),
        ("vi", "headline-alpha", other.pk),
    ]


def test_an_address_once_reserved_stays_the_articles_own(article: Article, desk: factories.Desk) -> None:
    publication = factories.in_review(article, desk=desk)
    workflow.recall(publication, by=desk.an, version=1)
    edit(article, desk.an, slug_en="moved")
    assert submit(article, desk=desk).slug == "moved"
    other = factories.article(desk.an, "Beta", slug_en="headline-alpha")
    with refused("The address “headline-alpha” belongs to another article. Choose another one."):
        submit(other, desk=desk)
    publication.refresh_from_db()
    workflow.recall(publication, by=desk.an, version=2)
    edit(article, desk.an, slug_en="headline-alpha")
    assert submit(article, desk=desk).slug == "headline-alpha"
    assert list(Address.objects.order_by("slug").values_list("slug", "article")) == [
        ("headline-alpha", article.pk),
        ("moved", article.pk),
    ]


def test_words_that_equal_the_approved_ones_are_refused(article: Article, desk: factories.Desk) -> None:
    factories.approved(article, desk=desk)
    edit(article, desk.an, headline_en=" Headline  Alpha ", translator_vi="Somebody")
    with refused("These words equal version 1, which is approved."):
        submit(article, desk=desk)


def test_words_that_equal_the_live_ones_are_refused(article: Article, desk: factories.Desk) -> None:
    factories.published(article, desk=desk)
    with refused("These words equal version 1, which is live."):
        submit(article, desk=desk)
    edit(article, desk.an, headline_en="Another headline")
    factories.approved(article, desk=desk)
    edit(article, desk.an, headline_en="Headline Alpha")
    with refused("These words equal version 1, which is live."):
        submit(article, desk=desk)


def test_words_that_were_sent_back_may_be_submitted_again(article: Article, desk: factories.Desk) -> None:
    first = submit(article, desk=desk)
    workflow.recall(Publication.objects.get(), by=desk.an, version=1)
    second = submit(article, desk=desk)
    assert (second.number, second.digest) == (2, first.digest)


@pytest.mark.parametrize("changed", [False, True])
def test_one_version_of_a_language_is_in_review_at_a_time(
    changed: bool, article: Article, desk: factories.Desk
) -> None:
    submit(article, desk=desk)
    if changed:
        edit(article, desk.an, headline_en="Another headline")
    with refused("Version 1 is in review already. Recall it first."):
        submit(article, desk=desk)
    assert submit(article, "vi", desk=desk).number == 1


# --- what is beyond all bounds -----------------------------------------------------------------------

DEEP = "<ul><li>" * 12_500 + "</li></ul>" * 10_000


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (DEEP, "This text is nested 25000 levels deep and has 25000 tags; at most 100 and 5000 can be kept."),
        (DEEP + "x" * 1_000, "This text is 201 kB long; at most 200 kB can be kept."),
        ("<p>x</p>" * 5_001, "This text is nested 1 levels deep and has 5001 tags; at most 100 and 5000 can be kept."),
        ("ế" * 100_000, "This text is 300 kB long; at most 200 kB can be kept."),
    ],
    ids=["deep", "long", "many", "long in bytes"],
)
def test_a_text_beyond_all_bounds_is_refused_with_the_sentence_and_at_once(
    body: str, sentence: str, article: Article, desk: factories.Desk
) -> None:
    assert len(DEEP) == 200_000
    edit(article, desk.an, body_en=body)
    before = time.perf_counter()
    with refused(sentence):
        submit(article, desk=desk)
    assert time.perf_counter() - before < 2
    assert submit(article, "vi", desk=desk).number == 1


@pytest.mark.parametrize("field", ["url", "archive_url"])
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org/1", "https://a b.org/"])
def test_a_citation_that_no_reader_could_follow_is_refused(
    field: str, url: str, article: Article, desk: factories.Desk
) -> None:
    factories.cite(article, desk.an, **{field: url})
    before = everything()
    with pytest.raises(workflow.Refused, match=r"address"):
        submit(article, desk=desk)
    assert everything() == before


# --- what it was made beside -------------------------------------------------------------------------


def test_it_was_made_beside_what_was_on_the_screen_while_that_stands(article: Article, desk: factories.Desk) -> None:
    first = factories.published(article, "vi", desk=desk).live
    assert first
    edit(article, desk.an, summary_vi="Mới.")
    row = factories.in_review(Article.objects.get(pk=article.pk), "vi", desk=desk)
    reason = "The words that you translated from were replaced meanwhile. Look at what changed, then submit."
    other = factories.published(factories.article(desk.an, "Beta"), "vi", desk=desk).live
    assert other
    for forged in (0, other.pk, row.in_review_id):  # none, another article's, not what readers have
        with refused(reason):
            workflow.submit(article, "en", by=desk.an, beside=forged)
    made = workflow.submit(article, "en", by=desk.an, beside=first.pk)
    assert made.made_from == first

    factories.approve(row, desk=desk)
    workflow.correct(row, by=desk.chi, version=2, kind="update", note="News.")
    workflow.recall(Publication.objects.get(article=article, language="en"), by=desk.an, version=1)
    with refused(reason):
        workflow.submit(article, "en", by=desk.an, beside=first.pk)
    with refused(reason):
        workflow.submit(article, "en", by=desk.an, beside=made.pk)  # its own
    newer = Publication.objects.get(pk=row.pk).live
    assert newer
    assert workflow.submit(article, "en", by=desk.an, beside=newer.pk).made_from == newer
