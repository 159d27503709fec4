"""The page of each move: looking writes nothing, doing names the version that was looked at, and by whom it may be."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import workflow
from articles.models import Article, Publication, ReviewStatus
from articles.moving import FIELDS
from articles.states import MOVES, Move
from tests import factories
from tests.articles.admin.conftest import Enter, changed, page, reads_only, review_url, unchanged
from tests.factories import Desk

FROM_REVIEW = {Move.RECALL: "an", Move.REQUEST_CHANGES: "binh"}
FROM_APPROVAL = {Move.TAKE_BACK: "binh", Move.PUBLISH: "chi"}
TO_READERS = {Move.CORRECT, Move.SCHEDULE, Move.UNSCHEDULE, Move.WITHDRAW}  # their own tests: test_moves_to_readers.py
BY = FROM_REVIEW | FROM_APPROVAL  # each move with a page of its own, and who makes it


def move_url(publication: Publication, move: str) -> str:
    return reverse("admin:articles_publication_move", args=[publication.pk, move])


def person(desk: Desk, name: str) -> User:
    return getattr(desk, name)


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]  # type: ignore[attr-defined]


def ledger() -> list[tuple[str, str, str]]:
    return [(row.status, row.actor.username, row.note) for row in ReviewStatus.objects.order_by("pk")]


def open_to(move: Move, article: Article, desk: Desk) -> Publication:
    """A publication of which `move` can be made."""
    return (factories.in_review if move in FROM_REVIEW else factories.approved)(article, desk=desk)


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


def test_every_move_but_those_of_another_screen_has_a_page() -> None:
    assert set(FIELDS) == set(BY) | TO_READERS == set(MOVES) - {Move.SUBMIT, Move.APPROVE, Move.REASSESS}


# --- looking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", BY)
def test_looking_at_a_move_writes_nothing_and_says_what_it_does(
    move: Move, article: Article, desk: Desk, enter: Enter
) -> None:
    publication = open_to(move, article, desk)
    client = enter(person(desk, BY[move]))
    with unchanged(), reads_only():
        response = client.get(move_url(publication, move), {"version": "1", "note": "Not now."})
    assert response.status_code == 200
    shown, rule = page(response), MOVES[move]
    assert shown.said("desk-refused") == []
    assert shown.one("h1", **{"class": "desk-title"}).words == "Headline Alpha"
    assert f"English · version 1: {rule.start.label} → {rule.end.label}" in shown.one("body").words
    form = shown.form(**{"class": "desk-decision"})
    form.pop("csrfmiddlewaretoken")
    assert form == {"version": ["1"]} | ({} if move == Move.PUBLISH else {"note": [""]})
    assert shown.one("form", **{"class": "desk-decision"}).words.startswith(
        "Publish" if move == Move.PUBLISH else "Note (required)" if rule.note_required else "Note Recall"
    )


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "move", ["approve", "submit", "reassess", "release", "revert", "delete", "PUBLISH", "review", "take-back"]
)
def test_a_move_without_a_page_is_not_found(move: str, method: str, article: Article, desk: Desk, enter: Enter) -> None:
    publication = factories.in_review(article, desk=desk)
    post = {"version": "1", "note": "Typed.", "seen": factories.seen(publication)}
    with unchanged():
        response = getattr(enter(factories.user("root", is_superuser=True)), method)(move_url(publication, move), post)
    assert response.status_code == 404


@pytest.mark.parametrize("pk", [0, 999, 10**18, 10**30])
def test_a_publication_that_is_not_there_is_not_found(pk: int, article: Article, desk: Desk, enter: Enter) -> None:
    factories.approved(article, desk=desk)
    chi = enter(desk.chi)
    for path in (f"{pk}/publish/do/", f"{pk}/review/", f"{pk}/verify/1/"):
        with unchanged():
            assert chi.get(f"/admin/articles/publication/{path}").status_code == 404
            assert chi.post(f"/admin/articles/publication/{path}", {"version": "1"}).status_code == 404


# --- doing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", BY)
def test_a_move_is_made_recorded_and_told(move: Move, article: Article, desk: Desk, enter: Enter) -> None:
    publication = open_to(move, article, desk)
    before, client = ledger(), enter(person(desk, BY[move]))
    form = page(client.get(move_url(publication, move))).form(**{"class": "desk-decision"})
    note = {} if move == Move.PUBLISH else {"note": "Why it is."}
    response = client.post(move_url(publication, move), changed(form, note))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert told(client.get("/admin/")) == [f"Version 1, English: {MOVES[move].status.label}."]
    assert ledger() == [*before, (MOVES[move].status, BY[move], note.get("note", ""))]
    version = article.versions.get()
    publication.refresh_from_db()
    assert (publication.in_review, publication.approved, publication.live) == {
        Move.RECALL: (None, None, None),
        Move.REQUEST_CHANGES: (None, None, None),
        Move.TAKE_BACK: (version, None, None),
        Move.PUBLISH: (None, None, version),
    }[move]
    assert (publication.state, Client().get("/en/articles/headline-alpha/").status_code) == (
        ("live", 200) if move == Move.PUBLISH else ("never", 404)
    )


@pytest.mark.parametrize("move", BY)
def test_a_move_of_a_version_that_is_out_of_date_is_refused_and_the_note_kept(
    move: Move, article: Article, desk: Desk, enter: Enter
) -> None:
    publication = open_to(move, article, desk)
    client = enter(person(desk, BY[move]))
    old = changed(page(client.get(move_url(publication, move))).form(**{"class": "desk-decision"}), {"note": "Typed."})
    if move in FROM_REVIEW:
        workflow.recall(publication, by=desk.an, version=1)
    article.headline_en = "Newer words"
    article.save(by=desk.an)
    open_to(move, article, desk)
    with unchanged():
        response = client.post(move_url(publication, move), old)
    assert response.status_code == 409
    shown = page(response)
    assert shown.said("desk-refused") == ["Version 2 took its place meanwhile. Look again."]
    assert shown.one("h1", **{"class": "desk-title"}).words == "Newer words"
    renewed = shown.form(**{"class": "desk-decision"})
    assert renewed["version"] == ["2"]
    assert renewed.get("note", ["Typed."]) == ["Typed."]
    assert client.post(move_url(publication, move), renewed).status_code == 302


@pytest.mark.parametrize("version", ["", "0", "2", "-1", "+1", "1.0", " 1", "１", "1\0", "9" * 5000, "one"])
def test_publishing_takes_the_number_of_a_version_never_the_latest(
    version: str, article: Article, desk: Desk, enter: Enter
) -> None:
    publication = factories.approved(article, desk=desk)
    for post in ({"version": version}, {}):
        with unchanged():
            response = enter(desk.chi).post(move_url(publication, "publish"), post)
        assert response.status_code == 409
        assert page(response).said("desk-refused") == ["Version 1 took its place meanwhile. Look again."]


@pytest.mark.parametrize("note", ["", " \n", "\u200b\u202e\0"])
@pytest.mark.parametrize("move", [Move.REQUEST_CHANGES, Move.TAKE_BACK])
def test_a_move_that_wants_a_note_is_refused_without_one(
    move: Move, note: str, article: Article, desk: Desk, enter: Enter
) -> None:
    publication = open_to(move, article, desk)
    with unchanged():
        response = enter(desk.binh).post(move_url(publication, move), {"version": "1", "note": note})
    assert (response.status_code, page(response).said("desk-refused")) == (409, ["Write a note: it says why."])


@pytest.mark.parametrize("name", ["an", "binh", "chi", "dung"])
@pytest.mark.parametrize("move", BY)
def test_a_move_is_refused_to_whom_it_is_not_for(
    move: Move, name: str, article: Article, desk: Desk, enter: Enter
) -> None:
    role = MOVES[move].role
    client = enter(person(desk, name))
    publication = open_to(move, article, desk)
    if person(desk, name).has_perm(f"articles.{role.value}"):
        assert page(client.get(move_url(publication, move))).said("desk-refused") == []
        return
    sentence = f"Only {role.label} may do this."
    with unchanged():
        looked = client.get(move_url(publication, move))
        response = client.post(move_url(publication, move), {"version": "1", "note": "Typed."})
    assert (looked.status_code, page(looked).said("desk-refused")) == (200, [sentence])
    assert (response.status_code, page(response).said("desk-refused")) == (409, [sentence])
    if move != Move.PUBLISH:
        assert page(response).one("textarea", name="note").text.removeprefix("\n") == "Typed."


@pytest.mark.parametrize("move", BY)
def test_a_move_that_is_not_open_now_is_refused_in_a_sentence(
    move: Move, article: Article, desk: Desk, enter: Enter
) -> None:
    publication = (
        factories.approved(article, desk=desk) if move in FROM_REVIEW else factories.in_review(article, desk=desk)
    )
    sentence = (
        "No version of this language is in review."
        if move in FROM_REVIEW
        else "No version of this language is approved and waiting."
    )
    with unchanged():
        response = enter(person(desk, BY[move])).post(move_url(publication, move), {"version": "1", "note": "Typed."})
    assert (response.status_code, page(response).said("desk-refused")) == (409, [sentence])
    assert page(response).all("form", **{"class": "desk-decision"}) == []


def test_a_published_language_is_not_published_over(article: Article, desk: Desk, enter: Enter) -> None:
    publication = factories.published(article, desk=desk)
    article.headline_en = "Newer words"
    article.save(by=desk.an)
    factories.approved(article, desk=desk)
    with unchanged():
        response = enter(desk.chi).post(move_url(publication, "publish"), {"version": "2"})
    assert response.status_code == 409
    assert page(response).said("desk-refused") == [
        "This language is published already. A published text is changed by a correction."
    ]
    assert page(Client().get("/en/articles/headline-alpha/")).one("h1").words == "Headline Alpha"


@pytest.mark.parametrize(
    "forged",
    [
        {"state": "live"},
        {"live": "1", "live_approval": "2"},
        {"digest": "0" * 64},
        {"by": "1", "actor": "1"},
        {"self_review": "on"},
        {"first_published": "2020-01-01"},
        {"stamp": "0"},
        {"seen": "0" * 64, "approve": "1"},
    ],
)
def test_forged_fields_of_a_move_are_not_in_it(
    forged: dict[str, str], article: Article, desk: Desk, enter: Enter
) -> None:
    publication = factories.in_review(article, desk=desk)
    stamp = publication.stamp
    enter(desk.an).post(move_url(publication, "recall"), {"version": "1", "note": "", **forged})
    row = ReviewStatus.objects.latest("pk")
    version = article.versions.get()
    assert (row.status, row.actor, row.digest, row.self_review, row.confidence) == (
        "recalled", desk.an, version.digest, False, None,
    )  # fmt: skip
    publication.refresh_from_db()
    assert (publication.in_review, publication.approved, publication.live, publication.state) == (
        None, None, None, "never",
    )  # fmt: skip
    assert publication.stamp > stamp


def test_who_may_see_nothing_is_turned_away_from_every_page_of_a_publication(
    article: Article, desk: Desk, enter: Enter
) -> None:
    publication = factories.in_review(article, desk=desk)
    em = enter(desk.em)
    urls = [review_url(publication), reverse("admin:articles_publication_verify", args=[publication.pk, 1])]
    for url in [*urls, *(move_url(publication, move) for move in BY)]:
        with unchanged():
            assert em.get(url).status_code == 403
            assert em.post(url, {"version": "1", "note": "Typed.", "checked": "Read."}).status_code == 403


def test_the_page_of_a_move_asks_the_same_whatever_the_desk_holds(article: Article, desk: Desk, enter: Enter) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert chi.get(move_url(publication, "publish")).status_code == 200
        return len(queries)

    publication, chi = factories.approved(article, desk=desk), enter(desk.chi)
    one = asked()
    for number in range(10):
        factories.approved(factories.article(desk.an, f"Beta{number}"), desk=desk)
    assert asked() == one == 6
