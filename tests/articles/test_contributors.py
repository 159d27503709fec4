"""Who made the words of a version: by the edits that are in it, never by the clock."""

import pytest
from django.contrib.auth.models import User

from articles import refusing, workflow
from articles.models import Article, Author, Edit, Publication
from tests import factories
from tests.articles.steps import edit, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


def writer(name: str) -> User:
    return factories.user(name, "Editors")


def submitted(article: Article, by: User, language: str = "en") -> list[str]:
    """The contributors of what `by` submits."""
    version = workflow.submit(Article.objects.get(pk=article.pk), language, by=by)
    assert [User.objects.get(pk=person["id"]).get_full_name() for person in version.contributors] == [
        person["name"] for person in version.contributors
    ]
    return sorted(person["name"] for person in version.contributors)


def approved(article: Article, desk: factories.Desk, language: str = "en") -> None:
    factories.approve(refusing.publication_of(article, language), desk=desk)


def test_everybody_who_edited_this_language_or_what_is_shared_and_the_submitter(
    article: Article, desk: factories.Desk
) -> None:
    edit(article, writer("words"), summary_en="Other.")
    edit(article, writer("foreign"), summary_vi="Khác.")
    edit(article, writer("shared"), kind="analysis")
    edit(article, writer("all"), summary_en="More.", summary_vi="Nữa.", machine="assisted")
    factories.cite(article, writer("citing"))
    edit(article, writer("idle"), summary_en="More.")
    assert submitted(article, writer("submitter")) == ["All", "An", "Citing", "Shared", "Submitter", "Words"]
    assert submitted(article, desk.an, "vi") == ["All", "An", "Citing", "Foreign", "Shared"]


def test_a_save_that_changes_nothing_is_no_edit(article: Article) -> None:
    before = Edit.objects.count()
    edit(article, writer("idle"))
    edit(article, writer("idle2"), headline_en="Headline Alpha", kind="news")
    article.set_authors([factories.author()], by=writer("idle3"))
    assert Edit.objects.count() == before


def test_an_edit_names_its_language_and_its_fields(article: Article) -> None:
    by, before = writer("by"), Edit.objects.latest("pk").pk
    edit(article, by, headline_en="H", summary_en="S", body_vi="<p>B</p>", kind="opinion", category=None)
    article.set_authors([], by=by)
    factories.cite(article, by).delete(by=by)
    rows = Edit.objects.filter(pk__gt=before).order_by("pk").values_list("article", "language", "fields", "by")
    assert list(rows) == [
        (article.pk, "vi", ["body_vi"], by.pk),
        (article.pk, "en", ["headline_en", "summary_en"], by.pk),
        (article.pk, "", ["category_id", "kind"], by.pk),
        (article.pk, "", ["authors"], by.pk),
        (article.pk, "", ["citation 2"], by.pk),
        (article.pk, "", ["citation 2"], by.pk),
    ]


def test_edits_made_while_the_first_version_was_in_review_count_for_the_second(
    article: Article, desk: factories.Desk
) -> None:
    submitted(article, desk.an)
    edit(article, writer("meanwhile"), summary_en="Meanwhile.")
    factories.cite(article, writer("citing"))
    approved(article, desk)
    edit(article, writer("after"), summary_en="After.")
    assert submitted(article, desk.an) == ["After", "An", "Citing", "Meanwhile"]


def test_edits_before_the_approved_version_was_frozen_do_not_count(article: Article, desk: factories.Desk) -> None:
    edit(article, writer("early"), summary_en="Early.", kind="analysis")
    assert submitted(article, desk.an) == ["An", "Early"]
    approved(article, desk)
    edit(article, writer("after"), summary_en="After.")
    assert submitted(article, desk.dung) == ["After", "Dung"]


def test_a_version_that_was_never_approved_draws_no_line(article: Article, desk: factories.Desk) -> None:
    edit(article, writer("early"), summary_en="Early.")
    submitted(article, desk.an)
    workflow.request_changes(Publication.objects.get(), by=desk.binh, version=1, note="More.")
    edit(article, writer("after"), summary_en="After.")
    assert submitted(article, desk.dung) == ["After", "An", "Dung", "Early"]


def test_an_approval_that_was_taken_back_draws_no_line(article: Article, desk: factories.Desk) -> None:
    edit(article, writer("early"), summary_en="Early.")
    submitted(article, desk.an)
    approved(article, desk)
    publication = Publication.objects.get()
    workflow.take_back(publication, by=desk.binh, version=1, note="Wrong.")
    workflow.recall(publication, by=desk.an, version=1)
    assert submitted(article, desk.dung) == ["An", "Dung", "Early"]


def test_after_a_later_approval_is_taken_back_the_live_version_draws_the_line(
    article: Article, desk: factories.Desk
) -> None:
    edit(article, writer("early"), summary_en="Early.")
    publication = factories.published(article, desk=desk)
    edit(article, writer("second"), summary_en="Second.")
    factories.approved(article, desk=desk)
    edit(article, writer("third"), summary_en="Third.")
    workflow.take_back(now(publication), by=desk.binh, version=2, note="Wrong.")
    workflow.recall(publication, by=desk.an, version=2)
    assert submitted(article, desk.dung) == ["Dung", "Second", "Third"]


def test_the_version_approved_last_draws_the_line_not_the_live_one(article: Article, desk: factories.Desk) -> None:
    factories.published(article, desk=desk)
    edit(article, writer("second"), summary_en="Second.")
    factories.approved(article, desk=desk)
    edit(article, writer("third"), summary_en="Third.")
    assert submitted(article, desk.dung) == ["Dung", "Third"]


def test_publishing_moves_no_line(article: Article, desk: factories.Desk) -> None:
    factories.approved(article, desk=desk)
    edit(article, writer("between"), summary_en="Between.")
    workflow.publish(Publication.objects.get(), by=desk.chi, version=1)
    assert submitted(article, desk.dung) == ["Between", "Dung"]


def test_an_approval_of_the_other_language_draws_no_line_here(article: Article, desk: factories.Desk) -> None:
    edit(article, writer("shared"), kind="analysis")
    submitted(article, desk.an, "vi")
    approved(article, desk, "vi")
    assert submitted(article, desk.dung) == ["An", "Dung", "Shared"]
    edit(article, writer("later"), machine="assisted")
    assert submitted(article, desk.dung, "vi") == ["Dung", "Later"]


def test_the_byline_counts_by_its_accounts_whoever_typed(article: Article, desk: factories.Desk) -> None:
    factories.author("With Account", user=writer("ghost"))
    article.set_authors(Author.objects.all(), by=desk.an)
    assert submitted(article, desk.an) == ["An", "Ghost"]
    approved(article, desk)
    edit(article, desk.an, summary_en="Second.")
    assert submitted(article, desk.an) == ["An", "Ghost"]  # the line is of edits: a name in the byline stays one


def test_the_edits_of_another_article_do_not_count(article: Article, desk: factories.Desk) -> None:
    other = factories.article(writer("elsewhere"), "Beta")
    edit(other, writer("elsewhere2"), kind="analysis")
    assert submitted(article, desk.an) == ["An"]


def test_names_are_kept_as_they_were(article: Article, desk: factories.Desk) -> None:
    nameless = factories.user("nameless", "Editors")
    User.objects.filter(pk=nameless.pk).update(first_name="", last_name="")
    edit(article, User.objects.get(pk=nameless.pk), summary_en="Other.")
    version = workflow.submit(article, "en", by=desk.an)
    User.objects.filter(pk=desk.an.pk).update(last_name="Renamed", is_active=False)
    version.refresh_from_db()
    assert version.contributors == [
        {"id": desk.an.pk, "name": "An"},
        {"id": nameless.pk, "name": "nameless"},
    ]


@pytest.mark.parametrize("write", ["update", "bulk_update", "bulk_create", "update_or_create", "delete"])
def test_no_queryset_changes_a_working_copy_past_its_history(write: str, article: Article) -> None:
    for rows in (Article.objects.all(), Article.objects.filter(pk=article.pk), article.citations.all()):
        with pytest.raises(TypeError, match=r"save\(by=…\)"):
            getattr(rows, write)()


def test_a_save_without_its_author_is_refused(article: Article) -> None:
    for row in (article, article.citations.get()):
        with pytest.raises(TypeError, match="by"):
            row.save()
