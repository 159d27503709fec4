"""Two people at the same moment, to the approval: one is first, the other is told so, nothing is half."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event, current_thread

import pytest
from django.utils import translation

from articles import workflow
from articles.freezing import freeze
from articles.models import Address, Article, Author, Citation, Edit, Publication, ReviewStatus, Version
from articles.states import Status
from tests import factories
from tests.articles.racing import DONE, LONGEST, PATIENCE, Step, at_once, broken, overtaken, told
from tests.articles.steps import edit, ledger, now

pytestmark = pytest.mark.django_db(transaction=True)

NONE_IN_REVIEW = "No version of this language is in review."
NONE_APPROVED = "No version of this language is approved and waiting."


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    return factories.desk()


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    row = factories.article(desk.an)
    for slug in ("one", "two", "three"):
        factories.cite(row, desk.an, factories.source(slug))
    return row


@pytest.fixture
def publication(article: Article, desk: factories.Desk) -> Publication:
    return factories.in_review(article, desk=desk)


@pytest.fixture
def approving(publication: Publication, desk: factories.Desk) -> Step:
    seen = factories.seen(publication)
    return lambda: workflow.approve(publication, by=desk.binh, seen=seen)


@pytest.fixture
def approving_too(publication: Publication, desk: factories.Desk) -> Step:
    seen = factories.seen(publication)
    return lambda: workflow.approve(publication, by=desk.dung, seen=seen)


in_the_middle = pytest.mark.parametrize("at", ["refusal", "_record"])  # the row is held; all is checked

# --- one publication ---------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["refusal", "screen_hash", "_record"])
def test_of_two_approvals_one_is_recorded(
    at: str, approving: Step, approving_too: Step, publication: Publication, desk: factories.Desk
) -> None:
    assert overtaken(approving, approving_too, at=at) == (DONE, NONE_IN_REVIEW)
    assert ledger("status", "actor__username") == [("submitted", "an"), ("approved", "binh")]
    assert now(publication).approved == publication.in_review


@in_the_middle
def test_a_recall_in_the_middle_of_an_approval_is_too_late(
    at: str, approving: Step, publication: Publication, desk: factories.Desk
) -> None:
    recalling = lambda: workflow.recall(publication, by=desk.an, version=1)  # noqa: E731
    assert overtaken(approving, recalling, at=at) == (DONE, NONE_IN_REVIEW)
    assert ledger("status") == [("submitted",), ("approved",)]


@in_the_middle
def test_an_approval_in_the_middle_of_a_recall_is_too_late(
    at: str, approving: Step, publication: Publication, desk: factories.Desk
) -> None:
    recalling = lambda: workflow.recall(publication, by=desk.an, version=1)  # noqa: E731
    assert overtaken(recalling, approving, at=at) == (DONE, NONE_IN_REVIEW)
    assert ledger("status") == [("submitted",), ("recalled",)]
    assert now(publication).approved is None


@in_the_middle
def test_of_two_publications_one_is_recorded(at: str, publication: Publication, desk: factories.Desk) -> None:
    factories.approve(publication, desk=desk)
    other = factories.user("other", "Publishers")
    outcomes = overtaken(
        lambda: workflow.publish(publication, by=desk.chi, version=1),
        lambda: workflow.publish(publication, by=other, version=1),
        at=at,
    )
    assert outcomes == (DONE, NONE_APPROVED)
    assert ledger("status", "actor__username")[2:] == [("published", "chi")]
    assert now(publication).first_published == now(publication).last_published is not None


@in_the_middle
@pytest.mark.parametrize("first", ["take back", "publish"])
def test_an_approval_is_either_taken_back_or_published(
    first: str, at: str, publication: Publication, desk: factories.Desk
) -> None:
    factories.approve(publication, desk=desk)
    steps: dict[str, Step] = {
        "take back": lambda: workflow.take_back(publication, by=desk.binh, version=1, note="Wrong."),
        "publish": lambda: workflow.publish(publication, by=desk.chi, version=1),
    }
    one, other = sorted(steps, key=lambda name: name != first)
    assert overtaken(steps[one], steps[other], at=at) == (DONE, NONE_APPROVED)
    recorded = {"take back": Status.APPROVAL_WITHDRAWN, "publish": Status.PUBLISHED}[first]
    assert ledger("status")[2:] == [(recorded,)]
    assert (now(publication).live is None) == (first == "take back")


@in_the_middle
def test_a_verification_in_the_middle_of_an_approval_is_too_late_and_not_in_it(
    at: str, approving: Step, publication: Publication, desk: factories.Desk
) -> None:
    verifying = lambda: workflow.verify(publication, by=desk.dung, version=1, number=1, checked="Read.")  # noqa: E731
    assert overtaken(approving, verifying, at=at) == (DONE, NONE_IN_REVIEW)
    approval = ReviewStatus.objects.get(status=Status.APPROVED)
    assert [cited["verified"] for cited in (approval.confidence or {})["citations"]] == [None, None, None]
    assert publication.article.verifications.count() == 0


def test_a_verification_ahead_of_an_approval_refuses_it(
    approving: Step, publication: Publication, desk: factories.Desk
) -> None:
    verifying = lambda: workflow.verify(publication, by=desk.dung, version=1, number=1, checked="Read.")  # noqa: E731
    assert overtaken(verifying, approving, at="content_hash") == (
        DONE,
        "Something changed while you were reading. Look again, then approve.",
    )
    assert ledger("status") == [("submitted",)]


def test_the_stamp_refuses_where_no_row_was_locked(
    approving: Step, publication: Publication, desk: factories.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the row of an earlier moment held, nothing would be written on its word."""
    held = workflow._held
    earlier = Publication.objects.select_related("article", "in_review").get(pk=publication.pk)
    workflow.recall(publication, by=desk.an, version=1)
    before = (ledger("pk"), now(publication))
    monkeypatch.setattr(workflow, "_held", lambda *args: earlier)
    assert told(approving) == "Somebody else moved this article at the same moment. Look again."
    monkeypatch.setattr(workflow, "_held", held)
    assert (ledger("pk"), now(publication)) == before


# --- submitting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["submittable", "contributors", "_record"])
def test_of_two_first_submissions_of_an_article_one_is_recorded(
    at: str, article: Article, desk: factories.Desk
) -> None:
    submitting = [
        lambda by=by: workflow.submit(Article.objects.get(pk=article.pk), "en", by=by) for by in (desk.an, desk.dung)
    ]
    assert overtaken(*submitting, at=at) == (DONE, "Version 1 is in review already. Recall it first.")
    assert ledger("status", "actor__username") == [("submitted", "an")]
    assert (Version.objects.count(), Publication.objects.count(), Address.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("at", ["submittable", "contributors", "_record"])
def test_both_languages_are_submitted_at_once(at: str, article: Article, desk: factories.Desk) -> None:
    submitting = [lambda code=code: workflow.submit(article, code, by=desk.an) for code in ("vi", "en")]
    assert overtaken(*submitting, at=at) == (DONE, DONE)
    stamps = list(Publication.objects.order_by("pk").values_list("language", "stamp"))
    assert [language for language, stamp in stamps if stamp] == ["vi", "en"]
    assert broken() == []


@pytest.mark.parametrize("at", ["submittable", "contributors", "_record"])
def test_of_two_articles_one_gets_the_address(at: str, article: Article, desk: factories.Desk) -> None:
    other = factories.article(desk.an, "Beta", slug_en="headline-alpha")
    outcomes = overtaken(
        lambda: workflow.submit(article, "en", by=desk.an), lambda: workflow.submit(other, "en", by=desk.an), at=at
    )
    taken = "The address “headline-alpha” belongs to another article. Choose another one."
    assert sorted(outcomes) == sorted([DONE, taken])
    [address] = Address.objects.all()
    [version] = Version.objects.all()
    assert (version.slug, version.article) == ("headline-alpha", address.article)
    assert list(Publication.objects.values_list("article", "in_review")) == [(version.article_id, version.pk)]


# --- editing meanwhile -------------------------------------------------------------------------------


@in_the_middle
def test_an_edit_in_the_middle_of_an_approval_leaves_the_approved_words_as_submitted(
    at: str, approving: Step, publication: Publication, desk: factories.Desk
) -> None:
    before = Version.objects.values().get()
    article = publication.article

    def editing() -> None:
        edit(article, desk.an, headline_en="Never seen", body_en="<p>Never seen.</p>", kind="opinion")
        article.citations.get(key=1).delete(by=desk.an)

    assert overtaken(approving, editing, at=at) == (DONE, DONE)
    assert Version.objects.values().get() == before
    approved = now(publication).approved
    assert approved is not None
    assert (approved.headline, approved.computed_digest()) == ("Headline Alpha", approved.digest)
    assert Article.objects.get(pk=article.pk).headline_en == "Never seen"
    assert ReviewStatus.objects.get(status=Status.APPROVED).digest == approved.digest


def saves(article: Article, desk: factories.Desk) -> None:
    edit(article, desk.dung, summary_en="By Dung.")


def cites(article: Article, desk: factories.Desk) -> None:
    factories.cite(Article.objects.get(pk=article.pk), desk.dung)


def changes_a_citation(article: Article, desk: factories.Desk) -> None:
    citation = Citation.objects.select_related("article").get(article=article, key=1)
    citation.quote = "By Dung."
    citation.save(by=desk.dung)


def deletes_a_citation(article: Article, desk: factories.Desk) -> None:
    Citation.objects.select_related("article").get(article=article, key=1).delete(by=desk.dung)


def names_an_author(article: Article, desk: factories.Desk) -> None:
    row = Article.objects.get(pk=article.pk)
    row.set_authors(Author.objects.filter(name="By Dung"), by=desk.dung)


EDITS = [saves, cites, changes_a_citation, deletes_a_citation, names_an_author]


@pytest.mark.parametrize("editing", EDITS, ids=lambda editing: editing.__name__)
@pytest.mark.parametrize("at", ["submittable", "contributors", "translated_from", "_record"])
def test_an_edit_in_the_middle_of_a_submission_is_in_the_version_with_its_editor_or_in_neither(
    at: str, editing: Callable[[Article, factories.Desk], None], article: Article, desk: factories.Desk
) -> None:
    factories.author("By Dung")
    before = freeze(article, "en").version.digest
    assert overtaken(lambda: workflow.submit(article, "en", by=desk.an), lambda: editing(article, desk), at=at) == (
        DONE,
        DONE,
    )
    after = freeze(Article.objects.get(pk=article.pk), "en").version.digest
    assert before != after
    first = Version.objects.get()
    names = [person["name"] for person in first.contributors]
    assert (first.digest, names) in [(before, ["An"]), (after, ["An", "Dung"])]
    if first.digest == before:
        assert_counts_for_the_next(article, desk)


def assert_counts_for_the_next(article: Article, desk: factories.Desk) -> None:
    factories.approve(Publication.objects.get(), desk=desk)
    second = workflow.submit(Article.objects.get(pk=article.pk), "en", by=desk.an)
    assert [person["name"] for person in second.contributors] == ["An", "Dung"]


@pytest.mark.parametrize("editing", EDITS, ids=lambda editing: editing.__name__)
def test_a_submission_in_the_middle_of_an_edit_loses_no_contributor(
    editing: Callable[[Article, factories.Desk], None],
    article: Article,
    desk: factories.Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The edit has its number, nothing is committed; another edit gets a later number and is; then it is submitted."""
    factories.author("By Dung")
    written, go_on = Event(), Event()
    original = Edit.save

    def stopping(self: Edit, **options: object) -> None:
        original(self, **options)
        if current_thread().name.startswith("first") and not written.is_set():
            written.set()
            assert go_on.wait(LONGEST)

    monkeypatch.setattr(Edit, "save", stopping)
    before = freeze(article, "en").version.digest

    def submitting() -> None:
        Edit.objects.create(article=article, language="vi", fields=["summary_vi"], by=desk.an)
        workflow.submit(article, "en", by=desk.an)

    with ThreadPoolExecutor(1, "first") as one, ThreadPoolExecutor(1, "second") as other:
        ahead = one.submit(told, lambda: editing(article, desk))
        assert written.wait(LONGEST), ahead.result(0)
        behind = other.submit(told, submitting)
        wait([behind], PATIENCE)
        go_on.set()
        assert (ahead.result(LONGEST), behind.result(LONGEST)) == (DONE, DONE)
    first = Version.objects.get()
    names = [person["name"] for person in first.contributors]
    assert names == ["An"] if first.digest == before else names == ["An", "Dung"]
    if first.digest == before:
        assert_counts_for_the_next(article, desk)


def test_a_verification_beside_the_submission_of_the_other_language_waits_for_nothing_that_waits_for_it(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    outcomes = overtaken(
        lambda: workflow.verify(publication, by=desk.dung, version=1, number=1, checked="Read."),
        lambda: workflow.submit(article, "vi", by=desk.an),
        at="content_hash",
    )
    assert outcomes == (DONE, DONE)
    assert (article.verifications.count(), Version.objects.count()) == (1, 2)


# --- all together ------------------------------------------------------------------------------------


def test_the_ledger_stays_one_chain_under_many_articles_at_once(desk: factories.Desk) -> None:
    articles = [factories.article(desk.an, f"Number {count}") for count in range(4)]
    steps: list[Step] = [
        lambda article=article, code=code: workflow.submit(article, code, by=desk.an)
        for article in articles
        for code in ("vi", "en")
    ]
    assert at_once(*steps) == [DONE] * 8
    assert broken() == []
    assert Version.objects.count() == ReviewStatus.objects.count() == 8
    assert set(Publication.objects.values_list("in_review", flat=True)) == set(
        Version.objects.values_list("pk", flat=True)
    )


def test_of_many_at_once_one_approval_is_recorded(publication: Publication, desk: factories.Desk) -> None:
    seen = factories.seen(publication)
    people = [factories.user(f"reviewer{count}", "Reviewers") for count in range(5)]
    steps: list[Step] = [lambda by=by: workflow.approve(publication, by=by, seen=seen) for by in people]
    recalling: Step = lambda: workflow.recall(publication, by=desk.an, version=1)  # noqa: E731
    assert sorted(at_once(*steps, recalling)) == [NONE_IN_REVIEW] * 5 + [DONE]
    assert ReviewStatus.objects.count() == 2
    assert broken() == []


def test_of_many_at_once_one_submission_gets_the_address(desk: factories.Desk) -> None:
    articles = [factories.article(desk.an, f"Number {count}", slug_en="the-same") for count in range(5)]
    steps: list[Step] = [lambda article=article: workflow.submit(article, "en", by=desk.an) for article in articles]
    taken = "The address “the-same” belongs to another article. Choose another one."
    assert sorted(at_once(*steps)) == [taken] * 4 + [DONE]
    assert (Version.objects.count(), Address.objects.count(), Publication.objects.count()) == (1, 1, 1)
