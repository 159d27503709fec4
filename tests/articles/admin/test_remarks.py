"""Notes on the screens: written on the review screen, answered on either, resolved; and no door past an open one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import remarks, workflow
from articles.models import Article, Publication, Remark
from tests import factories
from tests.articles.admin.conftest import Enter, Page, change_url, page, reads_only, review_url, unchanged
from tests.factories import Desk

ONE_OPEN = "1 note is open: resolve it first."


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


@pytest.fixture
def publication(article: Article, desk: Desk) -> Publication:
    return factories.in_review(article, desk=desk)


@pytest.fixture
def note(publication: Publication, desk: Desk) -> Remark:
    return remarks.write(publication, by=desk.binh, version=1, paragraph=1, text="Who says so?")


def note_url(note: Remark, publication: Publication | None = None) -> str:
    return reverse("admin:articles_publication_remark", args=[(publication or note.publication).pk, note.pk])


def said() -> list[tuple[int, str, str, bool]]:
    return [(row.paragraph, row.text, row.by.username, row.resolves) for row in Remark.objects.order_by("pk")]


def of_note(shown: Page, note: Remark) -> str:
    return shown.one("div", id=f"remark-{note.pk}").words


def test_a_reviewer_notes_something_on_a_paragraph(publication: Publication, desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)
    form = page(binh.get(review_url(publication))).form(id="remark-form")
    assert form.pop("csrfmiddlewaretoken")
    assert form == {"version": ["1"], "paragraph": ["0"], "text": [""]}
    response = binh.post(review_url(publication), form | {"paragraph": "2", "text": "Which part?", "remark": "1"})
    note = Remark.objects.get()
    assert response.headers["Location"] == f"{review_url(publication)}#remark-{note.pk}"
    assert said() == [(2, "Which part?", "binh", False)]
    assert "Which part?" in of_note(page(binh.get(review_url(publication))), note)


@pytest.mark.parametrize(
    ("post", "sentence"),
    [
        ({"text": " "}, "Write what you have to say."),
        ({"text": "Typed.", "paragraph": "9"}, "This version has no paragraph 9."),
        ({"text": "Typed.", "version": "2"}, "Version 1 took its place meanwhile. Look again."),
    ],
)
def test_a_note_that_is_refused_is_still_in_its_box(
    post: dict[str, str], sentence: str, publication: Publication, desk: Desk, enter: Enter
) -> None:
    whole = {"remark": "1", "version": "1", "paragraph": "3", "note": "A decision.", **post}
    with unchanged():
        response = enter(desk.binh).post(review_url(publication), whole)
    shown = page(response)
    assert (response.status_code, shown.said("desk-refused")) == (409, [sentence])
    assert shown.one("textarea", id="remark-text").text == whole["text"]
    assert shown.one("textarea", id="note").text == "A decision."
    if whole["paragraph"] == "3":
        assert shown.form(id="remark-form")["paragraph"] == ["3"]


def test_the_author_answers_on_the_article_and_comes_back_to_it(
    note: Remark, article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    shown = page(an.get(change_url(article)))
    assert "1 note on this text is open" in [each.words for each in shown.all("h3")]
    form = shown.form(action=note_url(note))
    assert [each.words for each in shown.all("button", name="resolve")] == []
    response = an.post(note_url(note), form | {"text": "The minutes."})
    assert response.headers["Location"] == f"{change_url(article)}#remark-{note.pk}"
    assert said() == [(1, "Who says so?", "binh", False), (1, "The minutes.", "an", False)]
    assert "The minutes." in of_note(page(enter(desk.binh).get(review_url(note.publication))), note)


def test_a_refused_answer_is_still_in_its_box(note: Remark, desk: Desk, enter: Enter) -> None:
    with unchanged():
        response = enter(desk.an).post(note_url(note), {"text": "I find it fine.", "resolve": "1", "back": "article"})
    shown = page(response)
    assert (response.status_code, shown.said("desk-refused")) == (409, ["Only Reviewers may do this."])
    form = shown.form(action=note_url(note))
    assert (form["text"], form["back"]) == (["I find it fine."], ["article"])


def test_a_resolved_note_is_off_both_screens_and_the_words_can_be_approved(
    note: Remark, article: Article, publication: Publication, desk: Desk, enter: Enter
) -> None:
    binh = enter(desk.binh)
    shown = page(binh.get(review_url(publication)))
    assert "disabled" in shown.one("button", name="approve").attributes
    assert shown.one("p", id="no-approval").words == ONE_OPEN
    response = binh.post(note_url(note), {"text": "", "resolve": "1"})
    assert response.headers["Location"] == f"{review_url(publication)}#remark-{note.pk}"
    shown = page(binh.get(review_url(publication)))
    assert "disabled" not in shown.one("button", name="approve").attributes
    assert shown.all("form", action=note_url(note)) == []
    assert page(enter(desk.an).get(change_url(article))).all("div", id=f"remark-{note.pk}") == []
    seen = shown.form(**{"class": "desk-decision"})
    assert binh.post(review_url(publication), seen | {"approve": "1"}).status_code == 302


def test_no_forged_post_approves_past_an_open_note(
    note: Remark, publication: Publication, desk: Desk, enter: Enter
) -> None:
    seen = factories.seen(publication)
    both = factories.user("both", "Reviewers", "Publishers")
    root = factories.user("root", is_superuser=True)
    for by in (desk.binh, both, root):
        for forged in ({"approve": "1"}, {"approve_and_publish": "1"}, {}, {"resolves": "on", "resolve": "1"}):
            if forged.get("approve_and_publish") and by == desk.binh:
                continue
            with unchanged():
                response = enter(by).post(
                    review_url(publication), {"seen": seen, "version": "1", "note": "Typed.", **forged}
                )
            assert (response.status_code, page(response).said("desk-refused")) == (409, [ONE_OPEN])
            assert page(response).one("textarea", id="note").text == "Typed."


def test_a_note_is_reached_through_its_own_publication_alone(note: Remark, desk: Desk, enter: Enter) -> None:
    other = factories.in_review(factories.article(desk.an, "Beta"), desk=desk)
    answer = remarks.answer(note, by=desk.an, text="So.")
    root = enter(factories.user("root", is_superuser=True))
    for url in (note_url(note, other), note_url(answer), note_url(note).replace(f"/{note.pk}/", "/999999/")):
        with unchanged():
            assert root.get(url).status_code == 404
            assert root.post(url, {"text": "Forged.", "resolve": "1"}).status_code == 404


@pytest.mark.parametrize(
    "forged", [{"by": "1"}, {"thread": "1"}, {"publication": "1"}, {"resolves": "on"}, {"at": "2020-01-01"}]
)
def test_forged_fields_of_a_note_are_not_in_it(
    forged: dict[str, str], publication: Publication, desk: Desk, enter: Enter
) -> None:
    post = {"remark": "1", "version": "1", "paragraph": "0", "text": "Typed.", **forged}
    enter(desk.binh).post(review_url(publication), post)
    note = Remark.objects.get()
    assert (note.by, note.thread, note.publication, note.resolves, note.at.year > 2020) == (
        desk.binh, None, publication, False, True,
    )  # fmt: skip


def test_looking_at_a_note_writes_nothing(note: Remark, desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)
    with unchanged(), reads_only():
        assert binh.get(note_url(note), {"text": "No.", "resolve": "1"}).status_code == 200


def test_who_may_see_nothing_sees_no_note(note: Remark, desk: Desk, enter: Enter) -> None:
    with unchanged():
        assert enter(desk.em).get(note_url(note)).status_code == 403
        assert enter(desk.em).post(note_url(note), {"text": "So."}).status_code == 403


def test_a_note_whose_paragraph_is_gone_is_told_with_its_words(
    note: Remark, article: Article, publication: Publication, desk: Desk, enter: Enter
) -> None:
    workflow.recall(publication, by=desk.an, version=1)
    article.body_en = "<p>Rewritten.</p>"
    article.save(by=desk.an)
    factories.in_review(article, desk=desk)
    told = of_note(page(enter(desk.binh).get(review_url(publication))), note)
    assert "on a paragraph that is gone" in told
    assert "Opening Alpha." in told


def test_the_screens_ask_as_much_of_thirty_notes_as_of_one(
    note: Remark, article: Article, publication: Publication, desk: Desk, enter: Enter
) -> None:
    def asked(client: Client, url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    looks = [(enter(desk.binh), review_url(publication)), (enter(desk.an), change_url(article))]
    looks.append((looks[0][0], note_url(note)))
    _warm = [asked(*look) for look in looks]  # what Django asks once and remembers
    one = [asked(*look) for look in looks]
    for place in range(29):
        by = factories.user(f"reviewer{place}", "Reviewers")
        row = remarks.write(publication, by=by, version=1, paragraph=place % 4, text="And this?")
        remarks.answer(row, by=desk.an, text="So.")
    assert [asked(*look) for look in looks] == one
