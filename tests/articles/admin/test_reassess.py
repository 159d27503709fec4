"""The screen of a reassessment: workings before and after, a note to readers, and never another word."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import standing
from articles.models import Article, Publication, ReviewStatus, Verification
from articles.states import Move
from sources.models import SourceAssessment
from tests import factories
from tests.articles.admin.conftest import Enter, change_url, changed, page, reads_only, unchanged
from tests.factories import Desk

NOTHING_NEW = "Nothing has changed since: the sources' records and the verifications are those of the last assessment."


@pytest.fixture
def publication(desk: Desk) -> Publication:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    return factories.published(article, desk=desk)


def url_of(publication: Publication) -> str:
    return reverse("admin:articles_publication_reassess", args=[publication.pk])


def another_tier(desk: Desk) -> None:
    SourceAssessment(source=factories.source(), tier=2, assessor=desk.chi, review_by=date(2030, 1, 1)).save()


def test_the_move_leads_to_this_screen(publication: Publication) -> None:
    assert standing.move_url(publication, Move.REASSESS) == url_of(publication)


def test_a_reassessment_gives_the_live_words_the_workings_on_the_screen(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    another_tier(desk)
    binh = enter(desk.binh)
    shown = page(binh.get(url_of(publication)))
    assert [words.partition(" ")[0] for words in shown.said("desk-number")] == ["58%", "50%"]
    assert [each.words for each in shown.all("li") if "→ +" in each.text] == [
        "[1] +25: tier 1, first-hand, not yet verified by us → +17: tier 2, first-hand, not yet verified by us"
    ]
    form = changed(shown.form(**{"class": "desk-decision desk-wide"}), {"note": "Its tier changed."})
    response = binh.post(url_of(publication), form)
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    row = ReviewStatus.objects.latest("pk")
    before = publication.live
    publication.refresh_from_db()
    assert (row.status, row.actor, row.note) == ("reassessed", desk.binh, "Its tier changed.")
    assert (publication.live_approval, publication.live) == (row, before)
    assert publication.reading().workings.percent == 50


def test_looking_writes_nothing_and_shows_the_live_words_as_readers_see_them(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    another_tier(desk)
    binh = enter(desk.binh)
    with unchanged(), reads_only():
        shown = page(binh.get(url_of(publication), {"note": "No.", "seen": "0"}))
        frame = page(binh.get(shown.one("iframe")["src"]))
    assert frame.one("h1").words == "Headline Alpha"
    assert "58% confidence" in [each.words for each in frame.all("dt")]
    assert "Not reviewed" not in [each.words for each in frame.all("dt")]


@pytest.mark.parametrize("note", ["", " \n", "\u200b"])
def test_without_a_note_to_readers_it_is_refused(note: str, publication: Publication, desk: Desk, enter: Enter) -> None:
    another_tier(desk)
    binh = enter(desk.binh)
    form = changed(page(binh.get(url_of(publication))).form(**{"class": "desk-decision desk-wide"}), {"note": note})
    with unchanged():
        response = binh.post(url_of(publication), form)
    assert (response.status_code, page(response).said("desk-refused")) == (409, ["Write a note: it says why."])


def test_what_changed_meanwhile_is_not_reassessed_unseen_and_the_note_is_kept(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    another_tier(desk)
    binh = enter(desk.binh)
    old = changed(page(binh.get(url_of(publication))).form(**{"class": "desk-decision desk-wide"}), {"note": "Typed."})
    SourceAssessment(source=factories.source(), tier=3, assessor=desk.chi, review_by=date(2030, 1, 1)).save()
    for forged in ({}, {"seen": ["0" * 64]}, {"seen": ["\0"]}):
        with unchanged():
            response = binh.post(url_of(publication), old | forged)
        assert response.status_code == 409
        assert page(response).said("desk-refused")[0].startswith("Something changed while you were reading.")
    renewed = page(response).form(**{"class": "desk-decision desk-wide"})
    assert renewed["note"] == ["Typed."]
    assert binh.post(url_of(publication), renewed).status_code == 302


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("an", "Only Reviewers may do this."),
        ("chi", "Only Reviewers may do this."),
        ("root", "You contributed to this version, so somebody else has to reassess it."),
    ],
)
def test_it_is_refused_to_whom_it_is_not_for(name: str, sentence: str, desk: Desk, enter: Enter) -> None:
    root = factories.user("root", is_superuser=True)
    article = factories.article(root)
    factories.cite(article, desk.an)
    publication = factories.published(article, desk=desk)
    another_tier(desk)
    client = enter(root if name == "root" else getattr(desk, name))
    button = [each for each in page(client.get(url_of(publication))).all("button") if each.words == "Reassess"]
    assert ["disabled" in each.attributes for each in button] == [True]
    with unchanged():
        response = client.post(url_of(publication), {"seen": "", "note": "Typed."})
    assert (response.status_code, page(response).said("desk-refused")) == (409, [sentence])


def test_where_nothing_changed_there_is_nothing_to_reassess(publication: Publication, desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)
    assert page(binh.get(url_of(publication))).one("p", id="no-reassessment").words == NOTHING_NEW
    with unchanged():
        response = binh.post(url_of(publication), {"seen": "", "note": "Typed."})
    assert (response.status_code, page(response).said("desk-refused")) == (409, [NOTHING_NEW])


def test_what_is_not_live_is_not_reassessed(desk: Desk, enter: Enter) -> None:
    publication = factories.approved(factories.article(desk.an, kind="opinion"), desk=desk)
    with unchanged():
        response = enter(desk.binh).post(url_of(publication), {"seen": "", "note": "Typed."})
    assert (response.status_code, page(response).said("desk-refused")) == (409, ["Nothing of this language is live."])


# --- verifying what is live --------------------------------------------------------------------------


def test_a_citation_of_the_live_words_is_verified_here_and_counts_with_the_reassessment(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    binh = enter(desk.binh)
    verify = reverse("admin:articles_publication_verify", args=[publication.pk, 1])
    response = binh.post(verify, page(binh.get(url_of(publication))).form(action=verify))
    assert response.headers["Location"] == f"{url_of(publication)}#citation-1"
    assert Verification.objects.get().by == desk.binh
    assert publication.reading().workings.percent == 58
    shown = page(binh.get(url_of(publication)))
    assert [words.partition(" ")[0] for words in shown.said("desk-number")] == ["58%", "83%"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("an", "You contributed to this article, so somebody else has to verify its citations."),
        ("chi", "Only Reviewers may do this."),
        ("contributor", "You contributed to this article, so somebody else has to verify its citations."),
    ],
)
def test_the_live_words_are_verified_by_whom_the_words_in_review_would_be(
    name: str, sentence: str, publication: Publication, desk: Desk, enter: Enter
) -> None:
    article = Article.objects.get()
    article.summary_vi = "Of the other language."
    article.save(by=desk.dung)
    client = enter(desk.dung if name == "contributor" else getattr(desk, name))
    verify = reverse("admin:articles_publication_verify", args=[publication.pk, 1])
    assert page(client.get(url_of(publication))).all("form", action=verify) == []
    with unchanged():
        client.post(verify, {"version": "1", "checked": "Read.", "reassess": "1"})
    assert [str(message) for message in client.get("/admin/").context["messages"]] == [sentence]


def test_the_article_leads_there_even_while_nothing_has_changed(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    shown = page(enter(desk.binh).get(change_url(publication.article)))
    assert [each["href"] for each in shown.all("a") if each.words == "Reassess…"] == [url_of(publication)]


def test_the_screen_asks_as_much_of_thirty_citations_as_of_one(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    other = factories.article(desk.an, "Beta")
    for place in range(30):
        factories.cite(other, desk.an, factories.source(f"made{place}"))
    counts, binh = [], enter(desk.binh)
    for each in (publication, factories.published(other, desk=desk)):
        with CaptureQueriesContext(connection) as queries:
            assert binh.get(url_of(each)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
